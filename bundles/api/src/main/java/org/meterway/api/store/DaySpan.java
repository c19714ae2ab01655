// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.util.List;
import org.meterway.api.reading.Reading;

/**
 * Some days in a row, in days since 1970-01-01 UTC.
 *
 * @param first the first of them
 * @param last the last of them; before the first when there is none
 */
public record DaySpan(long first, long last) {
    /** No day. */
    public static final DaySpan NONE = new DaySpan(Long.MAX_VALUE, Long.MIN_VALUE);

    /** Any day: it is not known which. */
    public static final DaySpan UNKNOWN = new DaySpan(Long.MIN_VALUE, Long.MAX_VALUE);

    /** The days on which readings start. */
    public static DaySpan of(List<Reading> readings) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Reading reading : readings) {
            long day = Math.floorDiv(reading.start().getEpochSecond(), 86_400L);
            first = Math.min(first, day);
            last = Math.max(last, day);
        }
        return new DaySpan(first, last);
    }

    public boolean isEmpty() {
        return first > last;
    }

    /** The shortest span with the days of both. */
    public DaySpan with(DaySpan other) {
        return new DaySpan(Math.min(first, other.first), Math.max(last, other.last));
    }
}
