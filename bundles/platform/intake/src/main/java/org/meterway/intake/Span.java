// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;

/** A span of time by UTC day and millisecond of the day; starts of readings are whole milliseconds. */
final class Span {
    private static final long DAY_MILLIS = DayProfile.DAY_MILLIS;

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** Any time a reading can have. */
    static final Span ALL = new Span(Instant.EPOCH, LATEST);

    private final long fromMillis;
    private final long toMillis;

    /**
     * @param from first moment in it
     * @param to first moment after it
     */
    Span(Instant from, Instant to) {
        fromMillis = ceilMillis(from);
        toMillis = ceilMillis(to);
    }

    private static long ceilMillis(Instant instant) {
        if (instant.isBefore(Instant.EPOCH)) {
            return 0;
        }
        if (instant.isAfter(LATEST)) {
            return LATEST.toEpochMilli();
        }
        long millis = instant.toEpochMilli();
        return instant.getNano() % 1_000_000 == 0 ? millis : millis + 1;
    }

    long fromDay() {
        return Math.floorDiv(fromMillis, DAY_MILLIS);
    }

    /** The last day that has a part in it. */
    long toDay() {
        return Math.max(fromDay(), Math.floorDiv(toMillis - 1, DAY_MILLIS));
    }

    boolean hasDay(long day) {
        return day >= fromDay() && day <= toDay();
    }

    boolean has(long day, int atMillis) {
        long millis = day * DAY_MILLIS + atMillis;
        return millis >= fromMillis && millis < toMillis;
    }

    /** Where it begins on a day, in milliseconds since midnight. */
    int from(long day) {
        return (int) Math.max(0, Math.min(DAY_MILLIS, fromMillis - day * DAY_MILLIS));
    }

    /** Where it ends on a day, in milliseconds since midnight. */
    int to(long day) {
        return (int) Math.max(0, Math.min(DAY_MILLIS, toMillis - day * DAY_MILLIS));
    }
}
