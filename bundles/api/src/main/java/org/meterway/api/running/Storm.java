// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.running;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * How the gateway copes with many meters that come back at once.
 *
 * @param active whether registrations are put off now
 * @param since since when; empty if it is not active
 * @param admittedPerSecond how many registrations are admitted per second
 * @param admitted registrations admitted since the storm began, or since the gateway started if there is none
 * @param putOff how often a meter was told to come later, in the same time
 * @param waiting meters told to come later that have not come yet
 * @param expectedEnd when all of them are expected to be registered; empty if it is not active
 */
public record Storm(
        boolean active,
        Optional<Instant> since,
        int admittedPerSecond,
        long admitted,
        long putOff,
        int waiting,
        Optional<Instant> expectedEnd) {
    public Storm {
        requireNonNull(since, "since");
        requireNonNull(expectedEnd, "expectedEnd");
    }
}
