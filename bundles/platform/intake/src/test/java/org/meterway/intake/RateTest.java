// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Rate rate = new Rate(nanos::get);

    @Test
    void aSteadyStreamGivesItsRate() {
        for (int second = 0; second < 30; second++) {
            rate.add(100);
            nanos.addAndGet(SECOND);
            assertEquals(100.0, rate.perSecond());
        }
    }

    @Test
    void aBurstIsForgottenAfterTenSeconds() {
        rate.add(1_000);
        nanos.addAndGet(5 * SECOND);
        assertEquals(200.0, rate.perSecond());
        nanos.addAndGet(5 * SECOND);
        assertEquals(100.0, rate.perSecond());
        nanos.addAndGet(SECOND);
        assertEquals(0.0, rate.perSecond());
        nanos.addAndGet(1_000 * SECOND);
        rate.add(50);
        nanos.addAndGet(SECOND);
        assertEquals(5.0, rate.perSecond());
    }
}
