// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.OptionalLong;

/** The due times of a plan. Immutable, thread-safe. */
@FunctionalInterface
public interface Schedule {
    /** How far ahead is looked: beyond that there is no next time. */
    long HORIZON_MILLIS = 8L * 366 * 86_400_000;

    /**
     * The first due time after a moment.
     *
     * @param after milliseconds since 1970 in UTC
     * @return milliseconds since 1970 in UTC; empty if there is none
     */
    OptionalLong next(long after);

    /** Every multiple of a span, plus an offset. */
    static Schedule every(long spanMillis, long offsetMillis) {
        return after -> OptionalLong.of(Math.addExact(
                Math.multiplyExact(Math.floorDiv(after - offsetMillis, spanMillis) + 1, spanMillis), offsetMillis));
    }

    /** One moment. */
    static Schedule once(long at) {
        return after -> after < at ? OptionalLong.of(at) : OptionalLong.empty();
    }
}
