// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.meterway.api.reading.Quantity;

/**
 * From a number in some unit to a count of a quantity, exactly: one multiplication of two longs for usual numbers. Keeps the
 * last result; not thread-safe.
 */
final class Conversion {
    private final int scale;
    private final BigDecimal numerator;
    private final long denominator;
    /** The numerator as digits × 10^power, when it fits; else 0. */
    private final long factor;

    private final int power;

    private long count;
    private boolean rounded;

    Conversion(Quantity quantity, Units.Factor unit) {
        this.scale = quantity.scale();
        this.numerator = unit.numerator();
        this.denominator = unit.denominator();
        BigDecimal stripped = numerator.stripTrailingZeros();
        boolean fits = denominator == 1 && stripped.precision() <= 18 && Math.abs(stripped.scale()) <= 18;
        this.factor = fits ? stripped.unscaledValue().longValue() : 0;
        this.power = fits ? -stripped.scale() - scale : 0;
    }

    /** The last count. */
    long count() {
        return count;
    }

    /** Whether the last count is not exactly the number. */
    boolean rounded() {
        return rounded;
    }

    /** @throws ArithmeticException if the count has more than 64 bits */
    void convert(Decimal number) {
        if (factor == 0 || !number.small() || number.cut() || !convertSmall(number)) {
            convertAny(number);
        }
    }

    private boolean convertSmall(Decimal number) {
        long digits = number.digits();
        if (factor != 1) {
            if (Math.multiplyHigh(digits, factor) != digits * factor >> 63) {
                return false;
            }
            digits *= factor;
        }
        int shift = number.exponent() + power;
        if (shift < -18 || shift > 18) {
            return false;
        }
        rounded = false;
        if (shift >= 0) {
            long ten = Decimal.ten(shift);
            if (Math.multiplyHigh(digits, ten) != digits * ten >> 63) {
                return false;
            }
            count = digits * ten;
            return true;
        }
        long ten = Decimal.ten(-shift);
        if (digits % ten != 0) {
            return false;
        }
        count = digits / ten;
        return true;
    }

    private void convertAny(Decimal number) {
        BigDecimal counts = number.toBigDecimal().multiply(numerator).scaleByPowerOfTen(-scale);
        BigDecimal divisor = BigDecimal.valueOf(denominator);
        BigInteger whole = counts.divide(divisor, 0, RoundingMode.HALF_EVEN).unscaledValue();
        rounded = number.cut() || new BigDecimal(whole).multiply(divisor).compareTo(counts) != 0;
        count = whole.longValueExact();
    }
}
