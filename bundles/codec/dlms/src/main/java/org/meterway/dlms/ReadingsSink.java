// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.dlms.Tables.ScalerUnit;
import org.meterway.dlms.Tables.UnitFactor;

/** Makes readings of values. One per frame. */
final class ReadingsSink {
    private static final int MOST = 50_000;
    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;
    private final RegisterNames names;
    private final Trace trace;
    private final List<Reading> readings = new ArrayList<>();
    private final Set<Key> keys = new HashSet<>();
    private final Set<String> unnamed = new LinkedHashSet<>();
    private final Map<Obis, Optional<Register>> registers = new HashMap<>();

    private record Key(Quantity quantity, long startMs, long intervalSeconds) {}

    ReadingsSink(RegisterNames names, Trace trace) {
        this.names = names;
        this.trace = trace;
    }

    Decoded decoded(Optional<Invocation> invocation) {
        return new Decoded(readings, List.copyOf(unnamed), invocation);
    }

    /** Something that is no reading. */
    void unnamed(String name) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(name);
        }
    }

    /**
     * A value.
     *
     * @param number as sent
     * @param scalerUnit what it is in, by the protocol or the maker; null if only the model can know
     * @param period of the load profile the value is from; zero if from none
     */
    void value(
            Obis obis,
            BigDecimal number,
            @Nullable ScalerUnit scalerUnit,
            Instant start,
            Duration period,
            int quality,
            Datum at)
            throws FrameRejectedException {
        Register register = registers
                .computeIfAbsent(obis, code -> names.resolve(code.toString()))
                .orElse(null);
        Quantity quantity;
        BigDecimal value;
        boolean exact = true;
        if (scalerUnit != null) {
            UnitFactor unit = Tables.unit(scalerUnit.unit());
            if (unit == null) {
                unnamed(obis + " in unit " + scalerUnit.unit());
                return;
            }
            quantity = register != null && register.quantity().unit() == unit.unit()
                    ? register.quantity()
                    : new Quantity(obis, unit.unit(), Quantity.DEFAULT_SCALE);
            value = number.scaleByPowerOfTen(scalerUnit.scaler()).multiply(unit.numerator());
            if (unit.denominator() != BigDecimal.ONE) {
                BigDecimal quotient = value.divide(unit.denominator(), MathContext.DECIMAL128);
                exact = quotient.multiply(unit.denominator()).compareTo(value) == 0;
                value = quotient;
            }
        } else if (register != null) {
            quantity = register.quantity();
            value = number.multiply(register.factor());
        } else {
            unnamed(obis.toString());
            return;
        }
        add(quantity, register, value, exact, start, period, quality, at);
    }

    private void add(
            Quantity quantity,
            @Nullable Register register,
            BigDecimal value,
            boolean exact,
            Instant start,
            Duration period,
            int quality,
            Datum at)
            throws FrameRejectedException {
        long startMs = start.toEpochMilli();
        Duration interval = period;
        if (interval.isZero() && register != null) {
            long grid = register.interval().toMillis();
            interval = grid > 0 && Math.floorMod(startMs, DAY_MS) % grid == 0 ? register.interval() : Duration.ZERO;
        }
        long count;
        try {
            if (value.signum() != 0 && value.precision() - value.scale() > 20) {
                throw new ArithmeticException("beyond 64 bits");
            }
            count = quantity.toCount(value);
        } catch (ArithmeticException outside) {
            throw new FrameRejectedException(
                    "value", at.source.frameOffset(at.from), "is outside what " + quantity + " holds");
        }
        boolean rounded = !exact || !quantity.holdsExactly(value);
        if (!keys.add(new Key(quantity, startMs, interval.getSeconds()))) {
            unnamed(quantity.obis() + " again");
            return;
        }
        if (readings.size() >= MOST) {
            throw new FrameRejectedException(
                    "value", at.source.frameOffset(at.from), "more than " + MOST + " readings in a frame");
        }
        Reading reading = new Reading(
                quantity,
                Instant.ofEpochMilli(startMs),
                interval,
                count,
                Quality.MEASURED | quality | (rounded ? Quality.ROUNDED : 0));
        readings.add(reading);
        if (trace.on()) {
            trace.explain(
                    at.source,
                    at.from,
                    quantity.obis() + " " + reading.value().toPlainString() + " "
                            + quantity.unit().symbol());
        }
    }
}
