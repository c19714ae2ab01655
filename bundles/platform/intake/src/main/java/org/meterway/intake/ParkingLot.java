// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.ParkedEntry;
import org.meterway.api.store.ParkedFrame;

/**
 * Which frames are parked, in short, and those refused that wait to be written. Everything is bounded: the oldest give way and are
 * counted; a message that was accepted stays in the store all the same and is found by a replay. Thread-safe; {@link #plan} to
 * {@link #written} is for the settler.
 */
final class ParkingLot {
    private static final int WAITING_MESSAGES = 5_000;
    private static final long WAITING_BYTES = 8L << 20;
    private static final int FRAME_BYTES = 1 << 20;

    private final Limits limits;
    private final ArrayDeque<Draft> waiting = new ArrayDeque<>();
    private final Map<Long, ParkedEntry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> refusedOf = new HashMap<>();
    private final Set<Long> forgotten = new HashSet<>();
    private long waitingBytes;
    private long refusedBytes;
    private int refused;
    private long next = 1;
    private long dropped;
    private long decoded;

    ParkingLot(Limits limits) {
        this.limits = limits;
    }

    /** A frame to be parked, still without a number; the parts are those of {@link ParkedFrame}. */
    record Draft(
            long message,
            Frame frame,
            String codec,
            String codecVersion,
            String field,
            int offset,
            String reason,
            Map<String, Long> invocations) {
        ParkedFrame numbered(long number) {
            return new ParkedFrame(number, message, frame, codec, codecVersion, field, offset, reason, invocations);
        }
    }

    /**
     * What a settlement is to write.
     *
     * @param taken how many of those waiting it has
     * @param frames to write, new ones and changed ones
     * @param removed numbers to forget
     * @param dropped how many of those give way to others
     */
    record Plan(int taken, List<ParkedFrame> frames, List<Long> removed, int dropped) {
        boolean isEmpty() {
            return frames.isEmpty() && removed.isEmpty();
        }
    }

    /** A frame was refused: it is parked with the next settlement, unless too many wait. */
    synchronized void offer(Draft draft) {
        int bytes = draft.frame().bytes().length;
        if (bytes > FRAME_BYTES || waiting.size() >= WAITING_MESSAGES || waitingBytes + bytes > WAITING_BYTES) {
            dropped++;
        } else {
            waiting.add(draft);
            waitingBytes += bytes;
        }
    }

    /** A person gives a frame up: it goes with the next settlement. Returns whether it is there. */
    synchronized boolean forget(long number) {
        return entries.containsKey(number) && forgotten.add(number);
    }

    /** Whether the next settlement has something to write here. */
    synchronized boolean hasWaiting() {
        return !waiting.isEmpty() || !forgotten.isEmpty();
    }

    /** Begins anew with what the store has. */
    synchronized void load(List<ParkedEntry> stored) {
        entries.clear();
        forgotten.clear();
        refusedOf.clear();
        refused = 0;
        refusedBytes = 0;
        next = 1;
        stored.forEach(this::add);
    }

    private void add(ParkedEntry entry) {
        if (entries.put(entry.number(), entry) == null && entry.message() == 0) {
            refused++;
            refusedBytes += entry.bytes();
            refusedOf.merge(entry.meter(), 1, Integer::sum);
        }
        next = Math.max(next, entry.number() + 1);
    }

    private void remove(long number) {
        ParkedEntry entry = entries.remove(number);
        if (entry != null && entry.message() == 0) {
            refused--;
            refusedBytes -= entry.bytes();
            refusedOf.computeIfPresent(entry.meter(), (meter, count) -> count == 1 ? null : count - 1);
        }
    }

    /**
     * What to write now; nothing is changed until {@link #written}.
     *
     * @param undecoded messages that no codec decoded
     * @param changed parked frames whose reason has changed
     * @param freed numbers of frames that are decoded
     */
    synchronized Plan plan(List<Draft> undecoded, List<ParkedFrame> changed, Collection<Long> freed) {
        if (waiting.isEmpty() && undecoded.isEmpty() && changed.isEmpty() && freed.isEmpty() && forgotten.isEmpty()) {
            return new Plan(0, List.of(), List.of(), 0);
        }
        List<ParkedFrame> frames = new ArrayList<>(changed);
        long number = next;
        for (Draft draft : undecoded) {
            frames.add(draft.numbered(number++));
        }
        for (Draft draft : waiting) {
            frames.add(draft.numbered(number++));
        }
        Set<Long> removed = new HashSet<>(freed);
        removed.addAll(forgotten);
        int before = removed.size();
        giveWay(frames, removed);
        int gaveWay = removed.size() - before;
        frames.removeIf(frame -> removed.contains(frame.number()));
        return new Plan(waiting.size(), frames, List.copyOf(removed), gaveWay);
    }

    /** Adds the oldest to those removed until all bounds are kept. */
    private void giveWay(List<ParkedFrame> added, Set<Long> removed) {
        Map<Long, ParkedEntry> all = new LinkedHashMap<>();
        Map<String, Integer> perMeter = new HashMap<>();
        int undecoded = entries.size() - refused;
        int refusedNow = refused;
        long bytes = refusedBytes;
        for (ParkedFrame frame : added) {
            if (entries.containsKey(frame.number())) {
                continue;
            }
            ParkedEntry entry = new ParkedEntry(
                    frame.number(),
                    frame.message(),
                    frame.frame().meter(),
                    frame.frame().bytes().length);
            all.put(entry.number(), entry);
            if (entry.message() == 0) {
                refusedNow++;
                bytes += entry.bytes();
                perMeter.merge(entry.meter(), 1, Integer::sum);
            } else {
                undecoded++;
            }
        }
        perMeter.replaceAll((meter, count) -> count + refusedOf.getOrDefault(meter, 0));
        perMeter.values().removeIf(count -> count <= limits.parkedRefusedOfMeter());
        boolean tooMany = undecoded > limits.parkedUndecoded()
                || refusedNow > limits.parkedRefused()
                || bytes > limits.parkedRefusedBytes()
                || !perMeter.isEmpty();
        if (!tooMany) {
            return;
        }
        List<ParkedEntry> oldestFirst = new ArrayList<>(entries.values());
        oldestFirst.addAll(all.values());
        Iterator<ParkedEntry> oldest = oldestFirst.iterator();
        while (oldest.hasNext()) {
            ParkedEntry entry = oldest.next();
            if (removed.contains(entry.number())) {
                continue;
            }
            if (entry.message() != 0) {
                if (undecoded > limits.parkedUndecoded()) {
                    removed.add(entry.number());
                    undecoded--;
                }
            } else if (refusedNow > limits.parkedRefused()
                    || bytes > limits.parkedRefusedBytes()
                    || perMeter.getOrDefault(entry.meter(), 0) > limits.parkedRefusedOfMeter()) {
                removed.add(entry.number());
                refusedNow--;
                bytes -= entry.bytes();
                perMeter.computeIfPresent(entry.meter(), (meter, count) -> count - 1);
            }
        }
    }

    /**
     * A plan is durable.
     *
     * @param freed how many frames were decoded by it
     */
    synchronized void written(Plan plan, int freed) {
        for (int index = 0; index < plan.taken(); index++) {
            waitingBytes -= waiting.remove().frame().bytes().length;
        }
        plan.frames()
                .forEach(frame -> add(new ParkedEntry(
                        frame.number(),
                        frame.message(),
                        frame.frame().meter(),
                        frame.frame().bytes().length)));
        plan.removed().forEach(number -> {
            remove(number);
            forgotten.remove(number);
            next = Math.max(next, number + 1);
        });
        dropped += plan.dropped();
        decoded += freed;
    }

    synchronized long undecoded() {
        return entries.size() - (long) refused;
    }

    synchronized long refused() {
        return refused + (long) waiting.size();
    }

    synchronized long dropped() {
        return dropped;
    }

    synchronized long decoded() {
        return decoded;
    }
}
