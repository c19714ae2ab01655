// SPDX-License-Identifier: EPL-2.0
package org.meterway.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.meterway.api.event.Event;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.health.Health;
import org.osgi.util.converter.Converters;

class EventRingTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private EventRing events = ring(3, 3);

    private static EventRing ring(int remembered, int queue) {
        Config config = Converters.standardConverter()
                .convert(Map.of("events.remembered", remembered, "listener.queue", queue))
                .to(Config.class);
        return new EventRing(config, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void stop() throws InterruptedException {
        events.stop();
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("meterway-events")));
    }

    @Test
    void theNewestEventsAreRememberedInOrder() {
        for (int i = 1; i <= 5; i++) {
            events.publish("test", Severity.INFO, "m" + i, "event " + i);
        }
        assertEquals(
                List.of(3L, 4L, 5L),
                events.recent(0, 10).stream().map(Event::id).toList());
        assertEquals(List.of(5L), events.recent(4, 10).stream().map(Event::id).toList());
        assertEquals(
                List.of(4L, 5L), events.recent(0, 2).stream().map(Event::id).toList());
        assertEquals(List.of(), events.recent(5, 10));
        assertEquals(List.of(), events.recent(99, 10));
        Event newest = events.recent(4, 1).get(0);
        assertEquals("event 5", newest.text());
        assertEquals("m5", newest.meter().orElseThrow());
        assertEquals(NOW, newest.time());
    }

    @Test
    void listenersHearEveryEventInOrderEvenAfterOneFails() throws InterruptedException {
        LinkedBlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        events.bindListener(event -> {
            throw new IllegalStateException("a listener that fails");
        });
        events.bindListener(heard::add);
        for (int i = 1; i <= 3; i++) {
            events.publish("test", Severity.WARNING, "event " + i);
        }
        for (long id = 1; id <= 3; id++) {
            assertEquals(id, heard.poll(10, TimeUnit.SECONDS).id());
        }
    }

    @Test
    void aSlowListenerNeverBlocksThePublisherAndSkippedEventsAreCounted() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        events.bindListener(event -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        events.publish("test", Severity.INFO, "taken by the listener");
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        for (int i = 0; i < 5; i++) {
            events.publish("test", Severity.ALARM, "waits or is skipped");
        }
        Health health = events.health();
        assertEquals(Health.Status.DEGRADED, health.status());
        assertEquals(2L, health.values().get("skipped"));
        assertEquals(5L, health.values().get("alarms"));
        assertEquals(6, events.recent(5, 10).get(0).id());
        release.countDown();
    }

    @Test
    void lineBreaksInATextDoNotForgeLogLines() {
        events.publish("test", Severity.INFO, "one\nERROR two");
        assertFalse(events.recent(0, 1).get(0).text().contains("\n"));
    }

    @Test
    void aBadSizeIsRefusedWithTheKeysName() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ring(0, 1))
                .getMessage()
                .contains("events.remembered"));
    }
}
