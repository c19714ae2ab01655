// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.event.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a line's port open: opens it again when it vanished, at once the first time and then with growing pauses. Used by the line's
 * thread, except for {@link #abort}, {@link #open} and {@link #trouble}.
 */
final class PortKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(PortKeeper.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);
    /** A port that is lost sooner was never well. */
    private static final long WELL_AFTER = TimeUnit.SECONDS.toNanos(5);

    /** Opens the port; blocks for a few seconds at most. */
    @FunctionalInterface
    interface Opener {
        Transport open() throws IOException;
    }

    private final String line;
    private final String port;
    private final Opener opener;
    private final LineServices services;
    private final Traffic traffic;
    private final LongSupplier nanos;
    private volatile @Nullable Transport transport;
    private volatile String trouble = "not opened yet";
    private boolean announced;
    private int failures;
    private long openedAt;
    private long nextAttempt;

    PortKeeper(String line, String port, Opener opener, LineServices services, Traffic traffic, LongSupplier nanos) {
        this.line = line;
        this.port = port;
        this.opener = opener;
        this.services = services;
        this.traffic = traffic;
        this.nanos = nanos;
        this.nextAttempt = nanos.getAsLong();
    }

    /** The open port; empty while it cannot be opened. */
    Optional<Transport> ensure() {
        Transport open = transport;
        if (open != null) {
            return Optional.of(open);
        }
        if (nanos.getAsLong() - nextAttempt < 0) {
            return Optional.empty();
        }
        try {
            open = opener.open();
        } catch (IOException | RuntimeException e) {
            fail(e);
            if (!announced) {
                announced = true;
                LOG.warn("line {}: {} cannot be opened, trying on: {}", line, port, e.getMessage());
                services.tell(
                        "line.port.lost",
                        Event.Severity.ALARM,
                        "Line " + line + " has no port: " + port + " (" + e.getMessage() + ")");
            }
            return Optional.empty();
        }
        transport = open;
        openedAt = nanos.getAsLong();
        traffic.opened.increment();
        if (announced) {
            announced = false;
            LOG.info("line {}: {} is open again", line, port);
            services.tell("line.port.returned", Event.Severity.INFO, "Line " + line + " has its port again: " + port);
        }
        return Optional.of(open);
    }

    /** How long until it makes sense to {@link #ensure} again. */
    long pause() {
        return Math.max(0, nextAttempt - nanos.getAsLong());
    }

    void lost(IOException why) {
        close();
        traffic.lost.increment();
        LOG.info("line {}: {}", line, why.getMessage());
        if (nanos.getAsLong() - openedAt < WELL_AFTER) {
            fail(why);
        } else {
            failures = 0;
            trouble = String.valueOf(why.getMessage());
            nextAttempt = nanos.getAsLong();
        }
    }

    private void fail(Exception why) {
        long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 10));
        failures++;
        trouble = String.valueOf(why.getMessage());
        nextAttempt = nanos.getAsLong() + pause;
    }

    void close() {
        Transport open = transport;
        transport = null;
        if (open != null) {
            open.close();
        }
    }

    void abort() {
        Transport open = transport;
        if (open != null) {
            open.abort();
        }
    }

    boolean open() {
        return transport != null;
    }

    /** Why the port is not open. */
    String trouble() {
        return trouble;
    }
}
