// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.leshan.core.endpoint.DefaultEndPointUriHandler;
import org.eclipse.leshan.core.endpoint.EndPointUriHandler;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.queue.PresenceServiceImpl;
import org.eclipse.leshan.server.queue.StaticClientAwakeTimeProvider;
import org.eclipse.leshan.server.registration.Deregistration;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationServiceImpl;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerEndpointFactory;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.AdmissionControl;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.event.Events;
import org.meterway.api.intake.Intake;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.dtls.ServerKeys;

/** Puts the channel's parts together and owns its sockets and threads. */
final class Lwm2mServer implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int WAITING_REGISTRATIONS = 20_000;
    /** So long a refused peer's connection stays, for the answer to reach it. */
    private static final long REFUSAL_MILLISECONDS = 500;

    private static final long STOP_SECONDS = 5;

    final Counters counters = new Counters();
    final ObjectModels models = new ObjectModels();
    final Alerts alerts;
    final Gatekeeper gatekeeper;
    final Registrations registrations;
    final Inbound inbound;
    final Notifications notifications;
    final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, Threads.named("lwm2m-timer"));
    final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_REGISTRATIONS),
            Threads.named("lwm2m-worker"));
    final Endpoints endpoints;
    final LeshanServer leshan;
    final CommandQueue queue;
    final Commands commands;

    private final Set<LwM2mIdentity> toDisconnect = ConcurrentHashMap.newKeySet();

    Lwm2mServer(
            Config config,
            Path folder,
            Inventory inventory,
            DeviceModels deviceModels,
            Supplier<@Nullable Intake> intake,
            Supplier<@Nullable Events> events,
            Supplier<@Nullable AdmissionControl> admission,
            Clock clock) {
        timer.setRemoveOnCancelPolicy(true);
        worker.allowCoreThreadTimeOut(true);
        alerts = new Alerts(events, clock);
        gatekeeper = new Gatekeeper(inventory, alerts, counters, this::disconnectLater);
        registrations =
                new Registrations(inventory, gatekeeper, registration -> timer.execute(() -> recheck(registration)));
        inbound = new Inbound(intake, new AppData(inventory, alerts));
        notifications = new Notifications(
                registrations,
                inbound,
                new MeteringPaths(deviceModels, models),
                alerts,
                counters,
                clock,
                timer,
                Duration.ofMillis(config.ack_hold_milliseconds()),
                this::heardOf);
        Configuration settings = CoapSettings.of(config);
        endpoints = new Endpoints(
                settings,
                factories(config),
                timer,
                (receiver, toolbox, identities) -> List.of(
                        new RegistrationResource(
                                receiver,
                                toolbox.getLinkParser(),
                                identities,
                                toolbox.getUriHandler(),
                                worker,
                                admission,
                                alerts,
                                counters),
                        new SendResource(
                                registrations,
                                inbound,
                                alerts,
                                counters,
                                clock,
                                config.max_body_bytes(),
                                this::heardOf,
                                identities)),
                notifications::notified);
        leshan = leshan(config, keys(config, folder));
        queue = new CommandQueue(
                leshan, registrations, timer, counters, config.commands_per_meter(), config.commands_in_all());
        leshan.getPresenceService().addListener(queue);
        leshan.getRegistrationService().addListener(queue);
        commands = new Commands(registrations, models, queue, notifications);
        DeviceFacts facts = new DeviceFacts(inventory, deviceModels, queue, alerts, worker);
        leshan.getRegistrationService()
                .addListener(new DesiredState(registrations, deviceModels, queue, notifications, facts, alerts));
    }

    private LeshanServer leshan(Config config, ServerKeys keys) {
        LeshanServerBuilder builder = new LeshanServerBuilder();
        builder.setEndpointsProviders(endpoints);
        builder.setRegistrationStore(registrations.store());
        builder.setSecurityStore(gatekeeper);
        builder.setAuthorizer(gatekeeper);
        builder.setObjectModelProvider(models);
        builder.setClientAwakeTimeProvider(
                new StaticClientAwakeTimeProvider((int) TimeUnit.SECONDS.toMillis(config.awake_seconds())));
        builder.setLinkParser(new LenientLinkParser());
        builder.setPrivateKey(keys.privateKey());
        builder.setCertificateChain(keys.chain().toArray(X509Certificate[]::new));
        if (!config.trust_file().isEmpty()) {
            builder.setTrustedCertificates(trusted(Path.of(config.trust_file())));
        }
        return builder.build();
    }

    private List<CaliforniumServerEndpointFactory> factories(Config config) {
        EndPointUriHandler uris = new DefaultEndPointUriHandler();
        List<CaliforniumServerEndpointFactory> factories = new ArrayList<>();
        if (config.coap_open()) {
            factories.add(new CoapServerEndpointFactory(
                    uris.createUri("coap", Endpoints.address(config.host(), config.coap_port())),
                    "coap",
                    null,
                    builder -> holdAcknowledgements(builder, config),
                    uris));
        }
        factories.add(new CoapsServerEndpointFactory(
                uris.createUri("coaps", Endpoints.address(config.host(), config.coaps_port())),
                "coaps",
                null,
                dtls -> dtls.setSessionListener(new HandshakeWatch(alerts, counters)),
                builder -> holdAcknowledgements(builder, config),
                uris));
        return factories;
    }

    private static void holdAcknowledgements(CoapEndpoint.Builder builder, Config config) {
        builder.setCoapStackFactory((protocol, tag, settings, matcher, outbox, custom) ->
                AckHolder.stack(tag, settings, matcher, outbox, config.ack_hold_milliseconds()));
    }

    private static ServerKeys keys(Config config, Path folder) {
        boolean configured = !config.key_file().isEmpty();
        Path file = configured ? Path.of(config.key_file()) : folder.resolve("server.pem");
        try {
            return configured ? ServerKeys.load(file) : ServerKeys.loadOrCreate(file);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("the server key in " + file + " cannot be used: " + unusable, unusable);
        }
    }

    private static X509Certificate[] trusted(Path file) {
        try {
            X509Certificate[] certificates = ServerKeys.certificates(file).toArray(X509Certificate[]::new);
            if (certificates.length == 0) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            return certificates;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("trust.file " + file + " cannot be used: " + unusable, unusable);
        }
    }

    /** Opens the sockets, or throws and leaves none open. */
    void start(int recheckSeconds) {
        try {
            leshan.start();
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
        timer.scheduleWithFixedDelay(this::recheckAll, recheckSeconds, recheckSeconds, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(alerts::sumUp, 10, 10, TimeUnit.SECONDS);
    }

    PresenceServiceImpl presence() {
        return (PresenceServiceImpl) leshan.getPresenceService();
    }

    boolean asleep(Registration registration) {
        return registration.usesQueueMode() && !presence().isClientAwake(registration);
    }

    PresenceCount presenceCount() {
        List<Registration> all = registrations.all();
        int asleep = (int) all.stream().filter(this::asleep).count();
        return new PresenceCount(all.size(), asleep);
    }

    /** A message came from a registered meter: in queue mode it listens now (LwM2M Core 1.1, 6.5). */
    private void heardOf(Registration registration) {
        if (registration.usesQueueMode()) {
            presence().setAwake(registration);
        }
    }

    private void recheckAll() {
        try {
            registrations.all().forEach(this::recheck);
        } catch (RuntimeException failed) {
            alerts.log("recheck", "registered meters could not be checked: " + failed);
        }
    }

    /** Ends the registration and connection of a meter that may not be registered any more. */
    void recheck(Registration registration) {
        gatekeeper.whyNotAnyMore(registration).ifPresent(reason -> {
            Deregistration gone = registrations.store().removeRegistration(registration.getId());
            if (gone == null) {
                return;
            }
            ((RegistrationServiceImpl) leshan.getRegistrationService())
                    .fireUnregistered(gone.getRegistration(), gone.getObservations(), null);
            counters.refused.increment();
            alerts.meter(
                    Gatekeeper.REFUSED,
                    Severity.WARNING,
                    Gatekeeper.meterOf(registration),
                    "its registration and connection are closed: " + reason);
            LwM2mIdentity identity = registration.getClientTransportData().getIdentity();
            if (identity.isSecure()) {
                disconnectLater(identity);
            }
        });
    }

    private void disconnectLater(LwM2mIdentity identity) {
        if (toDisconnect.add(identity)) {
            timer.schedule(this::disconnect, REFUSAL_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    private void disconnect() {
        Set<LwM2mIdentity> now = Set.copyOf(toDisconnect);
        if (!now.isEmpty()) {
            toDisconnect.removeAll(now);
            endpoints.disconnect(now::contains);
        }
    }

    /** Closes sockets and ends threads; the ports are free when it returns. */
    @Override
    public void close() {
        queue.close();
        worker.shutdownNow();
        timer.shutdownNow();
        leshan.destroy();
        try {
            worker.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
