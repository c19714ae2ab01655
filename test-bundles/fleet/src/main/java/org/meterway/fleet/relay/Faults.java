// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.relay;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a bad network does to datagrams, in each direction.
 *
 * @param lossPercent datagrams lost in the long run, 0 to 90
 * @param burst mean number of datagrams lost in a row; 1: every loss is independent; more: a two-state model (Gilbert 1960; Elliott
 *     1963) that loses everything in its bad state
 * @param duplicatePercent datagrams that arrive twice, 0 to 100
 * @param reorderPercent datagrams held back so that later ones overtake them, 0 to 100
 * @param latency how long each datagram takes
 * @param jitter how much longer it may take, evenly spread
 */
public record Faults(
        double lossPercent,
        double burst,
        double duplicatePercent,
        double reorderPercent,
        Duration latency,
        Duration jitter) {
    /** A perfect network. */
    public static final Faults NONE = new Faults(0, 1, 0, 0, Duration.ZERO, Duration.ZERO);

    /** How long a datagram is held back to be overtaken, on top of latency and jitter. */
    static final Duration HELD_BACK = Duration.ofMillis(25);

    public Faults {
        requireNonNull(latency, "latency");
        requireNonNull(jitter, "jitter");
        range("loss.percent", lossPercent, 0, 90);
        range("loss.burst", burst, 1, 1_000);
        range("duplicate.percent", duplicatePercent, 0, 100);
        range("reorder.percent", reorderPercent, 0, 100);
        range("latency.ms", latency.toMillis(), 0, 60_000);
        range("jitter.ms", jitter.toMillis(), 0, 60_000);
    }

    /** Independent losses and nothing else. */
    public static Faults loss(double percent) {
        return new Faults(percent, 1, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    private static void range(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", was " + value);
        }
    }
}
