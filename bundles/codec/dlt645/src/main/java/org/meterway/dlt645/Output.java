// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;

/** Where decoding puts what it finds: readings, names of what is none, and the trace. One per frame. */
final class Output {
    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;

    /** 10^0 to 10^9: scales are −9 at least and numbers have no negative decimals. */
    private static final long[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private final DecodeContext context;
    private final Instant receivedAt;
    private final Map<Key, Reading> readings = new LinkedHashMap<>();
    private final Map<Obis, Target> targets = new HashMap<>();
    private final Set<String> unnamed = new LinkedHashSet<>();

    /** One value of a quantity at one time; whether that is on the grid follows from both. */
    private record Key(Target target, long timeMs) {}

    Output(DecodeContext context, Instant receivedAt) {
        this.context = context;
        this.receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    Decoded decoded() {
        return new Decoded(new ArrayList<>(readings.values()), new ArrayList<>(unnamed));
    }

    DecodeContext context() {
        return context;
    }

    Instant receivedAt() {
        return receivedAt;
    }

    boolean traced() {
        return context.traced();
    }

    void field(int offset, int length, String meaning) {
        if (context.traced()) {
            context.field(Field.of(offset, length, meaning));
        }
    }

    /** A field of data bytes; nothing when it is empty. */
    void field(Run run, int from, int length, String meaning) {
        if (context.traced() && length > 0) {
            context.field(new Field(run.part(), run.shownAt(from), length, meaning));
        }
    }

    void unnamed(String name) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(name);
        }
    }

    /** How far apart the meter's model says the values of a quantity are; zero if it does not. */
    Duration interval(Obis obis) {
        return context.resolve(obis.toString()).map(Register::interval).orElse(Duration.ZERO);
    }

    /** What a quantity's values are kept as. */
    private static final class Target {
        final Measure measure;
        final Quantity quantity;
        final Duration interval;
        final long gridMs;

        Target(Measure measure, Quantity quantity, Duration interval) {
            this.measure = measure;
            this.quantity = quantity;
            this.interval = interval;
            this.gridMs = interval.toMillis();
        }
    }

    private Target target(Obis obis, Measure measure) {
        Target known = targets.get(obis);
        if (known != null && known.measure == measure) {
            return known;
        }
        Optional<Register> register = context.resolve(obis.toString())
                .filter(found -> found.quantity().unit() == measure.unit());
        Target target = new Target(
                measure,
                register.map(Register::quantity).orElse(new Quantity(obis, measure.unit(), Quantity.DEFAULT_SCALE)),
                register.map(Register::interval).orElse(Duration.ZERO));
        targets.put(obis, target);
        return target;
    }

    /**
     * Adds a value.
     *
     * @param number its digits
     * @param decimals how many of them stand after the point, in the measure's unit
     * @param flags of {@link Quality} beside measured
     * @param run where it stands, for a rejection
     */
    void reading(Obis obis, Measure measure, long number, int decimals, Instant time, int flags, Run run, int at)
            throws FrameRejectedException {
        Target target = target(obis, measure);
        long timeMs = time.toEpochMilli();
        boolean onGrid = target.gridMs > 0 && Math.floorMod(timeMs, DAY_MS) % target.gridMs == 0;
        int quality = Quality.MEASURED | flags;
        long count;
        try {
            int zeros = -target.quantity.scale() - decimals;
            if (zeros >= 0) {
                long power = POWERS_OF_TEN[Math.min(zeros, POWERS_OF_TEN.length - 1)];
                count = Math.multiplyExact(Math.multiplyExact(number, measure.factor()), power);
            } else {
                BigDecimal value = BigDecimal.valueOf(number, decimals).multiply(BigDecimal.valueOf(measure.factor()));
                quality |= target.quantity.holdsExactly(value) ? 0 : Quality.ROUNDED;
                count = target.quantity.toCount(value);
            }
        } catch (ArithmeticException outside) {
            throw run.rejected(obis.toString(), at, number + " is outside what " + target.quantity + " holds");
        }
        // Asked twice in one exchange, the meter's later word counts.
        readings.put(
                new Key(target, timeMs),
                new Reading(target.quantity, time, onGrid ? target.interval : Duration.ZERO, count, quality));
    }
}
