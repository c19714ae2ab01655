// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * All readings of one quantity of one meter on one interval grid.
 *
 * @param meter id of the meter
 * @param quantity what is measured
 * @param interval as in {@link Reading#interval()}; zero for momentary values
 */
public record Series(String meter, Quantity quantity, Duration interval) {
    public Series {
        requireNonNull(meter, "meter");
        requireNonNull(quantity, "quantity");
        requireNonNull(interval, "interval");
    }
}
