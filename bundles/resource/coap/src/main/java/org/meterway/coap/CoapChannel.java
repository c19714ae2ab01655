// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.codec.Codec;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.intake.Intake;
import org.meterway.api.meter.Inventory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CoAP channel as the rest of the gateway sees it: meters post readings here and cannot be commanded. */
@Designate(ocd = Config.class)
@Component(
        configurationPid = Config.PID,
        service = {Channel.class, HealthReporter.class})
public final class CoapChannel implements Channel, HealthReporter {
    static final String NAME = "coap";

    private static final Logger LOG = LoggerFactory.getLogger(CoapChannel.class);

    private final Inbound inbound;
    private final CoapListener listener;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL)
    private volatile @Nullable Intake intake;

    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    private volatile List<Codec> codecs = List.of();

    @Activate
    public CoapChannel(BundleContext context, @Reference Inventory inventory, Config config) {
        this(dataFolder(context), inventory, config, Clock.systemUTC());
    }

    CoapChannel(Path data, Inventory inventory, Config config, Clock clock) {
        port("coap.port", config.coap_port());
        port("coaps.port", config.coaps_port());
        atLeast("max.body.bytes", config.max_body_bytes(), 1024);
        atLeast("max.connections", config.max_connections(), 10);
        Complaints complaints = new Complaints(LOG, clock);
        inbound = new Inbound(
                inventory,
                new ContentFormats(() -> codecs),
                new CodecNames(() -> codecs),
                () -> intake,
                complaints,
                clock,
                config);
        boolean started = false;
        try {
            listener =
                    new CoapListener(config, data.resolve(NAME), inventory, complaints, inbound::post, inbound::frame);
            started = true;
        } finally {
            if (!started) {
                inbound.close();
            }
        }
        OptionalInt plain = listener.coapPort();
        LOG.info(
                "CoAP on {}: DTLS port {}, plain CoAP {}",
                config.host(),
                listener.coapsPort(),
                plain.isPresent() ? "port " + plain.getAsInt() : "closed");
    }

    private static Path dataFolder(BundleContext context) {
        String folder = context.getProperty("meterway.data");
        if (folder == null || folder.isBlank()) {
            throw new IllegalStateException("the framework property meterway.data is not set");
        }
        return Path.of(folder);
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
        listener.close();
        inbound.close();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Connection> connection(String meter) {
        return inbound.lastSeen.of(meter);
    }

    /** Always 0: nobody registers here. */
    @Override
    public int registered() {
        return 0;
    }

    @Override
    public int asleep() {
        return 0;
    }

    @Override
    public List<ManagedObject> objects(String meter) {
        return List.of();
    }

    @Override
    public CompletionStage<Answer> send(Command command) {
        return CompletableFuture.failedFuture(
                new IllegalArgumentException("meter " + command.meter() + " posts over CoAP and cannot be commanded"));
    }

    @Override
    public Health health() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("metersSeen", inbound.lastSeen.size());
        values.put("accepted", inbound.accepted.sum());
        values.put("rejected", inbound.rejected.sum());
        values.put("refused", inbound.refused.sum());
        values.put("busy", inbound.busy.sum());
        values.put("handshakesFailed", listener.handshakesFailed.sum());
        values.put("coapsPort", listener.coapsPort());
        listener.coapPort().ifPresent(port -> values.put("coapPort", port));
        boolean complete = intake != null;
        String text = inbound.lastSeen.size() + " meters have posted"
                + (complete ? "" : "; no intake, so meters are told to wait");
        return new Health(NAME, complete ? Health.Status.UP : Health.Status.DEGRADED, text, values);
    }

    /** The DTLS port in use, for tests. */
    int coapsPort() {
        return listener.coapsPort();
    }

    /** The port of plain CoAP in use, for tests. */
    int coapPort() {
        return listener.coapPort().orElseThrow();
    }

    /** For tests that wire the references themselves. */
    void bind(@Nullable Intake newIntake, List<Codec> newCodecs) {
        intake = newIntake;
        codecs = newCodecs;
    }
}
