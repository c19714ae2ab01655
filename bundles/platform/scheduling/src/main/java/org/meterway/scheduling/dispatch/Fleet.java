// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The meters by index, with what was learned of each one's link, in arrays. Indexes are never reused. Used by the thread of the
 * dispatcher only.
 */
public final class Fleet {
    private static final int NONE = -1;

    private final Map<String, Integer> zoneNumbers = new HashMap<>();
    private final List<String> zoneNames = new ArrayList<>();
    private int size;
    private String[] ids;
    private int[] table;
    private int[] zone;
    private byte[] flags;
    /** Smoothed and least round-trip time in ms; 0 for not known. */
    private float[] roundTrip;

    private float[] leastRoundTrip;
    /** Share of attempts unanswered, smoothed. */
    private float[] loss;

    private byte[] streak;
    /** Seconds since 1970. */
    private int[] blockedUntil;

    private int[] failedAt;
    private int[] heardAt;
    private int[] wokeAt;
    private int[] wakesEvery;

    private static final byte BUSY = 1;
    private static final byte RETIRED = 2;
    private static final byte STANDING_SHIFT = 2;
    private static final byte STANDING = 0b1100;

    /** @param expected how many meters to make room for */
    public Fleet(int expected) {
        int room = Math.max(16, expected);
        ids = new String[room];
        zone = new int[room];
        flags = new byte[room];
        roundTrip = new float[room];
        leastRoundTrip = new float[room];
        loss = new float[room];
        streak = new byte[room];
        blockedUntil = new int[room];
        failedAt = new int[room];
        heardAt = new int[room];
        wokeAt = new int[room];
        wakesEvery = new int[room];
        table = new int[Integer.highestOneBit(room) * 4];
        Arrays.fill(table, NONE);
    }

    public int size() {
        return size;
    }

    public int zones() {
        return zoneNames.size();
    }

    public String id(int meter) {
        return ids[meter];
    }

    public int zone(int meter) {
        return zone[meter];
    }

    public String zoneName(int number) {
        return zoneNames.get(number);
    }

    /** The number of a zone, or −1 if no meter was ever in it. */
    public int zoneOf(String name) {
        return zoneNumbers.getOrDefault(name, NONE);
    }

    /** The index of a meter, or −1. */
    public int indexOf(String id) {
        int mask = table.length - 1;
        for (int slot = spread(id) & mask; table[slot] != NONE; slot = (slot + 1) & mask) {
            if (ids[table[slot]].equals(id)) {
                return table[slot];
            }
        }
        return NONE;
    }

    /** Adds a meter or moves it to another zone; gives its index. */
    public int put(String id, String zoneName) {
        int known = indexOf(id);
        int number = zoneNumbers.computeIfAbsent(zoneName, name -> {
            zoneNames.add(name);
            return zoneNames.size() - 1;
        });
        if (known != NONE) {
            zone[known] = number;
            return known;
        }
        if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        zone[size] = number;
        insert(size);
        return size++;
    }

    private void grow() {
        int room = size + (size >> 1);
        ids = Arrays.copyOf(ids, room);
        zone = Arrays.copyOf(zone, room);
        flags = Arrays.copyOf(flags, room);
        roundTrip = Arrays.copyOf(roundTrip, room);
        leastRoundTrip = Arrays.copyOf(leastRoundTrip, room);
        loss = Arrays.copyOf(loss, room);
        streak = Arrays.copyOf(streak, room);
        blockedUntil = Arrays.copyOf(blockedUntil, room);
        failedAt = Arrays.copyOf(failedAt, room);
        heardAt = Arrays.copyOf(heardAt, room);
        wokeAt = Arrays.copyOf(wokeAt, room);
        wakesEvery = Arrays.copyOf(wakesEvery, room);
        if (room * 2 > table.length) {
            table = new int[table.length * 2];
            Arrays.fill(table, NONE);
            for (int meter = 0; meter < size; meter++) {
                insert(meter);
            }
        }
    }

    private void insert(int meter) {
        int mask = table.length - 1;
        int slot = spread(ids[meter]) & mask;
        while (table[slot] != NONE) {
            slot = (slot + 1) & mask;
        }
        table[slot] = meter;
    }

    private static int spread(String id) {
        int hash = id.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    boolean busy(int meter) {
        return (flags[meter] & BUSY) != 0;
    }

    void busy(int meter, boolean now) {
        flag(meter, BUSY, now);
    }

    public boolean retired(int meter) {
        return (flags[meter] & RETIRED) != 0;
    }

    public void retired(int meter, boolean now) {
        flag(meter, RETIRED, now);
    }

    private void flag(int meter, byte flag, boolean now) {
        flags[meter] = (byte) (now ? flags[meter] | flag : flags[meter] & ~flag);
    }

    /** How it stood last; READY before anything was heard. */
    public Standing standing(int meter) {
        return Standing.values()[(flags[meter] & STANDING) >> STANDING_SHIFT];
    }

    void standing(int meter, Standing now) {
        flags[meter] = (byte) (flags[meter] & ~STANDING | now.ordinal() << STANDING_SHIFT);
    }

    /** Smoothed round-trip time in ms; 0 while none is known. */
    public double roundTripMillis(int meter) {
        return roundTrip[meter];
    }

    /** The least round-trip time in ms, slowly forgotten; 0 while none is known. */
    public double leastRoundTripMillis(int meter) {
        return leastRoundTrip[meter];
    }

    /** Smoothed share of attempts that were not answered, 0–1. */
    public double loss(int meter) {
        return loss[meter];
    }

    /** How many attempts in a row were not answered, at most 127. */
    public int streak(int meter) {
        return streak[meter];
    }

    /** When something was heard of it last, ms since 1970; 0 for never. */
    public long heardAt(int meter) {
        return heardAt[meter] * 1000L;
    }

    /** How often it wakes, in ms; 0 while it is not known. */
    public long wakesEveryMillis(int meter) {
        return wakesEvery[meter] * 1000L;
    }

    /** When it woke last, ms since 1970; 0 for never. */
    public long wokeAt(int meter) {
        return wokeAt[meter] * 1000L;
    }

    /** Until when it is left in peace, ms since 1970; in the past or 0 if it is not. */
    public long blockedUntil(int meter) {
        return blockedUntil[meter] * 1000L;
    }

    void blockUntil(int meter, long until) {
        blockedUntil[meter] = (int) ((until + 999) / 1000);
    }

    long failedAt(int meter) {
        return failedAt[meter] * 1000L;
    }

    void heard(int meter, long now) {
        heardAt[meter] = (int) (now / 1000);
    }

    void woke(int meter, long now) {
        int seconds = (int) (now / 1000);
        if (wokeAt[meter] > 0 && seconds - wokeAt[meter] > 1) {
            int span = seconds - wokeAt[meter];
            wakesEvery[meter] = wakesEvery[meter] == 0 ? span : (3 * wakesEvery[meter] + span) / 4;
        }
        wokeAt[meter] = seconds;
    }

    void answered(int meter, long now, double millis) {
        heard(meter, now);
        streak[meter] = 0;
        blockedUntil[meter] = 0;
        loss[meter] *= 0.9f;
        float sample = (float) Math.max(0.1, millis);
        roundTrip[meter] = roundTrip[meter] == 0 ? sample : roundTrip[meter] + (sample - roundTrip[meter]) / 8;
        leastRoundTrip[meter] = leastRoundTrip[meter] == 0 ? sample : Math.min(leastRoundTrip[meter] * 1.02f, sample);
    }

    void unanswered(int meter, long now) {
        if (streak[meter] < 127) {
            streak[meter]++;
        }
        failedAt[meter] = (int) (now / 1000);
        loss[meter] += (1 - loss[meter]) * 0.1f;
    }

    /** Takes over what another fleet has learned of a meter, for a rehearsal. */
    public void learnFrom(Fleet other, int theirs, int mine) {
        flags[mine] = (byte) (other.flags[theirs] & ~BUSY);
        roundTrip[mine] = other.roundTrip[theirs];
        leastRoundTrip[mine] = other.leastRoundTrip[theirs];
        loss[mine] = other.loss[theirs];
        streak[mine] = other.streak[theirs];
        blockedUntil[mine] = other.blockedUntil[theirs];
        failedAt[mine] = other.failedAt[theirs];
        heardAt[mine] = other.heardAt[theirs];
        wokeAt[mine] = other.wokeAt[theirs];
        wakesEvery[mine] = other.wakesEvery[theirs];
    }
}
