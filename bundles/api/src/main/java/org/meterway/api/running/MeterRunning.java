// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.running;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The running state of a meter.
 *
 * @param meter its id
 * @param zone the zone it is in; empty if unknown
 * @param condition how it is judged
 * @param until until when that is expected to last: the next time it wakes, or is tried again; empty if not known
 * @param roundTrip smoothed time from command to answer; empty while none was measured
 * @param loss smoothed share of attempts that were not answered, 0–1
 * @param lastHeard when it was heard of last since the gateway started; empty if never
 */
public record MeterRunning(
        String meter,
        String zone,
        Condition condition,
        Optional<Instant> until,
        Optional<Duration> roundTrip,
        double loss,
        Optional<Instant> lastHeard) {
    public MeterRunning {
        requireNonNull(meter, "meter");
        requireNonNull(zone, "zone");
        requireNonNull(condition, "condition");
        requireNonNull(until, "until");
        requireNonNull(roundTrip, "roundTrip");
        requireNonNull(lastHeard, "lastHeard");
    }
}
