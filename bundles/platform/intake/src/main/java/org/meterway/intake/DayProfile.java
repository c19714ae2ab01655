// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.Arrays;

/**
 * The readings of one series on one UTC day, by start, each start once. Grows by {@link #add}; the first value of a start stays.
 * Not thread-safe. {@link DayProfileFormat} turns it into bytes and back.
 */
final class DayProfile {
    static final int DAY_MILLIS = 86_400_000;

    /** What became of a reading that was added. */
    enum Added {
        NEW,
        /** The same value was there. */
        DUPLICATE,
        /** Another value was there, and stays. */
        CONFLICT
    }

    private int size;
    private int[] at;
    private long[] counts;
    private int[] qualities;
    private long[] messages;

    DayProfile(int expectedSize) {
        int capacity = Math.max(4, expectedSize);
        at = new int[capacity];
        counts = new long[capacity];
        qualities = new int[capacity];
        messages = new long[capacity];
    }

    int size() {
        return size;
    }

    /** Start of the reading at this index, in milliseconds since midnight UTC. */
    int at(int index) {
        return at[index];
    }

    long count(int index) {
        return counts[index];
    }

    int quality(int index) {
        return qualities[index];
    }

    /** Sequence number of the message that brought the reading at this index. */
    long message(int index) {
        return messages[index];
    }

    /** Whether a reading starts then. */
    boolean has(int atMillis) {
        return Arrays.binarySearch(at, 0, size, atMillis) >= 0;
    }

    /** Where the reading that starts then is; negative if there is none. */
    int indexOf(int atMillis) {
        return Arrays.binarySearch(at, 0, size, atMillis);
    }

    /** Puts another value in the place of one; its message stays. */
    void replace(int index, long count, int quality) {
        counts[index] = count;
        qualities[index] = quality;
    }

    /** Takes a reading out. */
    void remove(int index) {
        int tail = size - index - 1;
        System.arraycopy(at, index + 1, at, index, tail);
        System.arraycopy(counts, index + 1, counts, index, tail);
        System.arraycopy(qualities, index + 1, qualities, index, tail);
        System.arraycopy(messages, index + 1, messages, index, tail);
        size--;
    }

    /**
     * Adds a reading unless its start is there already.
     *
     * @param atMillis start in milliseconds since midnight UTC
     */
    Added add(int atMillis, long count, int quality, long message) {
        int index = size;
        if (size > 0 && at[size - 1] >= atMillis) {
            int found = Arrays.binarySearch(at, 0, size, atMillis);
            if (found >= 0) {
                return counts[found] == count ? Added.DUPLICATE : Added.CONFLICT;
            }
            index = -found - 1;
        }
        insert(index);
        at[index] = atMillis;
        counts[index] = count;
        qualities[index] = quality;
        messages[index] = message;
        return Added.NEW;
    }

    private void insert(int index) {
        if (size == at.length) {
            int capacity = size + (size >> 1) + 4;
            at = Arrays.copyOf(at, capacity);
            counts = Arrays.copyOf(counts, capacity);
            qualities = Arrays.copyOf(qualities, capacity);
            messages = Arrays.copyOf(messages, capacity);
        }
        int tail = size - index;
        if (tail > 0) {
            System.arraycopy(at, index, at, index + 1, tail);
            System.arraycopy(counts, index, counts, index + 1, tail);
            System.arraycopy(qualities, index, qualities, index + 1, tail);
            System.arraycopy(messages, index, messages, index + 1, tail);
        }
        size++;
    }

    /**
     * How many distinct intervals the readings lie in.
     *
     * @param intervalMillis length of an interval; 0 counts every reading
     * @param from first start counted, in milliseconds since midnight
     * @param to first start not counted any more
     */
    int present(int intervalMillis, int from, int to) {
        int present = 0;
        int last = -1;
        for (int index = 0; index < size; index++) {
            if (at[index] >= from && at[index] < to) {
                int slot = intervalMillis == 0 ? index : at[index] / intervalMillis;
                if (slot != last) {
                    present++;
                    last = slot;
                }
            }
        }
        return present;
    }
}
