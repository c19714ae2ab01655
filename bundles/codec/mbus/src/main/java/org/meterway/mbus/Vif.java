// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a value information field means.
 *
 * @param quantity key of the quantity in obis.tsv
 * @param name for people
 * @param kind what the data are
 * @param unit unit of a scaled number, empty if it has none
 * @param factor what one count of the data is in the unit, above the fraction bar
 * @param divisor below the fraction bar
 * @param fahrenheit whether the number is in degrees Fahrenheit, which need more than a factor
 */
record Vif(String quantity, String name, Kind kind, String unit, BigDecimal factor, long divisor, boolean fahrenheit) {
    /** What the data of a record are. */
    enum Kind {
        /** A number with a unit. */
        NUMBER,
        /** One of the time types, by the length of the data. */
        DATE,
        /** A number that names, or a text. */
        TEXT,
        /** Not to be shown. */
        SECRET
    }

    /** Digits after the point where a division does not end. */
    private static final int DIGITS = 12;

    private static final BigDecimal THIRTY_TWO = BigDecimal.valueOf(32);

    /** A value in {@link #unit}. */
    record Scaled(BigDecimal value, boolean rounded) {}

    static Vif named(String quantity, String name) {
        return new Vif(quantity, name, Kind.TEXT, "", BigDecimal.ONE, 1, false);
    }

    /** A bare number without a unit that has a name. */
    static Vif number(String quantity, String name) {
        return new Vif(quantity, name, Kind.NUMBER, "", BigDecimal.ONE, 1, false);
    }

    /** What stands after a value. */
    String suffix() {
        return unit.isEmpty() || unit.equals("1") ? "" : " " + unit;
    }

    /** The number in {@link #unit}. */
    Scaled scale(BigDecimal number) {
        BigDecimal value = number.multiply(factor);
        if (fahrenheit) {
            value = value.subtract(THIRTY_TWO).multiply(BigDecimal.valueOf(5));
        }
        long below = fahrenheit ? 9 : divisor;
        if (below == 1) {
            return new Scaled(value, false);
        }
        BigDecimal divided = value.divide(BigDecimal.valueOf(below), DIGITS, RoundingMode.HALF_EVEN);
        boolean exact = divided.multiply(BigDecimal.valueOf(below)).compareTo(value) == 0;
        return new Scaled(divided, !exact);
    }
}
