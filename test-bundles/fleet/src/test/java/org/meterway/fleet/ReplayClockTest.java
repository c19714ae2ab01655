// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ReplayClockTest {
    private static final class SetClock extends Clock {
        private Instant now = Instant.parse("2026-11-22T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final SetClock wall = new SetClock();

    @Test
    void virtualTimeStartsAtMidnightAndMeetsRealTime() {
        ReplayClock clock = new ReplayClock(wall, 2, Duration.ofSeconds(60));

        assertEquals(Instant.parse("2026-11-20T00:00:00Z"), clock.from());
        assertEquals(clock.from(), clock.instant());
        assertEquals(Instant.parse("2026-11-22T12:01:00Z"), clock.to());

        wall.now = wall.now.plusSeconds(30);
        assertEquals(Instant.parse("2026-11-21T06:00:30Z"), clock.instant());
        assertFalse(clock.live());
        assertEquals(3601, clock.speed(), 0.001);

        wall.now = wall.now.plusSeconds(30);
        assertEquals(wall.now, clock.instant());
        assertTrue(clock.live());
        assertEquals(1, clock.speed());

        wall.now = wall.now.plusSeconds(5000);
        assertEquals(wall.now, clock.instant());
    }

    @Test
    void withoutAReplayVirtualTimeIsRealTime() {
        ReplayClock clock = new ReplayClock(wall, 1, Duration.ZERO);

        assertTrue(clock.live());
        assertEquals(wall.now, clock.instant());
        assertEquals(Instant.parse("2026-11-21T00:00:00Z"), clock.from());
    }
}
