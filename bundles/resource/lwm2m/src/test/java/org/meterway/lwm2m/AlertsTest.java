// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.meterway.api.event.Event.Severity;

class AlertsTest {
    private final TestEvents events = new TestEvents();
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final Alerts alerts = new Alerts(() -> events, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void aThousandMetersAtOnceAreSummedUp() {
        for (int i = 0; i < 1000; i++) {
            alerts.meter("meter.registered", Severity.INFO, "m" + i, "registered");
        }
        assertEquals(50, events.recent(0, 2000).size());
        alerts.meter("meter.refused", Severity.WARNING, "m", "another kind is not held back");
        assertEquals(51, events.recent(0, 2000).size());
        now = now.plusSeconds(11);
        alerts.sumUp();
        assertEquals(52, events.recent(0, 2000).size());
        assertTrue(events.recent(0, 2000).get(51).text().startsWith("950 more"));
        alerts.meter("meter.registered", Severity.INFO, "m", "registered");
        assertEquals(53, events.recent(0, 2000).size());
    }
}
