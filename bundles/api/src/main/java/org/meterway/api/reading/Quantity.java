// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What is measured: an OBIS code with its unit and the decimal scale its values are kept at.
 *
 * @param obis which quantity
 * @param unit base unit of the value
 * @param scale power of ten of one count, −9 to 9: value in the unit = count × 10^scale
 */
public record Quantity(Obis obis, Unit unit, int scale) {
    /** The scale used where nothing else is said: millionths of the unit. */
    public static final int DEFAULT_SCALE = -6;

    public Quantity {
        requireNonNull(obis, "obis");
        requireNonNull(unit, "unit");
        if (scale < -9 || scale > 9) {
            throw new IllegalArgumentException("scale must be -9 to 9, was " + scale);
        }
    }

    /** A quantity at the {@link #DEFAULT_SCALE}. */
    public static Quantity of(String obis, Unit unit) {
        return new Quantity(Obis.parse(obis), unit, DEFAULT_SCALE);
    }

    /**
     * Whether the scale holds this value without loss.
     *
     * @param value in {@link #unit()}
     */
    public boolean holdsExactly(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= -scale;
    }

    /**
     * The value as a count at this quantity's scale, rounded half to even when it has more digits than the scale holds (the
     * caller marks such a reading {@link Quality#ROUNDED}, see {@link #holdsExactly}).
     *
     * @param value in {@link #unit()}
     * @throws ArithmeticException if the value is outside what 64 bits hold at this scale
     */
    public long toCount(BigDecimal value) {
        return value.setScale(-scale, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
    }

    /** The exact value of a count, in {@link #unit()}, without trailing zeros after the point. */
    public BigDecimal toValue(long count) {
        BigDecimal value = BigDecimal.valueOf(count, -scale).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    @Override
    public String toString() {
        return obis + " " + unit.symbol();
    }
}
