// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.running.Storm;

class GovernorTest {
    private long millis = 1_800_000_000_000L;
    private final Clock clock = new Clock() {
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
            return Instant.ofEpochMilli(millis);
        }
    };
    private final Governor governor =
            new Governor(100, endpoint -> endpoint.startsWith("urgent") ? 9 : 0, clock, new Random(1));

    @Test
    void fewMetersAreAdmittedAtOnce() {
        for (int i = 0; i < 80; i++) {
            assertEquals(Optional.empty(), governor.admit("m" + i));
        }
        assertFalse(governor.storm().active());
    }

    @Test
    void manyMetersAreSpreadAndNoneIsPutOffForGood() {
        record Coming(long at, String meter) {}
        PriorityQueue<Coming> coming = new PriorityQueue<>((a, b) -> Long.compare(a.at(), b.at()));
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            coming.add(new Coming(millis + random.nextInt(2_000), "m" + i));
        }
        long start = millis;
        Map<Long, Integer> perSecond = new HashMap<>();
        Map<String, Integer> refusals = new HashMap<>();
        long last = 0;
        while (!coming.isEmpty()) {
            Coming next = coming.poll();
            millis = next.at();
            Optional<Duration> wait = governor.admit(next.meter());
            if (wait.isEmpty()) {
                perSecond.merge(millis / 1000, 1, Integer::sum);
                last = millis;
            } else {
                refusals.merge(next.meter(), 1, Integer::sum);
                assertTrue(governor.storm().active());
                // A Max-Age is whole seconds.
                long seconds = (wait.get().toMillis() + 999) / 1000;
                coming.add(new Coming(millis + seconds * 1000, next.meter()));
            }
        }
        int busiest =
                perSecond.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        assertTrue(busiest <= 200, "at most about the rate in a second, was " + busiest);
        assertTrue(refusals.values().stream().allMatch(times -> times <= 2), "each has to come again once or twice");
        // 10,000 at 80 a second, the fifth for urgent ones left free
        assertTrue(last - start < 135_000, "took " + (last - start));
    }

    @Test
    void anUrgentMeterFindsAPlaceThoughTheQueueIsLong() {
        for (int i = 0; i < 5_000; i++) {
            governor.admit("m" + i);
        }
        assertEquals(Optional.empty(), governor.admit("urgent"));
        Storm storm = governor.storm();
        assertTrue(storm.active());
        assertEquals(4_920, storm.waiting());
        long seconds = storm.expectedEnd().orElseThrow().getEpochSecond() - millis / 1000;
        assertTrue(seconds >= 61 && seconds <= 64, "expected to end in " + seconds + " s");
    }

    @Test
    void whenItIsCalmTheStormIsOver() {
        for (int i = 0; i < 1_000; i++) {
            governor.admit("m" + i);
        }
        assertTrue(governor.storm().active());
        millis += 60_000;
        assertFalse(governor.storm().active());
        assertEquals(Optional.empty(), governor.admit("m999"));
    }
}
