// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;

/** Makes readings of the values found in one frame. Exact: binary numbers count as their shortest decimal text. */
final class ReadingList {
    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;
    /** Values beyond 10^±40 are out of every quantity's range, or nothing in it: not worth computing with. */
    private static final int MOST_DIGITS = 40;

    private final RegisterNames names;
    private final List<Reading> readings = new ArrayList<>();
    private final Set<String> unnamed = new LinkedHashSet<>();

    ReadingList(RegisterNames names) {
        this.names = names;
    }

    /** The register of a path; paths without one are noted. */
    Optional<Register> register(String path) {
        Optional<Register> register = names.resolve(path);
        if (register.isEmpty() && unnamed.size() < MOST_UNNAMED) {
            unnamed.add(path);
        }
        return register;
    }

    /** Notes a path whose value cannot be told. */
    void unnamed(String path) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(path);
        }
    }

    /** A value of a register, in the meter's unit. */
    void add(Register register, String path, Instant time, BigDecimal value, int offset) throws FrameRejectedException {
        BigDecimal scaled = bounded(value, path, offset).multiply(register.factor());
        long count;
        try {
            count = register.quantity().toCount(scaled);
        } catch (ArithmeticException outside) {
            throw new FrameRejectedException(path, offset, "is outside what " + register.quantity() + " holds");
        }
        boolean exact = register.quantity().holdsExactly(scaled) && (value.signum() == 0 || scaled.signum() != 0);
        long intervalMs = register.interval().toMillis();
        boolean onGrid = intervalMs > 0 && Math.floorMod(time.toEpochMilli(), DAY_MS) % intervalMs == 0;
        readings.add(new Reading(
                register.quantity(),
                time,
                onGrid ? register.interval() : Duration.ZERO,
                count,
                exact ? Quality.MEASURED : Quality.MEASURED | Quality.ROUNDED));
    }

    private static BigDecimal bounded(BigDecimal value, String path, int offset) throws FrameRejectedException {
        long exponent = (long) value.precision() - value.scale();
        if (value.signum() != 0 && exponent > MOST_DIGITS) {
            throw new FrameRejectedException(path, offset, "is too large a number");
        }
        return exponent < -MOST_DIGITS ? BigDecimal.ZERO : value;
    }

    static BigDecimal exact(float value, String path, int offset) throws FrameRejectedException {
        if (!Float.isFinite(value)) {
            throw new FrameRejectedException(path, offset, "is " + value + ", which is no measured value");
        }
        return new BigDecimal(Float.toString(value));
    }

    static BigDecimal exact(double value, String path, int offset) throws FrameRejectedException {
        if (!Double.isFinite(value)) {
            throw new FrameRejectedException(path, offset, "is " + value + ", which is no measured value");
        }
        return new BigDecimal(Double.toString(value));
    }

    static FrameRejectedException needsNumber(Register register, String path, int offset, String found) {
        return new FrameRejectedException(path, offset, register.quantity() + " needs a number, this is " + found);
    }

    Decoded decoded() {
        return new Decoded(readings, List.copyOf(unnamed));
    }
}
