// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The meters' time: it starts some days ago at midnight UTC, runs faster than the wall clock until it has caught up with it, and
 * then runs with it. Thread-safe.
 */
public final class ReplayClock {
    private final Clock wall;
    private final Instant started;
    private final Instant from;
    private final Instant to;

    /**
     * Starts now.
     *
     * @param wall real time
     * @param days how many days ago the virtual time starts, the first one from its midnight UTC
     * @param over how long catching up takes; zero: the virtual time is the real one from the start
     */
    public ReplayClock(Clock wall, int days, Duration over) {
        this.wall = wall;
        this.started = wall.instant();
        this.from = started.minus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
        this.to = started.plus(over);
    }

    /** The virtual time now. */
    public Instant instant() {
        Instant now = wall.instant();
        if (!now.isBefore(to)) {
            return now;
        }
        Duration run = Duration.between(started, now);
        return from.plusMillis((long) (run.toMillis() * compression()));
    }

    /** Where the virtual time starts. */
    public Instant from() {
        return from;
    }

    /** When it has caught up with real time. */
    public Instant to() {
        return to;
    }

    public boolean live() {
        return !wall.instant().isBefore(to);
    }

    /** How many virtual seconds pass in a real one now. */
    public double speed() {
        return live() ? 1 : compression();
    }

    private double compression() {
        return (double) Duration.between(from, to).toMillis()
                / Math.max(1, Duration.between(started, to).toMillis());
    }
}
