// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.time.Instant;

/**
 * How far a fleet has come.
 *
 * @param virtualTime the meters' time now
 * @param from where the replay started
 * @param to where it meets real time
 * @param meters meters simulated
 * @param registered meters registered now
 * @param expected readings from {@code from} to {@code to}
 * @param sent readings sent at least once
 * @param acknowledged readings answered by 2.04
 * @param repeated readings sent again because no answer, or a negative one, came
 * @param failed Sends that were not answered by 2.04
 * @param done whether every meter has every reading up to {@code to} acknowledged
 */
public record Progress(
        Instant virtualTime,
        Instant from,
        Instant to,
        int meters,
        int registered,
        long expected,
        long sent,
        long acknowledged,
        long repeated,
        long failed,
        boolean done) {
    /** How much of the replay is acknowledged, 0 to 100, rounded down to a tenth. */
    public double percent() {
        return done || expected == 0 ? 100 : Math.min(100, acknowledged * 1000 / expected / 10.0);
    }
}
