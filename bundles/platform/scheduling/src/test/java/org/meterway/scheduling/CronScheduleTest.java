// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.scheduling.dispatch.Schedule;

class CronScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> between(Schedule schedule, String from, String to) {
        List<String> found = new ArrayList<>();
        long end = Instant.parse(to).toEpochMilli();
        long at = Instant.parse(from).toEpochMilli() - 1;
        while (true) {
            OptionalLong next = schedule.next(at);
            if (next.isEmpty() || next.getAsLong() >= end) {
                return found;
            }
            assertTrue(next.getAsLong() > at, "times must grow");
            at = next.getAsLong();
            found.add(Instant.ofEpochMilli(at).toString());
        }
    }

    @Test
    void aDayOf23HoursHas23Hours() {
        Schedule hourly = new CronSchedule("0 * * * *", BERLIN);
        assertEquals(
                23,
                between(hourly, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z").size());
    }

    @Test
    void aDayOf25HoursHas25Hours() {
        Schedule hourly = new CronSchedule("0 * * * *", BERLIN);
        List<String> day = between(hourly, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        assertEquals(25, day.size());
        assertEquals(25, day.stream().distinct().count());
    }

    @Test
    void quarterHoursGoThroughBothClockChanges() {
        Schedule quarters = new CronSchedule("*/15 * * * *", BERLIN);
        assertEquals(
                92,
                between(quarters, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
                        .size());
        assertEquals(
                100,
                between(quarters, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
                        .size());
    }

    @Test
    void aLocalTimeThatIsLeftOutIsDueAnHourLaterThatDay() {
        Schedule daily = new CronSchedule("30 2 * * *", BERLIN);
        assertEquals(
                List.of("2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
                between(daily, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"));
    }

    @Test
    void aTimePutOffByAGapHidesNoTimeAfterTheGap() {
        Schedule several = new CronSchedule("0,45 2,3 * * *", BERLIN);
        assertEquals(
                List.of("2026-03-29T01:00:00Z", "2026-03-29T01:45:00Z"),
                between(several, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"));
        Schedule both = new CronSchedule("0,45 2-3 29 3 *", BERLIN);
        assertEquals(
                List.of("2026-03-29T01:00:00Z", "2026-03-29T01:45:00Z"),
                between(both, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"));
    }

    @Test
    void aLocalTimeThatComesTwiceIsDueOnce() {
        Schedule daily = new CronSchedule("30 2 * * *", BERLIN);
        assertEquals(
                List.of("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
                between(daily, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"));
    }

    @Test
    void everySecondHourIsMetOnceEachOnBothDays() {
        Schedule second = new CronSchedule("0 */2 * * *", BERLIN);
        assertEquals(
                12,
                between(second, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z").size());
        assertEquals(
                12,
                between(second, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z").size());
    }

    @Test
    void halfAnHourOfClockChangeIsUnderstood() {
        // Lord Howe moves its clocks by 30 minutes.
        Schedule daily = new CronSchedule("15 2 * * *", ZoneId.of("Australia/Lord_Howe"));
        assertEquals(
                8,
                between(daily, "2026-10-01T00:00:00Z", "2026-10-09T00:00:00Z").size());
        Schedule hourly = new CronSchedule("0 * * * *", ZoneId.of("Australia/Lord_Howe"));
        assertTrue(
                between(hourly, "2026-10-03T13:00:00Z", "2026-10-04T13:00:00Z").size() >= 23);
    }

    @Test
    void the29thOfFebruaryComesInLeapYears() {
        Schedule leap = new CronSchedule("0 0 29 2 *", ZoneId.of("UTC"));
        assertEquals(
                OptionalLong.of(Instant.parse("2028-02-29T00:00:00Z").toEpochMilli()),
                leap.next(Instant.parse("2026-11-22T00:00:00Z").toEpochMilli()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 30 2 *",
                "0 0 31 4,6,9,11 *",
                "0 0 31 2 *",
                "60 * * * *",
                "* 24 * * *",
                "0 0 0 * *",
                "* * * *",
                "0 0 * * * *",
                "",
                "a b c d e",
                "0 0 * * 9"
            })
    void whatCannotComeTrueIsRefused(String expression) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new CronSchedule(expression, BERLIN));
        assertTrue(refused.getMessage().contains("cron expression"), refused.getMessage());
    }

    @Test
    void everySpanIsAlignedWithMidnight() {
        Schedule every = Schedule.every(900_000, 60_000);
        assertEquals(
                List.of("2026-11-22T00:01:00Z", "2026-11-22T00:16:00Z"),
                between(every, "2026-11-22T00:00:00Z", "2026-11-22T00:30:00Z"));
    }
}
