// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A decimal number, digits × 10^exponent, reused from value to value so that the usual numbers of a meter cost no object. Not
 * thread-safe. Holds nothing above 10^320 (more than a double does) and nothing finer than 10^−40, so that adding and
 * scaling stay cheap whatever a frame says.
 */
final class Decimal {
    private static final int HIGHEST = 320;
    private static final int FINEST = 40;
    private static final long[] TENS = new long[19];
    private static final double[] DOUBLE_TENS = new double[16];

    static {
        long ten = 1;
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = ten;
            ten *= 10;
        }
        for (int i = 0; i < DOUBLE_TENS.length; i++) {
            DOUBLE_TENS[i] = TENS[i];
        }
    }

    private long digits;
    private int exponent;
    private @Nullable BigDecimal big;
    private boolean cut;

    /** 10 to a power from 0 to 18. */
    static long ten(int power) {
        return TENS[power];
    }

    /** Whether the number is held as {@link #digits()} and {@link #exponent()}. */
    boolean small() {
        return big == null;
    }

    long digits() {
        return digits;
    }

    /** Power of ten of one digit, −40 to 30. */
    int exponent() {
        return exponent;
    }

    /** Whether digits finer than 10^−40 were cut off. */
    boolean cut() {
        return cut;
    }

    BigDecimal toBigDecimal() {
        return big != null ? big : BigDecimal.valueOf(digits, -exponent);
    }

    void set(long integer) {
        digits = integer;
        exponent = 0;
        big = null;
        cut = false;
    }

    void set(Decimal other) {
        digits = other.digits;
        exponent = other.exponent;
        big = other.big;
        cut = other.cut;
    }

    /** @throws ArithmeticException if the number is above 10^320 */
    void set(long mantissa, long powerOfTen) {
        if (mantissa == 0) {
            set(0);
        } else if (powerOfTen >= -FINEST && powerOfTen <= 30) {
            set(mantissa);
            exponent = (int) powerOfTen;
        } else {
            set(BigInteger.valueOf(mantissa), powerOfTen);
        }
    }

    /** @throws ArithmeticException if the number is above 10^320 */
    void set(BigInteger mantissa, long powerOfTen) {
        if (mantissa.signum() == 0) {
            set(0);
            return;
        }
        if (powerOfTen > HIGHEST) {
            throw new ArithmeticException("is above 10^" + HIGHEST);
        }
        if (powerOfTen < -1_000) {
            // A mantissa is at most a few hundred digits long: nothing of this is left at 10^-40.
            set(0);
            cut = true;
            return;
        }
        set(new BigDecimal(mantissa, (int) -powerOfTen));
    }

    /** @throws ArithmeticException if the number is above 10^320 */
    void set(BigDecimal value) {
        set(0);
        if (value.signum() == 0) {
            return;
        }
        long leading = (long) value.precision() - value.scale();
        if (leading > HIGHEST) {
            throw new ArithmeticException("is above 10^" + HIGHEST);
        }
        if (leading < -FINEST) {
            cut = true;
            return;
        }
        BigDecimal held = value;
        if (value.scale() > FINEST) {
            held = value.setScale(FINEST, RoundingMode.HALF_EVEN);
            cut = held.compareTo(value) != 0;
        }
        if (held.precision() <= 18 && held.scale() >= -30) {
            digits = held.unscaledValue().longValue();
            exponent = -held.scale();
        } else {
            big = held;
        }
    }

    /**
     * The shortest decimal that is nearest to this binary number, as {@link Double#toString} writes it.
     *
     * @throws ArithmeticException if it is not finite or above 10^320
     */
    void set(double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("is " + value);
        }
        for (int places = 0; places <= 9; places++) {
            double scaled = Math.rint(value * DOUBLE_TENS[places]);
            if (Math.abs(scaled) >= 1e15) {
                break;
            }
            // Both operands are exact and the quotient is rounded correctly: this is what reading the decimal would
            // give, and
            // no other decimal of up to 15 digits gives the same.
            if (scaled / DOUBLE_TENS[places] == value) {
                set((long) scaled);
                exponent = -places;
                return;
            }
        }
        set(new BigDecimal(Double.toString(value)));
    }

    /**
     * The shortest decimal that is nearest to this binary number, as {@link Float#toString} writes it.
     *
     * @throws ArithmeticException if it is not finite or above 10^320
     */
    void set(float value) {
        if (!Float.isFinite(value)) {
            throw new ArithmeticException("is " + value);
        }
        for (int places = 0; places <= 9; places++) {
            double scaled = Math.rint(value * DOUBLE_TENS[places]);
            if (Math.abs(scaled) >= 1 << 24) {
                break;
            }
            if ((float) (scaled / DOUBLE_TENS[places]) == value) {
                set((long) scaled);
                exponent = -places;
                return;
            }
        }
        set(new BigDecimal(Float.toString(value)));
    }

    /** @throws ArithmeticException if the sum is above 10^320 */
    void add(Decimal other) {
        boolean lost = cut || other.cut;
        if (big == null && other.big == null) {
            if (exponent == other.exponent) {
                long sum = digits + other.digits;
                if (((digits ^ sum) & (other.digits ^ sum)) >= 0) {
                    digits = sum;
                    cut = lost;
                    return;
                }
            } else if (addAligned(other)) {
                cut = lost;
                return;
            }
        }
        set(toBigDecimal().add(other.toBigDecimal()));
        cut |= lost;
    }

    private boolean addAligned(Decimal other) {
        int shift = exponent - other.exponent;
        if (shift > 18 || shift < -18) {
            return false;
        }
        long mine = digits;
        long theirs = other.digits;
        long factor = TENS[Math.abs(shift)];
        long high = Math.multiplyHigh(shift > 0 ? mine : theirs, factor);
        long scaled = (shift > 0 ? mine : theirs) * factor;
        if (high != scaled >> 63) {
            return false;
        }
        long addend = shift > 0 ? theirs : mine;
        long sum = scaled + addend;
        if (((scaled ^ sum) & (addend ^ sum)) < 0) {
            return false;
        }
        digits = sum;
        exponent = Math.min(exponent, other.exponent);
        return true;
    }

    /**
     * The number times 1,000, to the nearest whole: seconds to milliseconds.
     *
     * @throws ArithmeticException if it has more than 64 bits
     */
    long toMillis() {
        if (big == null && exponent <= 0 && exponent >= -18) {
            if (exponent >= -3) {
                return Math.multiplyExact(digits, TENS[3 + exponent]);
            }
            long divisor = TENS[-exponent - 3];
            long floor = Math.floorDiv(digits, divisor);
            return digits - floor * divisor >= divisor - divisor / 2 ? floor + 1 : floor;
        }
        return toBigDecimal()
                .movePointRight(3)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }
}
