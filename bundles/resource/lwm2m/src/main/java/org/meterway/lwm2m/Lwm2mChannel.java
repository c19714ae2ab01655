// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.registration.Registration;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.AdmissionControl;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ConnectionListener;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.intake.Intake;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The LwM2M channel as the rest of the gateway sees it. */
@Designate(ocd = Config.class)
@Component(
        configurationPid = Config.PID,
        service = {Channel.class, HealthReporter.class})
public final class Lwm2mChannel implements Channel, HealthReporter {
    private static final Logger LOG = LoggerFactory.getLogger(Lwm2mChannel.class);

    private final Lwm2mServer server;
    private final MeterLog meterLog;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL)
    private volatile @Nullable Intake intake;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL)
    private volatile @Nullable Events events;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL)
    private volatile @Nullable AdmissionControl admission;

    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    private volatile Collection<ConnectionListener> listeners = List.of();

    @Activate
    public Lwm2mChannel(
            BundleContext context,
            @Reference Inventory inventory,
            @Reference DeviceModels deviceModels,
            Config config) {
        this(dataFolder(context), inventory, deviceModels, config, Clock.systemUTC());
    }

    Lwm2mChannel(Path data, Inventory inventory, DeviceModels deviceModels, Config config, Clock clock) {
        validate(config);
        server = new Lwm2mServer(
                config,
                data.resolve(Inbound.NAME),
                inventory,
                deviceModels,
                () -> intake,
                () -> events,
                () -> admission,
                clock);
        meterLog = new MeterLog(inventory, server.alerts, clock);
        server.leshan.getRegistrationService().addListener(meterLog);
        Tidings tidings = new Tidings(() -> listeners);
        server.leshan.getRegistrationService().addListener(tidings);
        server.leshan.getPresenceService().addListener(tidings);
        server.start(config.recheck_seconds());
        LOG.info(
                "LwM2M on {}: DTLS port {}, plain CoAP {}",
                config.host(),
                server.endpoints.port(Protocol.COAPS).orElse(0),
                server.endpoints.port(Protocol.COAP).isPresent()
                        ? "port " + server.endpoints.port(Protocol.COAP).getAsInt()
                        : "closed");
    }

    private static Path dataFolder(BundleContext context) {
        String folder = context.getProperty("meterway.data");
        if (folder == null || folder.isBlank()) {
            throw new IllegalStateException("the framework property meterway.data is not set");
        }
        return Path.of(folder);
    }

    private static void validate(Config config) {
        port("coap.port", config.coap_port());
        port("coaps.port", config.coaps_port());
        atLeast("max.body.bytes", config.max_body_bytes(), 1024);
        atLeast("max.connections", config.max_connections(), 10);
        atLeast("commands.per.meter", config.commands_per_meter(), 1);
        atLeast("commands.in.all", config.commands_in_all(), 1);
        atLeast("awake.seconds", config.awake_seconds(), 1);
        atLeast("recheck.seconds", config.recheck_seconds(), 1);
        if (config.ack_hold_milliseconds() < 0 || config.ack_hold_milliseconds() > 2_000) {
            throw new IllegalArgumentException(
                    "ack.hold.milliseconds must be 0 to 2000, was " + config.ack_hold_milliseconds());
        }
    }

    private static void port(String key, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(key + " must be 0 to 65535, was " + value);
        }
    }

    private static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", was " + value);
        }
    }

    @Deactivate
    void stop() {
        server.close();
    }

    @Override
    public String name() {
        return Inbound.NAME;
    }

    @Override
    public Optional<Connection> connection(String meter) {
        Optional<Registration> registration = server.registrations.ofMeter(meter);
        if (registration.isEmpty()) {
            return meterLog.lastSeen(meter);
        }
        Registration now = registration.get();
        return Optional.of(new Connection(
                Inbound.NAME,
                server.asleep(now) ? Connection.State.ASLEEP : Connection.State.REGISTERED,
                MeterLog.address(now),
                now.getLastUpdate().toInstant()));
    }

    @Override
    public int registered() {
        return server.presenceCount().registered();
    }

    @Override
    public int asleep() {
        return server.presenceCount().asleep();
    }

    @Override
    public List<ManagedObject> objects(String meter) {
        return server.registrations
                .ofMeter(meter)
                .map(registration -> ObjectTree.of(registration, server.models))
                .orElse(List.of());
    }

    @Override
    public CompletionStage<Answer> send(Command command) {
        return server.commands.submit(command);
    }

    @Override
    public Health health() {
        Counters counters = server.counters;
        PresenceCount presence = server.presenceCount();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("registered", presence.registered());
        values.put("asleep", presence.asleep());
        values.put("sends", counters.accepted.sum());
        values.put("busy", counters.busy.sum());
        values.put("rejected", counters.rejected.sum());
        values.put("notifications", counters.notifications.sum());
        values.put("notificationsLost", counters.notificationsLost.sum());
        values.put("putOff", counters.putOff.sum());
        values.put("refused", counters.refused.sum());
        values.put("handshakesFailed", counters.handshakesFailed.sum());
        values.put("commands", counters.commands.sum());
        values.put("commandsUnanswered", counters.commandsUnanswered.sum());
        values.put("commandsWaiting", server.queue.waiting());
        server.endpoints.port(Protocol.COAPS).ifPresent(port -> values.put("coapsPort", port));
        server.endpoints.port(Protocol.COAP).ifPresent(port -> values.put("coapPort", port));
        boolean complete = server.inbound.present();
        String text = presence.registered() + " meters registered, " + presence.asleep() + " of them asleep"
                + (complete ? "" : "; no intake, so meters are told to wait");
        return new Health(Inbound.NAME, complete ? Health.Status.UP : Health.Status.DEGRADED, text, values);
    }

    /** Ports in use, for tests. */
    int port(Protocol protocol) {
        return server.endpoints.port(protocol).orElseThrow();
    }

    /** For tests that admit. */
    void bind(AdmissionControl control) {
        admission = control;
    }

    /** For tests that listen. */
    void bind(ConnectionListener listener) {
        listeners = List.of(listener);
    }

    /** For tests that wire the references themselves. */
    void bind(@Nullable Intake newIntake, @Nullable Events newEvents) {
        intake = newIntake;
        events = newEvents;
    }
}
