// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.event.Event.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether something works, and if not, since when and when to try again. Says once that an outage began and once that it ended,
 * however often it fails in between. Thread-safe; reading it takes no lock.
 */
final class Outage {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    /**
     * An outage under way.
     *
     * @param reason what failed last
     * @param sinceNanos when it began
     * @param retryAfter wait after the last failure
     * @param retryAtNanos when to try again
     */
    record State(String reason, long sinceNanos, Duration retryAfter, long retryAtNanos) {}

    /** Where the beginning and the end are told. */
    @FunctionalInterface
    interface Teller {
        void tell(String type, Severity severity, String text);
    }

    private final String what;
    private final String eventType;
    private final LongSupplier nanos;
    private final Teller teller;
    private volatile Optional<State> state = Optional.empty();

    /**
     * @param what does not work, begins a sentence: {@code The store}
     * @param eventType the events are this with {@code .failing} and {@code .recovered}
     */
    Outage(String what, String eventType, LongSupplier nanos, Teller teller) {
        this.what = what;
        this.eventType = eventType;
        this.nanos = nanos;
        this.teller = teller;
    }

    /** The outage, if there is one. */
    Optional<State> state() {
        return state;
    }

    /** Whether it is too early to try again. */
    boolean waiting() {
        Optional<State> now = state;
        return now.isPresent() && nanos.getAsLong() - now.get().retryAtNanos() < 0;
    }

    /** It is away, as while its bundle is replaced. */
    void missing() {
        failed("it is not there", Severity.WARNING, null);
    }

    /** It failed. */
    void failed(String reason, Throwable cause) {
        failed(reason, Severity.ALARM, cause);
    }

    /** Each failure in a row doubles the wait, from 1 to 30 s. */
    private synchronized void failed(String reason, Severity severity, @Nullable Throwable cause) {
        long now = nanos.getAsLong();
        Duration wait = SHORTEST;
        long since = now;
        if (state.isPresent()) {
            Duration doubled = state.get().retryAfter().multipliedBy(2);
            wait = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
            since = state.get().sinceNanos();
        } else {
            LOG.warn("{} fails: {}", what, reason, cause);
            teller.tell(eventType + ".failing", severity, what + " fails: " + reason);
        }
        state = Optional.of(new State(reason, since, wait, now + wait.toNanos()));
    }

    /** It works. */
    synchronized void worked() {
        if (state.isPresent()) {
            Duration lasted = Duration.ofNanos(nanos.getAsLong() - state.get().sinceNanos());
            state = Optional.empty();
            LOG.info("{} works again after {} s", what, lasted.toSeconds());
            teller.tell(
                    eventType + ".recovered", Severity.INFO, what + " works again after " + lasted.toSeconds() + " s");
        }
    }
}
