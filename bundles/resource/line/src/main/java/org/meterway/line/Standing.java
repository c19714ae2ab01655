// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.meterway.api.line.LineStatus;
import org.meterway.api.meter.LineAddress;

/** How a meter stands on its line: the breaker that keeps a dead one from costing the others time. Thread-safe. */
final class Standing {
    private final Duration firstPause;
    private final Duration longestPause;
    private LineAddress address;
    private Optional<Instant> lastAnswer = Optional.empty();
    private Optional<Instant> skippedUntil = Optional.empty();
    private Duration pause = Duration.ZERO;
    private int failures;

    Standing(LineAddress address, Duration firstPause, Duration longestPause) {
        this.address = address;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
    }

    /** Where it is now. A meter that moved is asked at once. */
    synchronized void at(LineAddress now) {
        if (!address.equals(now)) {
            address = now;
            skippedUntil = Optional.empty();
            pause = Duration.ZERO;
        }
    }

    synchronized LineAddress address() {
        return address;
    }

    /** Returns whether it was silent before. */
    synchronized boolean answered(Instant now) {
        lastAnswer = Optional.of(now);
        boolean was = skippedUntil.isPresent();
        skippedUntil = Optional.empty();
        pause = Duration.ZERO;
        failures = 0;
        return was;
    }

    /** Returns whether it was not silent before. */
    synchronized boolean silent(Instant now) {
        boolean was = skippedUntil.isPresent();
        failures++;
        pause = pause.isZero() ? firstPause : pause.multipliedBy(2);
        if (pause.compareTo(longestPause) > 0) {
            pause = longestPause;
        }
        skippedUntil = Optional.of(now.plus(pause));
        return !was;
    }

    /** Until when it is left alone; empty when it may be asked. */
    synchronized Optional<Instant> skipped(Instant now) {
        return skippedUntil.filter(now::isBefore);
    }

    /** Whether it was left alone long enough to see whether it is back. */
    synchronized boolean due(Instant now) {
        return skippedUntil.filter(until -> !now.isBefore(until)).isPresent();
    }

    synchronized Optional<Instant> lastAnswer() {
        return lastAnswer;
    }

    synchronized Optional<Instant> skippedUntil() {
        return skippedUntil;
    }

    synchronized int failures() {
        return failures;
    }

    synchronized LineStatus.State state() {
        if (skippedUntil.isPresent()) {
            return LineStatus.State.SILENT;
        }
        return lastAnswer.isPresent() ? LineStatus.State.ANSWERING : LineStatus.State.UNKNOWN;
    }
}
