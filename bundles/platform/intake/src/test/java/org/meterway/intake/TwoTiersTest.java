// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.meterway.intake.IntakeFixture.ENERGY;
import static org.meterway.intake.IntakeFixture.HALF_HOUR;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.NOW;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.energyOf;
import static org.meterway.intake.IntakeFixture.voltage;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;

@Timeout(120)
class TwoTiersTest {
    private static final Duration DAY = Duration.ofDays(1);
    private final MemoryStore store = new MemoryStore();

    @Test
    void aReadingNeitherDisappearsNorDoublesWhileItIsSettled() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            for (boolean before : new boolean[] {true, false}) {
                String meter = before ? "m1" : "m2";
                Series series = energyOf(meter);
                for (int slot = 0; slot < 3; slot++) {
                    // The settling runs exactly between the look into memory and the look into the store, or right
                    // after both.
                    fixture.accepted(meter, energy(3 * slot, 5));
                    settleDuringProfiles(fixture, before);
                    assertEquals(3 * slot + 1, fixture.today(meter).size());
                    fixture.accepted(meter, energy(3 * slot + 1, 5));
                    settleDuringProfiles(fixture, before);
                    assertEquals(3 * slot + 2, fixture.intake.present(series, MIDNIGHT, MIDNIGHT.plus(DAY)));
                    fixture.accepted(meter, energy(3 * slot + 2, 5));
                    settleDuringProfiles(fixture, before);
                    assertEquals(3 * slot + 2, fixture.intake.present(series, MIDNIGHT.plusMillis(1), NOW));
                }
            }
        }
    }

    private void settleDuringProfiles(IntakeFixture fixture, boolean before) {
        Runnable settling = () -> {
            store.beforeProfiles = () -> {};
            store.afterProfiles = () -> {};
            fixture.intake.settle();
            assertEquals(0, fixture.intake.statistics().messagesUnsettled());
        };
        if (before) {
            store.beforeProfiles = settling;
        } else {
            store.afterProfiles = settling;
        }
    }

    @Test
    void readingsComeByMeterQuantityAndStartWhereverTheyAre() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            // m1 and m4 only in memory, m2 only in the store, m3 in both, with a quantity and a day in memory alone.
            fixture.accepted("m2", energy(1, 1), energy(0, 1));
            fixture.accepted("m3", energy(1, 1), energy(3, 1));
            fixture.intake.settle();
            fixture.accepted("m3", energy(2, 1), energy(0, 1), voltage(NOW, 230));
            fixture.accepted("m3", energy(-1, 1));
            fixture.accepted("m1", energy(0, 1));
            fixture.accepted("m4", voltage(NOW, 230), energy(0, 1));
            List<String> found = new ArrayList<>();
            fixture.intake.query(
                    new ReadingQuery(
                            List.of("m4", "m3", "m0", "m2", "m1"),
                            Optional.empty(),
                            MIDNIGHT.minus(DAY),
                            NOW.plus(DAY)),
                    reading -> found.add(text(reading)));
            assertEquals(
                    List.of(
                            "m4 1-0:1.8.0 0",
                            "m4 1-0:32.7.0 24",
                            "m3 1-0:1.8.0 -1",
                            "m3 1-0:1.8.0 0",
                            "m3 1-0:1.8.0 1",
                            "m3 1-0:1.8.0 2",
                            "m3 1-0:1.8.0 3",
                            "m3 1-0:32.7.0 24",
                            "m2 1-0:1.8.0 0",
                            "m2 1-0:1.8.0 1",
                            "m1 1-0:1.8.0 0"),
                    found);
            found.clear();
            fixture.intake.query(
                    ReadingQuery.of(List.of("m3", "m4"), ENERGY.obis(), MIDNIGHT, NOW.plus(DAY)),
                    reading -> found.add(text(reading)));
            assertEquals(5, found.size());
        }
    }

    private static String text(StoredReading stored) {
        long slot = Duration.between(MIDNIGHT, stored.reading().start()).dividedBy(HALF_HOUR);
        return stored.meter() + " " + stored.reading().quantity().obis() + " " + slot;
    }

    @Test
    void whatTheConsumerThrowsEndsTheQuery() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 1), energy(1, 1));
            fixture.intake.settle();
            List<StoredReading> found = new ArrayList<>();
            assertThrows(
                    IllegalStateException.class,
                    () -> fixture.intake.query(
                            ReadingQuery.of(List.of("m1"), ENERGY.obis(), MIDNIGHT, NOW), reading -> {
                                found.add(reading);
                                throw new IllegalStateException("enough");
                            }));
            assertEquals(1, found.size());
        }
    }

    @Test
    void theLatestIsTheLastByStartInEitherTier() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(9, 1));
            fixture.intake.settle();
            fixture.accepted("m1", energy(3, 2));
            assertEquals(energy(9, 1), fixture.intake.latest("m1").get(0).reading());
            fixture.accepted("m1", energy(10, 3));
            assertEquals(energy(10, 3), fixture.intake.latest("m1").get(0).reading());
            assertEquals(List.of(), fixture.intake.latest("m2"));
        }
    }

    @Test
    void presentCountsEachIntervalOnceInAnySpan() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            for (int slot = -48; slot < 24; slot += 2) {
                fixture.accepted("m1", energy(slot, 1));
            }
            fixture.intake.settle();
            for (int slot = -3; slot < 24; slot++) {
                fixture.accepted("m1", energy(slot, 1));
            }
            fixture.accepted("m1", new Reading(ENERGY, MIDNIGHT.plusSeconds(17), HALF_HOUR, 1, Quality.MEASURED));
            Instant yesterday = MIDNIGHT.minus(DAY);
            assertEquals(24 + 2, fixture.intake.present(energyOf("m1"), yesterday, MIDNIGHT));
            assertEquals(24, fixture.intake.present(energyOf("m1"), MIDNIGHT, MIDNIGHT.plus(DAY)));
            assertEquals(50, fixture.intake.present(energyOf("m1"), yesterday, NOW));
            assertEquals(1, fixture.intake.present(energyOf("m1"), MIDNIGHT, MIDNIGHT.plus(HALF_HOUR)));
            assertEquals(0, fixture.intake.present(energyOf("m1"), NOW, NOW));
            fixture.intake.settle();
            assertEquals(50, fixture.intake.present(energyOf("m1"), yesterday, NOW));
            assertEquals(1, fixture.intake.present(energyOf("m1"), MIDNIGHT, MIDNIGHT.plus(HALF_HOUR)));
            assertEquals(0, fixture.intake.present(new Series("m1", ENERGY, Duration.ofMinutes(15)), yesterday, NOW));
        }
    }

    @Test
    void aLocalDayOf23HoursHas46HalfHoursAndOneOf25HoursHas50() throws Exception {
        ZoneId london = ZoneId.of("Europe/London");
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            for (LocalDate day : List.of(LocalDate.of(2026, 3, 29), LocalDate.of(2026, 10, 25))) {
                Instant from = day.atStartOfDay(london).toInstant();
                Instant to = day.plusDays(1).atStartOfDay(london).toInstant();
                Instant first = from.minus(HALF_HOUR.multipliedBy(4));
                Reading[] readings = new Reading[60];
                for (int slot = 0; slot < readings.length; slot++) {
                    readings[slot] = new Reading(
                            ENERGY, first.plus(HALF_HOUR.multipliedBy(slot)), HALF_HOUR, slot, Quality.MEASURED);
                }
                fixture.accepted("m1", readings);
                int expected = day.getMonthValue() == 3 ? 46 : 50;
                assertEquals(expected, found(fixture, from, to));
                assertEquals(expected, fixture.intake.present(energyOf("m1"), from, to));
                fixture.intake.settle();
                assertEquals(expected, found(fixture, from, to));
                assertEquals(expected, fixture.intake.present(energyOf("m1"), from, to));
            }
        }
    }

    private static int found(IntakeFixture fixture, Instant from, Instant to) {
        List<StoredReading> found = new ArrayList<>();
        fixture.intake.query(ReadingQuery.of(List.of("m1"), ENERGY.obis(), from, to), found::add);
        return found.size();
    }
}
