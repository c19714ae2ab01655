// SPDX-License-Identifier: EPL-2.0
package org.meterway.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * How many whole intervals start in a span. Intervals lie on a grid from midnight UTC; what an interval length leaves over at the
 * end of a day is no whole interval. Local time plays no part: a local day of 23 or 25 hours simply holds fewer or more intervals.
 */
final class Expectation {
    private static final long DAY_SECONDS = 86_400;

    private Expectation() {}

    /**
     * @param from first start counted
     * @param to first start not counted any more
     * @param interval length of an interval, 1 s to one day
     */
    static long intervals(Instant from, Instant to, Duration interval) {
        return Math.max(0, before(to, interval.getSeconds()) - before(from, interval.getSeconds()));
    }

    /** The first grid start at or after a moment. */
    static Instant alignUp(Instant moment, Duration interval) {
        long second = ceilSecond(moment);
        long day = Math.floorDiv(second, DAY_SECONDS);
        long slot = ceilDiv(second - day * DAY_SECONDS, interval.getSeconds());
        return slot < DAY_SECONDS / interval.getSeconds()
                ? Instant.ofEpochSecond(day * DAY_SECONDS + slot * interval.getSeconds())
                : Instant.ofEpochSecond((day + 1) * DAY_SECONDS);
    }

    /** Starts before a moment, counted from 1970-01-01 UTC. */
    private static long before(Instant moment, long interval) {
        long second = ceilSecond(moment);
        long day = Math.floorDiv(second, DAY_SECONDS);
        long perDay = DAY_SECONDS / interval;
        return day * perDay + Math.min(perDay, ceilDiv(second - day * DAY_SECONDS, interval));
    }

    private static long ceilSecond(Instant moment) {
        return moment.getEpochSecond() + (moment.getNano() > 0 ? 1 : 0);
    }

    private static long ceilDiv(long value, long divisor) {
        return (value + divisor - 1) / divisor;
    }
}
