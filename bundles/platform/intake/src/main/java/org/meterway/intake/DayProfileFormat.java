// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.meterway.intake.DayProfile.DAY_MILLIS;

import java.util.stream.IntStream;

/**
 * How a day profile is packed. First a byte that says version and form, then
 *
 * <ul>
 *   <li>the interval in seconds and the starts: on a grid a presence map, one bit an interval from midnight UTC up to the last
 *       one present, or a length of 0 when none is missing on that day; else their number, a power of ten, and the steps from
 *       start to start divided by that power;
 *   <li>the values: the largest power of ten that divides all of them and whether they never fall, the first one divided by that
 *       power, then the steps from value to value, without sign if they never fall;
 *   <li>the quality flags as runs of equal ones: flags, length;
 *   <li>the numbers of the messages as runs: step from the number before with a bit that says whether a length follows;
 *   <li>a check over all of it.
 * </ul>
 *
 * A full day of a household's half-hour register in Wh takes about 80 bytes: a number is written in as many groups of seven bits
 * as it needs. Pure functions.
 */
final class DayProfileFormat {
    private static final int GRID = 0x11;
    private static final int IRREGULAR = 0x12;
    private static final int RISING = 0x80;
    private static final long MAX_MESSAGE = 1L << 60;

    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int exponent = 1; exponent < POWERS.length; exponent++) {
            POWERS[exponent] = POWERS[exponent - 1] * 10;
        }
    }

    private DayProfileFormat() {}

    /** Packs a profile; a day whose readings have all vanished is no bytes. */
    static byte[] pack(DayProfile profile, int intervalSeconds) {
        int size = profile.size();
        if (size == 0) {
            return new byte[0];
        }
        PackedBytes out = PackedBytes.writer(32 + size * 4);
        if (fitsGrid(profile, intervalSeconds)) {
            out.put(GRID);
            out.putNumber(intervalSeconds);
            putPresence(profile, intervalSeconds * 1000, out);
        } else {
            out.put(IRREGULAR);
            out.putNumber(intervalSeconds);
            putStarts(profile, out);
        }
        putValues(profile, out);
        putQualities(profile, out);
        putMessages(profile, out);
        return out.finish();
    }

    /** @throws CorruptProfileException if the bytes are not what {@link #pack} made */
    static DayProfile unpack(byte[] packed) {
        if (packed.length == 0) {
            return new DayProfile(0);
        }
        PackedBytes in = PackedBytes.reader(packed);
        int[] starts = takeStarts(in);
        int size = starts.length;
        long[] counts = takeValues(in, size);
        int[] qualities = takeQualities(in, size);
        DayProfile profile = new DayProfile(size);
        long message = 0;
        int index = 0;
        while (index < size) {
            long token = in.takeNumber();
            message += PackedBytes.unzigzag(token >>> 1);
            int run = (token & 1) == 0 ? 1 : in.takeNumber("a run of messages", 2, size - index);
            for (int until = index + run; index < until; index++) {
                profile.add(starts[index], counts[index], qualities[index], message);
            }
        }
        in.expectEnd();
        return profile;
    }

    /**
     * How many distinct intervals are present, read from the presence map without unpacking the values.
     *
     * @param from first start counted, in milliseconds since midnight UTC
     * @param to first start not counted any more
     * @throws CorruptProfileException if the bytes are not what {@link #pack} made
     */
    static int present(byte[] packed, int from, int to) {
        if (packed.length == 0) {
            return 0;
        }
        PackedBytes in = PackedBytes.reader(packed);
        if ((packed[0] & 255) != GRID) {
            return unpack(packed).present(intervalMillis(packed), from, to);
        }
        in.take();
        int interval = in.takeNumber("the interval", 1, DAY_MILLIS / 1000) * 1000;
        int bytes = in.takeNumber("the presence map", 0, slotsPerDay(interval) / 8 + 1);
        int first = ceilDiv(from, interval);
        if (bytes == 0) {
            return Math.max(0, Math.min(ceilDiv(to, interval), slotsPerDay(interval)) - first);
        }
        int map = in.skip(bytes);
        int end = Math.min(ceilDiv(to, interval), bytes * 8);
        int present = 0;
        for (int slot = first; slot < end; ) {
            if ((slot & 7) == 0 && end - slot >= 8) {
                present += Integer.bitCount(in.at(map + (slot >> 3)) & 255);
                slot += 8;
            } else {
                present += in.at(map + (slot >> 3)) >> (slot & 7) & 1;
                slot++;
            }
        }
        return present;
    }

    private static int intervalMillis(byte[] packed) {
        PackedBytes in = PackedBytes.reader(packed);
        in.take();
        return in.takeNumber("the interval", 0, DAY_MILLIS / 1000) * 1000;
    }

    /** @param value from 0 to a day */
    private static int ceilDiv(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    private static int slotsPerDay(int interval) {
        return ceilDiv(DAY_MILLIS, interval);
    }

    /** On the grid, and not so thin that the map would be larger than a list of starts. */
    private static boolean fitsGrid(DayProfile profile, int intervalSeconds) {
        if (intervalSeconds == 0) {
            return false;
        }
        int interval = intervalSeconds * 1000;
        for (int index = 0; index < profile.size(); index++) {
            if (profile.at(index) % interval != 0) {
                return false;
            }
        }
        int mapBytes = profile.at(profile.size() - 1) / interval / 8 + 1;
        return mapBytes <= 16 + profile.size() * 2;
    }

    private static void putPresence(DayProfile profile, int interval, PackedBytes out) {
        if (profile.size() == slotsPerDay(interval)) {
            out.putNumber(0);
            return;
        }
        byte[] map = new byte[profile.at(profile.size() - 1) / interval / 8 + 1];
        for (int index = 0; index < profile.size(); index++) {
            int slot = profile.at(index) / interval;
            map[slot >> 3] |= (byte) (1 << (slot & 7));
        }
        out.putNumber(map.length);
        out.put(map);
    }

    private static void putStarts(DayProfile profile, PackedBytes out) {
        int size = profile.size();
        int exponent = 3;
        for (int index = 0; index < size; index++) {
            while (profile.at(index) % POWERS[exponent] != 0) {
                exponent--;
            }
        }
        int power = (int) POWERS[exponent];
        out.putNumber(size);
        out.put(exponent);
        int before = 0;
        for (int index = 0; index < size; index++) {
            out.putNumber((profile.at(index) - before) / power);
            before = profile.at(index);
        }
    }

    private static int[] takeStarts(PackedBytes in) {
        int form = in.take();
        return switch (form) {
            case GRID -> takePresence(in);
            case IRREGULAR -> takeIrregular(in);
            default -> throw new CorruptProfileException("version and form %02x are not known".formatted(form));
        };
    }

    private static int[] takePresence(PackedBytes in) {
        int interval = in.takeNumber("the interval", 1, DAY_MILLIS / 1000) * 1000;
        int bytes = in.takeNumber("the presence map", 0, slotsPerDay(interval) / 8 + 1);
        if (bytes == 0) {
            in.require(slotsPerDay(interval));
            return IntStream.range(0, slotsPerDay(interval))
                    .map(slot -> slot * interval)
                    .toArray();
        }
        int map = in.skip(bytes);
        int size = 0;
        for (int index = 0; index < bytes; index++) {
            size += Integer.bitCount(in.at(map + index) & 255);
        }
        int[] starts = new int[size];
        int next = 0;
        for (int slot = 0; slot < bytes * 8; slot++) {
            if ((in.at(map + (slot >> 3)) >> (slot & 7) & 1) != 0) {
                long start = (long) slot * interval;
                if (start >= DAY_MILLIS) {
                    throw new CorruptProfileException("an interval starts after the day's end");
                }
                starts[next++] = (int) start;
            }
        }
        return starts;
    }

    private static int[] takeIrregular(PackedBytes in) {
        in.takeNumber("the interval", 0, DAY_MILLIS / 1000);
        int size = in.takeNumber("the number of readings", 1, DAY_MILLIS);
        long power = POWERS[in.takeNumber("the power of the starts", 0, 3)];
        // Every start takes a byte at least: what claims more is refused before memory is taken for it.
        in.require(size);
        int[] starts = new int[size];
        long start = 0;
        for (int index = 0; index < size; index++) {
            long step = in.takeNumber("a step of the starts", index == 0 ? 0 : 1, DAY_MILLIS);
            start += step * power;
            if (start >= DAY_MILLIS) {
                throw new CorruptProfileException("a reading starts after the day's end");
            }
            starts[index] = (int) start;
        }
        return starts;
    }

    private static void putValues(DayProfile profile, PackedBytes out) {
        int size = profile.size();
        int exponent = 18;
        for (int index = 0; index < size; index++) {
            while (profile.count(index) % POWERS[exponent] != 0) {
                exponent--;
            }
        }
        long power = POWERS[exponent];
        boolean rising = rising(profile);
        out.put(rising ? exponent | RISING : exponent);
        long before = profile.count(0) / power;
        out.putSigned(before);
        for (int index = 1; index < size; index++) {
            long value = profile.count(index) / power;
            // May overflow at the far ends; the sum on the way back overflows the same way.
            out.putNumber(rising ? value - before : PackedBytes.zigzag(value - before));
            before = value;
        }
    }

    private static boolean rising(DayProfile profile) {
        for (int index = 1; index < profile.size(); index++) {
            if (profile.count(index) < profile.count(index - 1)) {
                return false;
            }
        }
        return true;
    }

    private static long[] takeValues(PackedBytes in, int size) {
        int head = in.take();
        boolean rising = (head & RISING) != 0;
        int exponent = head & ~RISING;
        if (exponent >= POWERS.length) {
            throw new CorruptProfileException("the power of the values is " + exponent + ", must be 0 to 18");
        }
        in.require(size);
        long[] counts = new long[size];
        long value = 0;
        for (int index = 0; index < size; index++) {
            value += rising && index > 0 ? in.takeNumber() : in.takeSigned();
            counts[index] = value * POWERS[exponent];
        }
        return counts;
    }

    private static void putQualities(DayProfile profile, PackedBytes out) {
        int size = profile.size();
        int index = 0;
        while (index < size) {
            int quality = profile.quality(index);
            int from = index;
            while (index < size && profile.quality(index) == quality) {
                index++;
            }
            out.putNumber(quality & 0xffff_ffffL);
            out.putNumber(index - from);
        }
    }

    private static int[] takeQualities(PackedBytes in, int size) {
        int[] qualities = new int[size];
        int index = 0;
        while (index < size) {
            long quality = in.takeNumber();
            if (quality >>> 32 != 0) {
                throw new CorruptProfileException("quality flags have more than 32 bits");
            }
            int run = in.takeNumber("a run of quality flags", 1, size - index);
            for (int until = index + run; index < until; index++) {
                qualities[index] = (int) quality;
            }
        }
        return qualities;
    }

    private static void putMessages(DayProfile profile, PackedBytes out) {
        int size = profile.size();
        int index = 0;
        long before = 0;
        while (index < size) {
            long message = profile.message(index);
            if (message < 0 || message >= MAX_MESSAGE) {
                throw new IllegalArgumentException("a message's number must be 0 to 2^60, was " + message);
            }
            int from = index;
            while (index < size && profile.message(index) == message) {
                index++;
            }
            int run = index - from;
            out.putNumber(PackedBytes.zigzag(message - before) << 1 | (run > 1 ? 1 : 0));
            if (run > 1) {
                out.putNumber(run);
            }
            before = message;
        }
    }
}
