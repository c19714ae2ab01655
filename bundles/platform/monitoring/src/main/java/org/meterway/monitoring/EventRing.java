// SPDX-License-Identifier: EPL-2.0
package org.meterway.monitoring;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.meterway.api.event.Event;
import org.meterway.api.event.EventListener;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest events in a ring. Listeners hear of them in order on one thread; when they are slower than events come, those that
 * do not fit in the queue are skipped for listeners (never for {@link #recent}) and counted.
 */
@Designate(ocd = Config.class)
@Component(
        service = {Events.class, HealthReporter.class},
        configurationPid = Config.PID)
public final class EventRing implements Events, HealthReporter {
    private static final Logger LOG = LoggerFactory.getLogger("org.meterway.events");
    private static final int MAX_TEXT = 1_000;

    private final Clock clock;
    private final Event[] ring;
    private final BlockingQueue<Event> waiting;
    private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final long[] bySeverity = new long[Event.Severity.values().length];
    private long last;
    private long skipped;
    private volatile boolean running = true;

    @Activate
    public EventRing(Config config) {
        this(config, Clock.systemUTC());
    }

    EventRing(Config config, Clock clock) {
        this.clock = clock;
        this.ring = new Event[positive("events.remembered", config.events_remembered())];
        this.waiting = new ArrayBlockingQueue<>(positive("listener.queue", config.listener_queue()));
        this.thread = new Thread(this::hand, "meterway-events");
        thread.setDaemon(true);
        thread.start();
    }

    @Deactivate
    public void stop() throws InterruptedException {
        running = false;
        thread.interrupt();
        thread.join(2_000);
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
    void bindListener(EventListener listener) {
        listeners.add(listener);
    }

    void unbindListener(EventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void publish(String type, Event.Severity severity, String text) {
        publish(type, severity, Optional.empty(), text);
    }

    @Override
    public void publish(String type, Event.Severity severity, String meter, String text) {
        publish(type, severity, Optional.of(meter), text);
    }

    private void publish(String type, Event.Severity severity, Optional<String> meter, String text) {
        String line = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
        Event event;
        synchronized (ring) {
            event = new Event(last + 1, Instant.now(clock), type, severity, meter, line.replaceAll("\\p{Cntrl}", " "));
            last++;
            ring[(int) (last % ring.length)] = event;
            bySeverity[severity.ordinal()]++;
            if (!waiting.offer(event)) {
                skipped++;
            }
        }
        log(event);
    }

    @Override
    public List<Event> recent(long after, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, was " + limit);
        }
        synchronized (ring) {
            long oldest = Math.max(Math.max(last - ring.length, last - limit), Math.max(after, 0));
            List<Event> found = new ArrayList<>((int) Math.max(0, last - oldest));
            for (long id = oldest + 1; id <= last; id++) {
                found.add(ring[(int) (id % ring.length)]);
            }
            return found;
        }
    }

    @Override
    public Health health() {
        Map<String, Object> values = new LinkedHashMap<>();
        synchronized (ring) {
            values.put("events", last);
            values.put("warnings", bySeverity[Event.Severity.WARNING.ordinal()]);
            values.put("alarms", bySeverity[Event.Severity.ALARM.ordinal()]);
            values.put("listeners", listeners.size());
            values.put("waiting", waiting.size());
            values.put("skipped", skipped);
            return skipped == 0
                    ? new Health("events", Health.Status.UP, last + " events", values)
                    : new Health(
                            "events", Health.Status.DEGRADED, skipped + " events skipped for slow listeners", values);
        }
    }

    private void hand() {
        while (running) {
            try {
                Event event = waiting.take();
                for (EventListener listener : listeners) {
                    tell(listener, event);
                }
            } catch (InterruptedException e) {
                if (!running) {
                    return; // anything else was meant for a listener and is over
                }
            }
        }
    }

    private static void tell(EventListener listener, Event event) {
        try {
            listener.happened(event);
        } catch (RuntimeException e) {
            LOG.warn("listener {} failed on event {}", listener.getClass().getName(), event.id(), e);
        }
    }

    private static void log(Event event) {
        String meter = event.meter().map(id -> " [" + id + "]").orElse("");
        switch (event.severity()) {
            case INFO -> LOG.info("{}{}: {}", event.type(), meter, event.text());
            case WARNING -> LOG.warn("{}{}: {}", event.type(), meter, event.text());
            case ALARM -> LOG.error("{}{}: {}", event.type(), meter, event.text());
        }
    }

    private static int positive(String key, int value) {
        if (value < 1 || value > 1_000_000) {
            throw new IllegalArgumentException(key + " must be 1 to 1,000,000, was " + value);
        }
        return value;
    }
}
