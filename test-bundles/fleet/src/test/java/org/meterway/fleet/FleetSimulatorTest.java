// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.fleet.profile.Profiles;
import org.meterway.fleet.relay.Faults;
import org.meterway.fleet.relay.UdpRelay;

/** Against Leshan's own server over real sockets. */
@Timeout(120)
class FleetSimulatorTest {
    private static final EnrolmentKey KEY = EnrolmentKey.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final Profiles PROFILES = Profiles.load();

    private static List<String> endpoints(int count) {
        return new FleetPlan(PROFILES, 1)
                .meters(count).stream().map(MeterDescription::endpoint).toList();
    }

    private static FleetConfig.Builder quick(InetSocketAddress gateway) {
        return FleetConfig.builder(gateway)
                .days(2)
                .over(Duration.ofSeconds(3))
                .acknowledgeTimeout(Duration.ofMillis(100))
                .backOff(Duration.ofMillis(50), Duration.ofSeconds(1));
    }

    /** Everything acknowledged is there, with its value, and nothing else. */
    private static void assertAllArrived(FleetSimulator fleet, LeshanGateway gateway) {
        assertNull(gateway.error.get());
        for (SimulatedMeter meter : fleet.meters()) {
            Map<String, NavigableMap<Instant, BigDecimal>> received =
                    gateway.received.get(meter.description().endpoint());
            List<SimulatedReading> acknowledged = meter.acknowledged().toList();
            Instant from = fleet.progress().from();
            Instant to = fleet.progress().to();
            assertTrue(acknowledged.containsAll(meter.readings(from, to)), "everything up to the end is acknowledged");
            acknowledged.forEach(reading -> assertEquals(
                    0,
                    reading.value().compareTo(received.get(reading.path()).get(reading.time())),
                    () -> meter.description().endpoint() + " " + reading));
            assertEquals(
                    meter.description().registers().size(),
                    received.size(),
                    () -> meter.description().endpoint() + " sends nothing else: " + received.keySet());
        }
    }

    @Test
    void everyIntervalArrivesOverDtls() throws Exception {
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(10));
                FleetSimulator fleet = new FleetSimulator(
                        quick(gateway.address()).enrolmentKey(KEY).meters(10).build(), PROFILES)) {
            fleet.start();

            Progress end = fleet.done().get(60, TimeUnit.SECONDS);

            assertAllArrived(fleet, gateway);
            assertTrue(end.done());
            assertEquals(100, end.percent());
            assertEquals(10, end.registered());
            assertTrue(end.acknowledged() >= end.expected());
            // Two whole days: 48 or 24 intervals a day, and those of today.
            assertTrue(end.expected() >= 2 * (6 * 48 + 3 * 24 + 2 * 24), () -> "expected " + end.expected());
            assertEquals(0, end.failed());
        }
    }

    @Test
    void everyIntervalArrivesThroughABadNetwork() throws Exception {
        Faults faults = new Faults(20, 1, 10, 10, Duration.ofMillis(5), Duration.ofMillis(5));
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(10));
                FleetSimulator fleet = new FleetSimulator(
                        quick(gateway.address())
                                .enrolmentKey(KEY)
                                .meters(10)
                                .faults(faults)
                                .build(),
                        PROFILES)) {
            fleet.start();

            fleet.done().get(100, TimeUnit.SECONDS);

            assertAllArrived(fleet, gateway);
            UdpRelay.Statistics relay = fleet.relay().orElseThrow().statistics();
            assertTrue(relay.lost() > 20, () -> "lost " + relay.lost());
            assertTrue(relay.duplicated() > 10, () -> "duplicated " + relay.duplicated());
        }
    }

    @Test
    void nothingIsLostWhenTheGatewayStartsAnew() throws Exception {
        LeshanGateway first = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(5));
        InetSocketAddress address = first.address();
        try (FleetSimulator fleet = new FleetSimulator(
                quick(address)
                        .enrolmentKey(KEY)
                        .over(Duration.ofSeconds(6))
                        .meters(5)
                        .build(),
                PROFILES)) {
            fleet.start();
            first.firstSend.get(30, TimeUnit.SECONDS);
            first.close();
            try (LeshanGateway second = new LeshanGateway(Protocol.COAPS, address.getPort(), KEY, endpoints(5))) {
                fleet.done().get(90, TimeUnit.SECONDS);

                first.received.forEach((endpoint, paths) -> paths.forEach((path, values) ->
                        second.received.get(endpoint).get(path).putAll(values)));
                assertAllArrived(fleet, second);
            }
        } finally {
            first.close();
        }
    }

    @Test
    void everyIntervalArrivesOverPlainCoap() throws Exception {
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAP, 0, KEY, List.of());
                FleetSimulator fleet =
                        new FleetSimulator(quick(gateway.address()).meters(5).build(), PROFILES)) {
            fleet.start();

            fleet.done().get(60, TimeUnit.SECONDS);

            assertAllArrived(fleet, gateway);
        }
    }

    @Test
    void aMeterThatRestartsKeepsWhatIsUnsent() throws Exception {
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(4));
                FleetSimulator fleet = new FleetSimulator(
                        quick(gateway.address())
                                .enrolmentKey(KEY)
                                .meters(4)
                                .restartsPerHour(3_600)
                                .build(),
                        PROFILES)) {
            fleet.start();

            fleet.done().get(60, TimeUnit.SECONDS);

            assertAllArrived(fleet, gateway);
        }
    }

    @Test
    void theDeviceObjectSaysWhatTheInventoryKnows() throws Exception {
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(1));
                FleetSimulator fleet = new FleetSimulator(
                        quick(gateway.address()).enrolmentKey(KEY).meters(1).build(), PROFILES)) {
            fleet.start();
            fleet.done().get(60, TimeUnit.SECONDS);
            MeterDescription meter = fleet.meters().get(0).description();

            assertEquals(meter.kind().vendor(), gateway.read(meter.endpoint(), "/3/0/0"));
            assertEquals(meter.kind().model(), gateway.read(meter.endpoint(), "/3/0/1"));
            assertEquals(meter.serial(), gateway.read(meter.endpoint(), "/3/0/2"));
            double register = (Double) gateway.read(
                    meter.endpoint(), meter.energyPath(meter.registers().get(0)));
            SimulatedReading last =
                    fleet.meters().get(0).acknowledged().reduce((a, b) -> b).orElseThrow();
            assertTrue(register >= last.value().doubleValue());
            assertTrue(register < last.value().doubleValue() + 3_000);
        }
    }

    @Test
    void closingStopsEveryThread() throws Exception {
        try (LeshanGateway gateway = new LeshanGateway(Protocol.COAPS, 0, KEY, endpoints(3))) {
            FleetSimulator fleet = new FleetSimulator(
                    quick(gateway.address())
                            .enrolmentKey(KEY)
                            .meters(3)
                            .faults(Faults.loss(1))
                            .build(),
                    PROFILES);
            fleet.start();
            fleet.done().get(60, TimeUnit.SECONDS);

            fleet.close();

            String left = Thread.getAllStackTraces().keySet().stream()
                    .filter(Thread::isAlive)
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("meterway-fleet"))
                    .collect(Collectors.joining(", "));
            assertEquals("", left);
            assertFalse(fleet.meters().get(0).registered());
        }
    }
}
