// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/**
 * Collects the values of a run. Most meters send no time but the seconds of their index: the last list of a meter counts as sent when
 * the run was received, those before as many seconds earlier as the index tells. One per run.
 */
final class ReadingSink {
    private static final int MOST = 20_000;
    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;
    private static final int JOULE_SCALE = -3;

    private final DecodeContext context;
    private final Instant receivedAt;
    private final List<Value> values = new ArrayList<>(32);
    private final Map<String, Long> lastIndex = new HashMap<>();
    private final Set<String> unnamed = new LinkedHashSet<>();

    /**
     * When a value was taken.
     *
     * @param absolute UTC, null if the meter does not know
     * @param index seconds since the meter started, −1 if it does not say
     */
    record Time(@Nullable Instant absolute, long index) {
        static final Time NONE = new Time(null, -1);
    }

    private record Value(
            String server, Quantity quantity, Time time, long count, int quality, @Nullable Duration interval) {}

    private record Key(Quantity quantity, Instant start, Duration interval) {}

    ReadingSink(DecodeContext context, Instant receivedAt) {
        this.context = context;
        this.receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** What the meter's model knows of a code. */
    Optional<Register> register(Obis obis) {
        return context.resolve(obis.toString());
    }

    int mark() {
        return values.size();
    }

    void rollback(int mark) {
        values.subList(mark, values.size()).clear();
    }

    void unnamed(String name) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(name);
        }
    }

    /** The meter's index at the time it sent a list. */
    void index(String server, long seconds) {
        if (lastIndex.size() < 64 || lastIndex.containsKey(server)) {
            lastIndex.put(server, seconds);
        }
    }

    /**
     * Adds a value.
     *
     * @param server the meter's identification in hexadecimal
     * @param value in the unit
     * @param interval the protocol's own grid; null when the meter's model is to say
     */
    void add(
            String server,
            Obis obis,
            Unit unit,
            BigDecimal value,
            Time time,
            @Nullable Duration interval,
            int quality,
            Payload payload,
            int position)
            throws FrameRejectedException {
        Quantity quantity = register(obis)
                .map(Register::quantity)
                .filter(known -> known.unit() == unit)
                .orElseGet(() -> new Quantity(obis, unit, unit == Unit.JOULE ? JOULE_SCALE : Quantity.DEFAULT_SCALE));
        long count;
        try {
            count = quantity.toCount(value);
        } catch (ArithmeticException outside) {
            throw payload.rejected("value of " + obis, position, "is outside what " + quantity + " holds");
        }
        if (values.size() == MOST) {
            throw payload.rejected("valList", position, "the run has more than " + MOST + " values");
        }
        int rounded = quantity.holdsExactly(value) ? 0 : Quality.ROUNDED;
        values.add(new Value(server, quantity, time, count, Quality.MEASURED | quality | rounded, interval));
    }

    Decoded decoded() {
        Map<Key, Reading> readings = new LinkedHashMap<>(2 * values.size());
        for (Value value : values) {
            Instant start = start(value);
            Duration interval = value.interval != null ? value.interval : onGrid(value.quantity.obis(), start);
            // Of two in the same second, or of lists without any time, the later counts.
            readings.put(
                    new Key(value.quantity, start, interval),
                    new Reading(value.quantity, start, interval, value.count, value.quality));
        }
        return new Decoded(List.copyOf(readings.values()), List.copyOf(unnamed));
    }

    private Instant start(Value value) {
        if (value.time.absolute() != null) {
            return value.time.absolute();
        }
        long age = value.time.index() < 0
                ? 0
                : lastIndex.getOrDefault(value.server, value.time.index()) - value.time.index();
        return age > 0 && age <= 86_400 ? receivedAt.minusSeconds(age) : receivedAt;
    }

    private Duration onGrid(Obis obis, Instant start) {
        long intervalMs =
                register(obis).map(known -> known.interval().toMillis()).orElse(0L);
        boolean onGrid = intervalMs > 0 && Math.floorMod(start.toEpochMilli(), DAY_MS) % intervalMs == 0;
        return onGrid ? Duration.ofMillis(intervalMs) : Duration.ZERO;
    }
}
