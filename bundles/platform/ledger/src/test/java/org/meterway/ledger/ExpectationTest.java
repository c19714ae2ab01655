// SPDX-License-Identifier: EPL-2.0
package org.meterway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    @Test
    void aUtcDayHas48HalfHours() {
        assertEquals(48, intervals("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", HALF_HOUR));
    }

    @Test
    void aLocalDayOf23HoursHas46HalfHoursAndOneOf25HoursHas50() {
        ZoneId london = ZoneId.of("Europe/London");
        LocalDate spring = LocalDate.of(2026, 3, 29);
        LocalDate autumn = LocalDate.of(2026, 10, 25);
        assertEquals(
                46, Expectation.intervals(midnight(spring, london), midnight(spring.plusDays(1), london), HALF_HOUR));
        assertEquals(
                50, Expectation.intervals(midnight(autumn, london), midnight(autumn.plusDays(1), london), HALF_HOUR));
    }

    @Test
    void anIntervalCountsWhereItStarts() {
        assertEquals(1, intervals("2026-11-22T10:00:00Z", "2026-11-22T10:00:01Z", HALF_HOUR));
        assertEquals(0, intervals("2026-11-22T10:00:01Z", "2026-11-22T10:30:00Z", HALF_HOUR));
        assertEquals(0, intervals("2026-11-22T10:00:00.001Z", "2026-11-22T10:30:00Z", HALF_HOUR));
        assertEquals(1, intervals("2026-11-22T10:00:00.001Z", "2026-11-22T10:30:00.001Z", HALF_HOUR));
    }

    @Test
    void whatIsLeftOverAtTheEndOfADayIsNoWholeInterval() {
        Duration sevenHours = Duration.ofHours(7);
        assertEquals(3, intervals("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", sevenHours));
        assertEquals(6, intervals("2026-11-22T00:00:00Z", "2026-11-24T00:00:00Z", sevenHours));
        assertEquals(0, intervals("2026-11-22T20:00:00Z", "2026-11-23T00:00:00Z", sevenHours));
        assertEquals(
                Instant.parse("2026-11-23T00:00:00Z"),
                Expectation.alignUp(Instant.parse("2026-11-22T20:00:00Z"), sevenHours));
    }

    @Test
    void aMomentIsAlignedToTheNextStart() {
        assertEquals(
                Instant.parse("2026-11-22T10:30:00Z"),
                Expectation.alignUp(Instant.parse("2026-11-22T10:00:00.5Z"), HALF_HOUR));
        assertEquals(
                Instant.parse("2026-11-22T10:30:00Z"),
                Expectation.alignUp(Instant.parse("2026-11-22T10:30:00Z"), HALF_HOUR));
    }

    private static long intervals(String from, String to, Duration interval) {
        return Expectation.intervals(Instant.parse(from), Instant.parse(to), interval);
    }

    private static Instant midnight(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }
}
