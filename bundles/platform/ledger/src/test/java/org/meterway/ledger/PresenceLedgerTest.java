// SPDX-License-Identifier: EPL-2.0
package org.meterway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.meterway.api.ledger.Ledger;
import org.meterway.api.ledger.Ledger.Integrity;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.reading.Unit;

class PresenceLedgerTest {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Quantity IMPORT = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);
    private static final Quantity EXPORT = Quantity.of("1-0:2.8.0", Unit.WATT_HOUR);
    private static final Quantity VOLTAGE = Quantity.of("1-0:32.7.0", Unit.VOLT);
    private static final Instant FROM = Instant.parse("2026-11-20T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-21T00:00:00Z");

    private final Map<String, Meter> meters = new HashMap<>();
    private final Map<String, DeviceModel> models = new HashMap<>();
    private final PresentStarts readings = new PresentStarts();
    private final Ledger ledger = new PresenceLedger(
            // The ledger asks one thing of each: anything else it would ask fails the test.
            only(Inventory.class, "find", id -> Optional.ofNullable(meters.get((String) id))),
            only(
                    DeviceModels.class,
                    "modelOf",
                    id -> models.get(meters.get((String) id).model())),
            readings);

    PresenceLedgerTest() {
        models.put("one", model("one", register(IMPORT, HALF_HOUR, true), register(VOLTAGE, Duration.ZERO, false)));
        models.put("two", model("two", register(IMPORT, HALF_HOUR, true), register(EXPORT, QUARTER, true)));
        models.put("none", model("none", register(VOLTAGE, QUARTER, false)));
        put("m1", "one", MeterState.ACTIVE);
        put("m2", "two", MeterState.ACTIVE);
        put("free", "none", MeterState.ACTIVE);
        put("old", "one", MeterState.RETIRED);
        put("coming", "one", MeterState.PLANNED);
    }

    @Test
    void aFullDayIsWhole() {
        fill("m1", IMPORT, HALF_HOUR, FROM, TO);
        assertEquals(List.of(new Integrity("m1", 48, 48)), ledger.integrity(List.of("m1"), FROM, TO));
    }

    @Test
    void aGapIsMissingAndADuplicateMakesNothingUp() {
        fill("m1", IMPORT, HALF_HOUR, FROM, TO);
        readings.remove(new Series("m1", IMPORT, HALF_HOUR), FROM.plus(HALF_HOUR.multipliedBy(7)));
        readings.add(new Series("m1", IMPORT, HALF_HOUR), FROM.plus(HALF_HOUR.multipliedBy(8)));
        readings.add(
                new Series("m1", IMPORT, HALF_HOUR),
                FROM.plus(HALF_HOUR.multipliedBy(8)).plusSeconds(3));
        assertEquals(List.of(new Integrity("m1", 48, 47)), ledger.integrity(List.of("m1"), FROM, TO));
    }

    @Test
    void everyBillingRegisterIsOwedOnItsOwnGrid() {
        fill("m2", IMPORT, HALF_HOUR, FROM, TO);
        fill("m2", EXPORT, QUARTER, FROM, FROM.plus(QUARTER.multipliedBy(10)));
        fill("m2", EXPORT, HALF_HOUR, FROM, TO);
        assertEquals(List.of(new Integrity("m2", 48 + 96, 48 + 10)), ledger.integrity(List.of("m2"), FROM, TO));
    }

    @Test
    void whatIsNotInServiceOrHasNoBillingRegisterOwesNothing() {
        fill("old", IMPORT, HALF_HOUR, FROM, TO);
        assertEquals(
                List.of(
                        new Integrity("old", 0, 0),
                        new Integrity("nobody", 0, 0),
                        new Integrity("free", 0, 0),
                        new Integrity("coming", 0, 0),
                        new Integrity("m1", 48, 0)),
                ledger.integrity(List.of("old", "nobody", "free", "coming", "m1"), FROM, TO));
    }

    @Test
    void localDaysOf23And25HoursOweWhatTheyHold() {
        ZoneId london = ZoneId.of("Europe/London");
        fill("m1", IMPORT, HALF_HOUR, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z"));
        for (LocalDate day : List.of(LocalDate.of(2026, 3, 29), LocalDate.of(2026, 10, 25), LocalDate.of(2026, 7, 1))) {
            Instant from = day.atStartOfDay(london).toInstant();
            Instant to = day.plusDays(1).atStartOfDay(london).toInstant();
            long halfHours = Duration.between(from, to).dividedBy(HALF_HOUR);
            assertEquals(List.of(new Integrity("m1", halfHours, halfHours)), ledger.integrity(List.of("m1"), from, to));
            readings.remove(new Series("m1", IMPORT, HALF_HOUR), from.plus(HALF_HOUR));
            assertEquals(
                    List.of(new Integrity("m1", halfHours, halfHours - 1)), ledger.integrity(List.of("m1"), from, to));
        }
    }

    @Test
    void aReadingLateInAnIntervalThatBeganBeforeTheSpanDoesNotCount() {
        readings.add(new Series("m1", IMPORT, HALF_HOUR), FROM.plusSeconds(900));
        assertEquals(
                List.of(new Integrity("m1", 1, 0)),
                ledger.integrity(
                        List.of("m1"),
                        FROM.plusSeconds(600),
                        FROM.plus(HALF_HOUR).plusSeconds(1)));
    }

    @Test
    void aSpanThatIsEmptyOrTooLongIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ledger.integrity(List.of("m1"), FROM, FROM));
        assertThrows(
                IllegalArgumentException.class,
                () -> ledger.integrity(
                        List.of("m1"), FROM, FROM.plus(Duration.ofDays(366)).plusNanos(1)));
        assertEquals(
                366 * 48,
                ledger.integrity(List.of("m1"), FROM, FROM.plus(Duration.ofDays(366)))
                        .get(0)
                        .expected());
    }

    private void put(String id, String model, MeterState state) {
        meters.put(id, Meter.builder(id).model(model).state(state).build());
    }

    private void fill(String meter, Quantity quantity, Duration interval, Instant from, Instant to) {
        for (Instant start = from; start.isBefore(to); start = start.plus(interval)) {
            readings.add(new Series(meter, quantity, interval), start);
        }
    }

    private static DeviceModel model(String name, Register... registers) {
        return new DeviceModel(name, name, List.of(registers), List.of(), Map.of());
    }

    private static Register register(Quantity quantity, Duration interval, boolean billing) {
        return new Register("", quantity.toString(), quantity, BigDecimal.ONE, interval, billing);
    }

    private static <T> T only(Class<T> type, String method, Function<Object, Object> answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, with) -> {
            assertEquals(method, called.getName());
            return answer.apply(with[0]);
        }));
    }

    /** Counts as intake does: an interval once, whatever lies in it. */
    private static final class PresentStarts implements Readings {
        private final Map<Series, Set<Instant>> starts = new HashMap<>();

        void add(Series series, Instant start) {
            starts.computeIfAbsent(series, none -> new HashSet<>()).add(start);
        }

        void remove(Series series, Instant start) {
            starts.get(series).remove(start);
        }

        @Override
        public long present(Series series, Instant from, Instant to) {
            long interval = series.interval().toSeconds();
            return starts.getOrDefault(series, Set.of()).stream()
                    .filter(start -> !start.isBefore(from) && start.isBefore(to))
                    .map(start -> Math.floorDiv(start.getEpochSecond(), interval))
                    .distinct()
                    .count();
        }

        @Override
        public void query(ReadingQuery query, Consumer<StoredReading> consumer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<StoredReading> latest(String meter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Series> series(String meter) {
            throw new UnsupportedOperationException();
        }
    }
}
