// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;

/** Collects events and lets a test wait for one. */
final class TestEvents implements Events {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @Override
    public void publish(String type, Event.Severity severity, String text) {
        events.add(new Event(1, Instant.EPOCH, type, severity, Optional.empty(), text));
    }

    @Override
    public void publish(String type, Event.Severity severity, String meter, String text) {
        events.add(new Event(1, Instant.EPOCH, type, severity, Optional.of(meter), text));
    }

    Event await(String type) throws InterruptedException {
        while (true) {
            Event event = events.poll(30, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event " + type + " within 30 s");
            }
            if (event.type().equals(type)) {
                return event;
            }
        }
    }

    @Override
    public List<Event> recent(long after, int limit) {
        return List.copyOf(events);
    }
}
