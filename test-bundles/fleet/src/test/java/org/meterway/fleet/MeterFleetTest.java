// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.meterway.api.health.Health;
import org.meterway.fleet.relay.Faults;
import org.osgi.util.converter.Converters;

class MeterFleetTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f";

    private static Config config(Map<String, Object> properties) {
        return Converters.standardConverter().convert(properties).to(Config.class);
    }

    @Test
    void theKeysOfTheConfigurationAreRead() {
        FleetConfig fleet = MeterFleet.fleetConfig(config(Map.of(
                ".enrolment.key.hex", KEY, "meters", 7, "seconds", 90, "coaps.port", 15684, "loss.percent", 12.5)));

        assertEquals(7, fleet.meters());
        assertEquals(30, fleet.days());
        assertEquals(Duration.ofSeconds(90), fleet.over());
        assertEquals(15684, fleet.gateway().getPort());
        assertEquals(Faults.loss(12.5), fleet.faults());
        assertTrue(fleet.enrolmentKey().isPresent());
    }

    @Test
    void wrongConfigurationIsRefusedWithTheKeyThatIsWrong() {
        assertSays(".enrolment.key.hex", Map.of());
        assertSays("meters", Map.of(".enrolment.key.hex", KEY, "meters", 0));
        assertSays("days", Map.of(".enrolment.key.hex", KEY, "days", 4_000));
        assertSays("loss.percent", Map.of(".enrolment.key.hex", KEY, "loss.percent", 95));
    }

    private static void assertSays(String key, Map<String, Object> properties) {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> MeterFleet.fleetConfig(config(properties)));
        assertTrue(error.getMessage().startsWith(key), error.getMessage());
    }

    @Test
    void withoutAGatewayTheHealthIsDegradedAndTheFleetStillStops() {
        MeterFleet fleet = new MeterFleet(config(Map.of(".enrolment.key.hex", KEY, "meters", 3, "coaps.port", 1)));
        try {
            Health health = fleet.health();

            assertEquals("fleet", health.name());
            assertEquals(Health.Status.DEGRADED, health.status());
            assertEquals(3, health.values().get("meters"));
            assertEquals(0, health.values().get("registered"));
            assertEquals(false, health.values().get("done"));
        } finally {
            fleet.stop();
        }
    }
}
