// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
    private final DecodeContext context;
    private final Instant receivedAt;
    private final Map<Key, Reading> readings = new LinkedHashMap<>();
    private final Set<String> unnamed = new LinkedHashSet<>();

    private record Key(Quantity quantity, Instant start, Duration interval) {}

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

    /** A unit and how many interval the meter's model keeps a quantity on decide how a value is kept. */
    Duration interval(Obis obis) {
        return context.resolve(obis.toString()).map(Register::interval).orElse(Duration.ZERO);
    }

    /**
     * Adds a value.
     *
     * @param value in the measure's unit
     * @param flags of {@link Quality} beside measured
     * @param run where it stands, for a rejection
     */
    void reading(Obis obis, Measure measure, BigDecimal value, Instant time, int flags, Run run, int at)
            throws FrameRejectedException {
        Optional<Register> register = context.resolve(obis.toString())
                .filter(known -> known.quantity().unit() == measure.unit());
        Quantity quantity =
                register.map(Register::quantity).orElse(new Quantity(obis, measure.unit(), Quantity.DEFAULT_SCALE));
        BigDecimal inUnit = value.multiply(measure.factor());
        int quality = Quality.MEASURED | flags | (quantity.holdsExactly(inUnit) ? 0 : Quality.ROUNDED);
        Duration interval = register.map(Register::interval)
                .filter(grid -> onGrid(time, grid))
                .orElse(Duration.ZERO);
        long count;
        try {
            count = quantity.toCount(inUnit);
        } catch (ArithmeticException outside) {
            throw run.rejected(obis.toString(), at, inUnit.toPlainString() + " is outside what " + quantity + " holds");
        }
        // Asked twice in one exchange, the meter's later word counts.
        readings.put(new Key(quantity, time, interval), new Reading(quantity, time, interval, count, quality));
    }

    private static boolean onGrid(Instant time, Duration grid) {
        return !grid.isZero() && Math.floorMod(time.toEpochMilli(), DAY_MS) % grid.toMillis() == 0;
    }
}
