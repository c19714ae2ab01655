// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * One value of one quantity of a meter. Meter, quantity, start and interval are its key: the same key received twice changes
 * nothing.
 *
 * @param quantity what was measured
 * @param start for an interval value its start, for a cumulated register the moment it was read; UTC, whole milliseconds
 * @param interval length of the interval, or for a register the grid it is read on; {@link Duration#ZERO} for a momentary value
 *     off any grid; whole seconds, at most one day
 * @param count the value as a count at the quantity's scale, see {@link Quantity#toValue}
 * @param quality flags of {@link Quality}
 */
public record Reading(Quantity quantity, Instant start, Duration interval, long count, int quality) {
    public Reading {
        requireNonNull(quantity, "quantity");
        requireNonNull(start, "start");
        requireNonNull(interval, "interval");
        if (interval.isNegative() || interval.getNano() != 0 || interval.getSeconds() > 86_400) {
            throw new IllegalArgumentException("interval must be whole seconds from 0 to one day, was " + interval);
        }
    }

    /** The exact value in the quantity's unit. */
    public BigDecimal value() {
        return quantity.toValue(count);
    }
}
