// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.meter.Inventory;
import org.meterway.fleet.relay.Faults;
import org.meterway.fleet.relay.UdpRelay;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The fleet as a part of a running gateway, for demonstrations. */
@Designate(ocd = Config.class)
@Component(configurationPid = Config.PID, configurationPolicy = REQUIRE, immediate = true)
public final class MeterFleet implements HealthReporter {
    private final FleetSimulator simulator;
    private final ExecutorService planner =
            Executors.newSingleThreadExecutor(new NamedThreadFactory("meterway-fleet-inventory-"));

    @Activate
    public MeterFleet(Config config) {
        this.simulator = new FleetSimulator(fleetConfig(config));
        simulator.start();
    }

    static FleetConfig fleetConfig(Config config) {
        if (config._enrolment_key_hex().isBlank()) {
            throw new IllegalArgumentException(".enrolment.key.hex is missing: the meters talk DTLS only");
        }
        return FleetConfig.builder(new InetSocketAddress(config.host(), config.coaps_port()))
                .enrolmentKey(EnrolmentKey.ofHex(config._enrolment_key_hex()))
                .meters(config.meters())
                .days(config.days())
                .over(Duration.ofSeconds(config.seconds()))
                .seed(config.seed())
                .faults(new Faults(
                        config.loss_percent(),
                        config.loss_burst(),
                        config.duplicate_percent(),
                        config.reorder_percent(),
                        Duration.ofMillis(config.latency_ms()),
                        Duration.ofMillis(config.jitter_ms())))
                .restartsPerHour(config.restart_per_hour())
                .build();
    }

    /** An inventory has come: the meters are entered in it, in the background. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC)
    void setInventory(Inventory inventory) {
        List<MeterDescription> meters =
                simulator.meters().stream().map(SimulatedMeter::description).toList();
        planner.execute(new InventoryEntries(inventory, meters));
    }

    void unsetInventory(Inventory inventory) {
        // What was entered stays.
    }

    @Deactivate
    void stop() {
        planner.shutdownNow();
        simulator.close();
    }

    @Override
    public Health health() {
        Progress now = simulator.progress();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("virtualTime", now.virtualTime().toString());
        values.put("from", now.from().toString());
        values.put("to", now.to().toString());
        values.put("meters", now.meters());
        values.put("registered", now.registered());
        values.put("sent", now.sent());
        values.put("acknowledged", now.acknowledged());
        values.put("failed", now.failed());
        values.put("repeated", now.repeated());
        values.put("expected", now.expected());
        values.put("percent", now.percent());
        values.put("done", now.done());
        simulator.relay().map(UdpRelay::statistics).ifPresent(relay -> {
            values.put("relayReceived", relay.received());
            values.put("relayLost", relay.lost());
            values.put("relayDuplicated", relay.duplicated());
        });
        boolean all = now.registered() == now.meters();
        String text = "%d of %d meters registered, %s %% of the replay acknowledged"
                .formatted(now.registered(), now.meters(), now.percent());
        return new Health("fleet", all ? Health.Status.UP : Health.Status.DEGRADED, text, values);
    }
}
