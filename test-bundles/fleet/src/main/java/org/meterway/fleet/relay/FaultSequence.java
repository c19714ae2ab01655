// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.relay;

import java.util.SplittableRandom;

/**
 * Decides what happens to the first, second, … datagram of one peer in one direction. The same seed gives the same decisions. Not
 * thread-safe.
 */
public final class FaultSequence {
    private final Faults faults;
    private final SplittableRandom random;
    private final double toBad;
    private final double toGood;
    private boolean bad;

    public FaultSequence(Faults faults, long seed) {
        this.faults = faults;
        this.random = new SplittableRandom(seed);
        double loss = faults.lossPercent() / 100;
        if (faults.burst() > 1) {
            this.toGood = 1 / faults.burst();
            this.toBad = Math.min(1, toGood * loss / (1 - loss));
        } else {
            this.toGood = 1 - loss;
            this.toBad = loss;
        }
        this.bad = random.nextDouble() < loss;
    }

    /**
     * What happens to one datagram.
     *
     * @param copies how often it arrives; 0: lost
     * @param delayNanos how late it arrives
     */
    public record Decision(int copies, long delayNanos) {}

    /** Decides about the next datagram. Takes the same number of random numbers whatever it decides. */
    public Decision next() {
        boolean lost = bad;
        bad = bad ? random.nextDouble() >= toGood : random.nextDouble() < toBad;
        boolean twice = random.nextDouble() * 100 < faults.duplicatePercent();
        boolean held = random.nextDouble() * 100 < faults.reorderPercent();
        double jitter = random.nextDouble() * faults.jitter().toNanos();
        if (lost) {
            return new Decision(0, 0);
        }
        long delay = faults.latency().toNanos() + (long) jitter + (held ? Faults.HELD_BACK.toNanos() : 0);
        return new Decision(twice ? 2 : 1, delay);
    }
}
