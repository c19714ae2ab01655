// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.math.RoundingMode;
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
 * Makes readings of the records of one answer. A value's time is that of the date record with its storage number, so this waits for
 * the last record.
 */
final class ReadingsBuilder {
    private static final int MOST_UNNAMED = 16;
    /** Whole joules, as millionths of them 64 bits end at 2.6 GWh, which large heat meters exceed. */
    private static final int JOULE_SCALE = 0;

    private static final long DAY_MS = 86_400_000;

    private final Instant receivedAt;
    private final DecodeContext context;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Set<String> unnamed = new LinkedHashSet<>();
    private final Map<String, DataRecord> times = new HashMap<>();

    ReadingsBuilder(Instant receivedAt, DecodeContext context) {
        this.receivedAt = receivedAt;
        this.context = context;
    }

    private record Candidate(DataRecord record, Obis obis) {}

    private record Key(Quantity quantity, Instant start, Duration interval) {}

    void add(List<DataRecord> records, String group) {
        for (DataRecord record : records) {
            if (record.time() != null) {
                if (record.of().equals("plain") && record.subunit() == 0) {
                    note(record);
                }
            } else if (record.value() != null && record.vif().kind() == Vif.Kind.NUMBER) {
                Optional<Obis> obis = Obises.of(group, record);
                if (obis.isPresent()) {
                    candidates.add(new Candidate(record, obis.get()));
                } else {
                    unnamed(record);
                }
            }
        }
    }

    /** Date and time says more than the date alone. */
    private void note(DataRecord record) {
        String quantity = record.vif().quantity();
        boolean dateTime = quantity.equals("date-time");
        if (dateTime || quantity.equals("date")) {
            String key = key(record);
            if (dateTime || !times.containsKey(key)) {
                times.put(key, record);
            }
        }
    }

    private static String key(DataRecord record) {
        return record.storage() + record.function().key();
    }

    private void unnamed(DataRecord record) {
        if (unnamed.size() < MOST_UNNAMED) {
            unnamed.add(record.label());
        }
    }

    /** The meter's own time, if it sent a valid one. */
    Optional<Instant> clock() {
        DataRecord record = times.get(0 + DataRecord.Function.INSTANTANEOUS.key());
        MeterTime time = record == null ? null : record.time();
        return time == null || !time.timed() ? Optional.empty() : Optional.ofNullable(time.instant(context.timeZone()));
    }

    Decoded decoded() throws FrameRejectedException {
        List<Reading> readings = new ArrayList<>(candidates.size());
        Set<Key> seen = new HashSet<>();
        for (Candidate candidate : candidates) {
            Reading reading = reading(candidate);
            if (seen.add(new Key(reading.quantity(), reading.start(), reading.interval()))) {
                readings.add(reading);
            } else {
                unnamed(candidate.record());
            }
        }
        return new Decoded(readings, List.copyOf(unnamed));
    }

    private Reading reading(Candidate candidate) throws FrameRejectedException {
        DataRecord record = candidate.record();
        int quality = record.rounded() ? Quality.MEASURED | Quality.ROUNDED : Quality.MEASURED;
        Instant start = receivedAt;
        DataRecord time = times.get(key(record));
        if (time == null) {
            time = times.get(record.storage() + DataRecord.Function.INSTANTANEOUS.key());
        }
        // The date alone of the present value would give two readings of one day the same time.
        if (time != null
                && time.time() != null
                && (record.storage() > 0 || time.time().timed())) {
            Instant instant = time.time().instant(context.timeZone());
            if (instant != null) {
                start = instant;
            } else {
                quality |= Quality.CLOCK_INVALID;
            }
        }
        start = Instant.ofEpochMilli(start.toEpochMilli());
        Optional<Register> register = context.resolve(candidate.obis().toString());
        Optional<Value> known = register.flatMap(named -> inUnit(record, named.quantity()));
        Quantity quantity;
        Duration interval = Duration.ZERO;
        Value value;
        if (register.isPresent() && known.isPresent()) {
            quantity = register.get().quantity();
            value = known.get();
            long intervalMs = register.get().interval().toMillis();
            if (intervalMs > 0 && Math.floorMod(start.toEpochMilli(), DAY_MS) % intervalMs == 0) {
                interval = register.get().interval();
            }
        } else {
            Unit unit = Unit.ofSymbol(record.vif().unit()).orElseThrow();
            quantity = new Quantity(candidate.obis(), unit, unit == Unit.JOULE ? JOULE_SCALE : Quantity.DEFAULT_SCALE);
            value = new Value(number(record), false);
        }
        if (value.rounded() || !quantity.holdsExactly(value.number())) {
            quality |= Quality.ROUNDED;
        }
        try {
            return new Reading(quantity, start, interval, quantity.toCount(value.number()), quality);
        } catch (ArithmeticException outside) {
            throw new FrameRejectedException(
                    "data of " + record.vif().name(),
                    record.dataOffset(),
                    record.text() + " is outside what " + quantity + " holds");
        }
    }

    private static BigDecimal number(DataRecord record) {
        BigDecimal number = record.value();
        return number == null ? BigDecimal.ZERO : number;
    }

    private record Value(BigDecimal number, boolean rounded) {}

    /** The value in the unit of a register; empty if it is of another kind. */
    private static Optional<Value> inUnit(DataRecord record, Quantity quantity) {
        String from = record.vif().unit();
        String to = quantity.unit().symbol();
        BigDecimal number = number(record);
        if (from.equals(to)) {
            return Optional.of(new Value(number, false));
        }
        @Nullable
        BigDecimal factor =
                switch (from + " " + to) {
                    case "Wh J" -> BigDecimal.valueOf(3600);
                    case "m3/h l/h" -> BigDecimal.valueOf(1000);
                    case "bar Pa" -> BigDecimal.valueOf(100_000);
                    default -> null;
                };
        if (factor != null) {
            return Optional.of(new Value(number.multiply(factor), false));
        }
        if (from.equals("J") && to.equals("Wh")) {
            BigDecimal divisor = BigDecimal.valueOf(3600);
            BigDecimal divided = number.divide(divisor, 12, RoundingMode.HALF_EVEN);
            return Optional.of(new Value(divided, divided.multiply(divisor).compareTo(number) != 0));
        }
        return Optional.empty();
    }
}
