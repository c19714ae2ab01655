// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.event.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happens to meters, in the log and as events, but not more often than anyone can read: a power cut makes ten
 * thousand meters register at once. What was left out is summed up. Thread-safe.
 */
final class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final long WINDOW_MILLISECONDS = 10_000;
    private static final int PER_WINDOW = 50;
    /** Kinds are few; this only keeps a mistake from growing the map. */
    private static final int MOST_KINDS = 100;

    private final Supplier<@Nullable Events> events;
    private final Clock clock;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    Alerts(Supplier<@Nullable Events> events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Something about a meter of the inventory. */
    void meter(String type, Severity severity, String meter, String text) {
        if (!admit(type)) {
            return;
        }
        Events receiver = events.get();
        if (receiver != null) {
            // Writes it into the log as well.
            receiver.publish(type, severity, meter, text);
        } else if (severity == Severity.INFO) {
            LOG.info("{}: {}", meter, text);
        } else {
            LOG.warn("{}: {}", meter, text);
        }
    }

    /** Something about a peer that is no known meter. */
    void stranger(String type, String text) {
        if (!admit(type)) {
            return;
        }
        Events receiver = events.get();
        if (receiver != null) {
            receiver.publish(type, Severity.WARNING, text);
        } else {
            LOG.warn("{}", text);
        }
    }

    /** Only for the log. */
    void log(String kind, String text) {
        if (admit("log " + kind)) {
            LOG.warn("{}", text);
        }
    }

    /** Publishes how many were left out in windows that are over. Called now and then. */
    void sumUp() {
        long now = clock.millis();
        windows.forEach((type, window) -> {
            long left = window.close(now);
            if (left > 0) {
                String text = left + " more of the kind '" + type + "' in the last seconds are not shown one by one";
                Events receiver = events.get();
                if (receiver != null && !type.startsWith("log ")) {
                    receiver.publish(type, Severity.INFO, text);
                } else {
                    LOG.warn("{}", text);
                }
            }
        });
    }

    private boolean admit(String type) {
        Window window = windows.get(type);
        if (window == null) {
            if (windows.size() >= MOST_KINDS) {
                return false;
            }
            window = windows.computeIfAbsent(type, absent -> new Window());
        }
        return window.admit(clock.millis());
    }

    private static final class Window {
        private long start;
        private int admitted;
        private long left;

        synchronized boolean admit(long now) {
            if (now - start >= WINDOW_MILLISECONDS && left == 0) {
                start = now;
                admitted = 0;
            }
            if (admitted < PER_WINDOW) {
                admitted++;
                return true;
            }
            left++;
            return false;
        }

        synchronized long close(long now) {
            if (now - start < WINDOW_MILLISECONDS) {
                return 0;
            }
            long result = left;
            start = now;
            admitted = 0;
            left = 0;
            return result;
        }
    }
}
