// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> told = new ArrayList<>();
    private final Outage outage = new Outage(
            "The store", "store", nanos::get, (type, severity, text) -> told.add(severity + " " + type + ": " + text));

    @Test
    void theWaitGrowsFromOneSecondToThirty() {
        List<Long> waits = new ArrayList<>();
        for (int failure = 0; failure < 7; failure++) {
            outage.failed("no space", new IOException("no space"));
            waits.add(outage.state().orElseThrow().retryAfter().toSeconds());
        }
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), waits);
    }

    @Test
    void beginningAndEndAreToldOnce() {
        outage.worked();
        outage.failed("no space", new IOException("no space"));
        outage.failed("no space", new IOException("no space"));
        nanos.addAndGet(Duration.ofSeconds(90).toNanos());
        outage.worked();
        outage.worked();
        assertEquals(
                List.of(
                        "ALARM store.failing: The store fails: no space",
                        "INFO store.recovered: The store works again after 90 s"),
                told);
    }

    @Test
    void aMissingServiceIsAWarningNotAnAlarm() {
        outage.missing();
        assertEquals(List.of("WARNING store.failing: The store fails: it is not there"), told);
    }

    @Test
    void itWaitsUntilItIsTimeToTryAgain() {
        assertFalse(outage.waiting());
        outage.failed("no space", new IOException("no space"));
        assertTrue(outage.waiting());
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertFalse(outage.waiting());
    }
}
