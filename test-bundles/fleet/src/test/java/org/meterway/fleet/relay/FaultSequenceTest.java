// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultSequenceTest {
    private static final int MANY = 100_000;

    private static List<FaultSequence.Decision> decisions(Faults faults, long seed) {
        FaultSequence sequence = new FaultSequence(faults, seed);
        return IntStream.range(0, MANY).mapToObj(i -> sequence.next()).toList();
    }

    private static double lossPercent(List<FaultSequence.Decision> decisions) {
        return 100.0 * decisions.stream().filter(d -> d.copies() == 0).count() / decisions.size();
    }

    private static double meanBurst(List<FaultSequence.Decision> decisions) {
        long losses = decisions.stream().filter(d -> d.copies() == 0).count();
        long bursts = IntStream.range(1, decisions.size())
                .filter(i ->
                        decisions.get(i).copies() == 0 && decisions.get(i - 1).copies() != 0)
                .count();
        return (double) losses / bursts;
    }

    @Test
    void independentLossIsNearTheSetRate() {
        List<FaultSequence.Decision> decisions = decisions(Faults.loss(20), 1);

        assertEquals(20, lossPercent(decisions), 0.5);
        assertEquals(1.25, meanBurst(decisions), 0.05);
    }

    @Test
    void lossInBurstsHasTheSetRateAndLength() {
        List<FaultSequence.Decision> decisions = decisions(new Faults(10, 8, 0, 0, Duration.ZERO, Duration.ZERO), 2);

        assertEquals(10, lossPercent(decisions), 1);
        assertEquals(8, meanBurst(decisions), 0.6);
    }

    @Test
    void theSameSeedDecidesTheSame() {
        Faults faults = new Faults(20, 3, 5, 5, Duration.ofMillis(10), Duration.ofMillis(5));

        assertEquals(decisions(faults, 42), decisions(faults, 42));
        assertNotEquals(decisions(faults, 42), decisions(faults, 43));
    }

    @Test
    void duplicatesDelayAndReorderingAreAsSet() {
        Faults faults = new Faults(0, 1, 7, 4, Duration.ofMillis(30), Duration.ofMillis(10));
        List<FaultSequence.Decision> decisions = decisions(faults, 5);

        assertEquals(7, 100.0 * decisions.stream().filter(d -> d.copies() == 2).count() / MANY, 0.5);
        assertTrue(decisions.stream()
                .allMatch(d ->
                        d.delayNanos() >= 30_000_000 && d.delayNanos() <= 40_000_000 + Faults.HELD_BACK.toNanos()));
        long held = decisions.stream().filter(d -> d.delayNanos() > 40_000_000).count();
        assertEquals(4, 100.0 * held / MANY, 0.5);
    }

    @Test
    void aPerfectNetworkDoesNothing() {
        assertTrue(decisions(Faults.NONE, 1).stream().allMatch(d -> d.equals(new FaultSequence.Decision(1, 0))));
    }

    @Test
    void rangesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Faults.loss(-1));
        assertThrows(IllegalArgumentException.class, () -> Faults.loss(91));
        assertThrows(IllegalArgumentException.class, () -> new Faults(0, 0.5, 0, 0, Duration.ZERO, Duration.ZERO));
    }
}
