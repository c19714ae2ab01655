// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;

/**
 * Sorts a message's readings into {@link DayBlock}s. Made for what meters send: one series in order, or a few series taking turns;
 * anything else works too.
 */
final class Blocks {
    private static final int SEARCHED = 16;

    private final String meter;
    private final int total;
    private final List<Group> groups = new ArrayList<>(2);
    private final Map<ProfileOf, Group> byKey = new HashMap<>(0);
    private int last;

    private Blocks(String meter, int total) {
        this.meter = meter;
        this.total = total;
    }

    /** The readings of one meter by series and day. */
    static List<DayBlock> of(String meter, List<Reading> readings) {
        if (readings.isEmpty()) {
            return List.of();
        }
        Blocks blocks = new Blocks(meter, readings.size());
        for (int index = 0; index < readings.size(); index++) {
            blocks.add(readings.get(index));
        }
        List<DayBlock> result = new ArrayList<>(blocks.groups.size());
        for (Group group : blocks.groups) {
            result.add(group.block(meter));
        }
        return List.copyOf(result);
    }

    private void add(Reading reading) {
        Instant start = reading.start();
        long day = Math.floorDiv(start.getEpochSecond(), 86_400L);
        int at = (int) (start.getEpochSecond() - day * 86_400L) * 1000 + start.getNano() / 1_000_000;
        group(reading.quantity(), reading.interval(), day).add(at, reading.count(), reading.quality());
    }

    private Group group(Quantity quantity, Duration interval, long day) {
        int size = groups.size();
        // The group of the reading before, then the one after it: series in order, or taking turns.
        for (int step = 0; step < Math.min(size, SEARCHED); step++) {
            int index = (last + step) % size;
            if (groups.get(index).is(quantity, interval, day)) {
                last = index;
                return groups.get(index);
            }
        }
        Group group = size < SEARCHED ? null : byKey.get(new ProfileOf(quantity, interval, day));
        if (group == null) {
            group = new Group(quantity, interval, day, size == 0 ? total : 8);
            groups.add(group);
            last = size;
            if (size + 1 == SEARCHED) {
                groups.forEach(each -> byKey.put(each.key(), each));
            } else if (size >= SEARCHED) {
                byKey.put(group.key(), group);
            }
        }
        return group;
    }

    private record ProfileOf(Quantity quantity, Duration interval, long day) {}

    private static final class Group {
        private final Quantity quantity;
        private final Duration interval;
        private final long day;
        private int size;
        private boolean ascending = true;
        private int[] at;
        private long[] counts;
        private int[] qualities;

        Group(Quantity quantity, Duration interval, long day, int capacity) {
            this.quantity = quantity;
            this.interval = interval;
            this.day = day;
            at = new int[capacity];
            counts = new long[capacity];
            qualities = new int[capacity];
        }

        boolean is(Quantity otherQuantity, Duration otherInterval, long otherDay) {
            return day == otherDay
                    && (quantity == otherQuantity || quantity.equals(otherQuantity))
                    && interval.equals(otherInterval);
        }

        ProfileOf key() {
            return new ProfileOf(quantity, interval, day);
        }

        void add(int start, long count, int quality) {
            if (size == at.length) {
                resize(size * 2);
            }
            ascending &= size == 0 || at[size - 1] <= start;
            at[size] = start;
            counts[size] = count;
            qualities[size] = quality;
            size++;
        }

        private void resize(int capacity) {
            at = Arrays.copyOf(at, capacity);
            counts = Arrays.copyOf(counts, capacity);
            qualities = Arrays.copyOf(qualities, capacity);
        }

        DayBlock block(String meter) {
            if (size < at.length) {
                resize(size);
            }
            Series series = new Series(meter, quantity, interval);
            if (ascending) {
                return new DayBlock(series, day, at, counts, qualities);
            }
            // Objects are sorted stably: of two values for one start the first in the frame stays the first.
            int[] order = IntStream.range(0, size)
                    .boxed()
                    .sorted(Comparator.comparingInt(index -> at[index]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] sortedAt = new int[size];
            long[] sortedCounts = new long[size];
            int[] sortedQualities = new int[size];
            for (int index = 0; index < size; index++) {
                sortedAt[index] = at[order[index]];
                sortedCounts[index] = counts[order[index]];
                sortedQualities[index] = qualities[order[index]];
            }
            return new DayBlock(series, day, sortedAt, sortedCounts, sortedQualities);
        }
    }
}
