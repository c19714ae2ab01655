// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/** Collects the readings of a frame. One per frame. */
final class ReadingSink {
    /** A frame's most readings: a month of four channels each quarter of an hour. */
    static final int MOST = 12_000;

    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;
    /** Joules are many: millionths of them in 64 bits would end at 9,223 GJ, which heat meters pass. */
    private static final int JOULE_SCALE = -3;

    private final DecodeContext context;
    private final Instant receivedAt;
    private final List<Reading> readings = new ArrayList<>(48);
    private final Set<Key> keys = new HashSet<>();
    private final Set<String> unnamed = new LinkedHashSet<>();
    private Optional<Invocation> invocation = Optional.empty();

    private final Map<Obis, Optional<Register>> registers = new HashMap<>();

    private record Key(long obis, Unit unit, long startMs, long intervalSeconds) {
        static Key of(Quantity quantity, Instant start, Duration interval) {
            return new Key(quantity.obis().toLong(), quantity.unit(), start.toEpochMilli(), interval.toSeconds());
        }
    }

    ReadingSink(DecodeContext context, Instant receivedAt) {
        this.context = context;
        this.receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    ZoneId zone() {
        return context.timeZone();
    }

    Instant receivedAt() {
        return receivedAt;
    }

    /** What the meter's model knows of a code. */
    Optional<Register> register(Obis obis) {
        return registers.computeIfAbsent(obis, code -> context.resolve(code.toString()));
    }

    Decoded decoded() {
        return new Decoded(readings, List.copyOf(unnamed), invocation);
    }

    /** How much has been collected, for {@link #rollback}. */
    int mark() {
        return readings.size();
    }

    /** Takes back what was collected since a {@link #mark}. */
    void rollback(int mark) {
        for (int i = readings.size() - 1; i >= mark; i--) {
            Reading reading = readings.remove(i);
            keys.remove(Key.of(reading.quantity(), reading.start(), reading.interval()));
        }
    }

    void unnamed(String name) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(name);
        }
    }

    /** The invocation counter of an authenticated telegram: of several the highest. */
    void invocation(Invocation found) {
        if (invocation.isEmpty() || invocation.get().counter() < found.counter()) {
            invocation = Optional.of(found);
        }
    }

    /**
     * Adds a value.
     *
     * @param value in the unit
     * @param interval the grid that the protocol states; null when the meter's model is to say
     * @param text where the value stands, with its offset
     */
    void add(
            Obis obis,
            Unit unit,
            BigDecimal value,
            Instant start,
            @Nullable Duration interval,
            int quality,
            Text text,
            int offset)
            throws FrameRejectedException {
        Optional<Register> register =
                register(obis).filter(known -> known.quantity().unit() == unit);
        Quantity quantity = register.map(Register::quantity)
                .orElseGet(() -> new Quantity(obis, unit, unit == Unit.JOULE ? JOULE_SCALE : Quantity.DEFAULT_SCALE));
        long count;
        try {
            count = quantity.toCount(value);
        } catch (ArithmeticException outside) {
            throw text.rejected("value", offset, "is outside what " + quantity + " holds");
        }
        Duration grid = interval != null ? interval : onGrid(register, start);
        if (!keys.add(Key.of(quantity, start, grid))) {
            return;
        }
        if (readings.size() == MOST) {
            throw text.rejected("data block", offset, "has more than " + MOST + " values");
        }
        readings.add(new Reading(
                quantity,
                start,
                grid,
                count,
                Quality.MEASURED | quality | (quantity.holdsExactly(value) ? 0 : Quality.ROUNDED)));
    }

    private static Duration onGrid(Optional<Register> register, Instant start) {
        long intervalMs = register.map(known -> known.interval().toMillis()).orElse(0L);
        boolean onGrid = intervalMs > 0 && Math.floorMod(start.toEpochMilli(), DAY_MS) % intervalMs == 0;
        return onGrid ? register.orElseThrow().interval() : Duration.ZERO;
    }
}
