// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.meterway.api.line.LineStatus;
import org.meterway.api.meter.LineAddress;

class StandingTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final LineAddress HERE = new LineAddress("north", "plain", "7", Map.of());

    private final Standing standing = new Standing(HERE, Duration.ofSeconds(5), Duration.ofSeconds(12));

    @Test
    void pausesGrowToTheirLimitWhileTheMeterIsSilent() {
        assertTrue(standing.silent(NOW));
        assertEquals(Optional.of(NOW.plusSeconds(5)), standing.skipped(NOW));
        assertFalse(standing.due(NOW.plusSeconds(4)));
        assertTrue(standing.due(NOW.plusSeconds(5)));
        assertEquals(Optional.empty(), standing.skipped(NOW.plusSeconds(5)));
        assertFalse(standing.silent(NOW)); // it was before
        assertEquals(Optional.of(NOW.plusSeconds(10)), standing.skipped(NOW));
        standing.silent(NOW);
        standing.silent(NOW);
        assertEquals(Optional.of(NOW.plusSeconds(12)), standing.skipped(NOW));
        assertEquals(LineStatus.State.SILENT, standing.state());
    }

    @Test
    void anAnswerEndsThePauseAndTheNextOneIsShortAgain() {
        assertEquals(LineStatus.State.UNKNOWN, standing.state());
        standing.silent(NOW);
        standing.silent(NOW);
        assertTrue(standing.answered(NOW));
        assertFalse(standing.answered(NOW));
        assertEquals(LineStatus.State.ANSWERING, standing.state());
        assertEquals(Optional.empty(), standing.skippedUntil());
        standing.silent(NOW);
        assertEquals(Optional.of(NOW.plusSeconds(5)), standing.skipped(NOW));
    }

    @Test
    void aMeterThatGotAnotherAddressIsAskedAtOnce() {
        standing.silent(NOW);
        standing.at(HERE);
        assertTrue(standing.skipped(NOW).isPresent());
        standing.at(new LineAddress("north", "plain", "8", Map.of()));
        assertEquals(Optional.empty(), standing.skipped(NOW));
    }
}
