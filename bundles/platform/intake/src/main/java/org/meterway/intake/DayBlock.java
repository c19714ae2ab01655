// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import org.meterway.api.reading.Series;

/**
 * What one message brought for one series and one UTC day, in arrays instead of objects: up to a day's worth of readings waits in
 * memory for the settler in this form.
 *
 * @param series whose readings
 * @param day days since 1970-01-01 UTC
 * @param at starts in milliseconds since midnight, ascending; equal ones in the order of the frame
 * @param counts values, one for each start
 * @param qualities quality flags, one for each start
 */
record DayBlock(Series series, long day, int[] at, long[] counts, int[] qualities) {
    int size() {
        return at.length;
    }
}
