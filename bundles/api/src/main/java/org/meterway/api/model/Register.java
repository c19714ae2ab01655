// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.model;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import org.meterway.api.reading.Quantity;

/**
 * How a named value of a meter becomes a quantity.
 *
 * @param path LwM2M path, where an instance of {@code *} stands for any: {@code /10243/*}{@code /14}; empty if the register has
 *     none
 * @param title for people, for example {@code Active energy import}
 * @param quantity the quantity it is
 * @param factor what one unit of the meter's value is in the quantity's unit, exact: 1000 for kWh to Wh
 * @param interval the grid its load profile is on; zero when it has none
 * @param billing whether every interval is owed
 */
public record Register(
        String path, String title, Quantity quantity, BigDecimal factor, Duration interval, boolean billing) {
    public Register {
        requireNonNull(path, "path");
        requireNonNull(title, "title");
        requireNonNull(quantity, "quantity");
        requireNonNull(factor, "factor");
        requireNonNull(interval, "interval");
        if (interval.isNegative() || interval.getNano() != 0 || interval.getSeconds() > 86_400) {
            throw new IllegalArgumentException("interval must be whole seconds from 0 to one day, was " + interval);
        }
        if (billing && interval.isZero()) {
            throw new IllegalArgumentException("a billing register needs an interval: " + quantity);
        }
    }
}
