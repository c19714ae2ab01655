// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpoint;
import org.eclipse.leshan.transport.californium.identity.DefaultCoapIdentityHandler;
import org.eclipse.leshan.transport.californium.identity.DefaultCoapsIdentityHandler;
import org.eclipse.leshan.transport.californium.identity.IdentityHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Leshan client with the meter's objects, and LwM2M Send (LwM2M Core 1.1, 6.4.8) with payloads of our own. Thread-safe. */
final class MeterClient {
    private static final Logger LOG = LoggerFactory.getLogger(MeterClient.class);

    private static final int CLIENT_ERROR = 4;
    private static final int SHORT_SERVER_ID = 1;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration REGISTRATION_RETRY = Duration.ofSeconds(3);

    private final MeterDescription meter;
    private final FleetConfig config;
    private final ReplayClock clock;
    private final FleetRuntime runtime;
    private final IdentityHandler identities;

    private volatile Running running = Running.NONE;
    private boolean stopped;

    MeterClient(MeterDescription meter, FleetConfig config, ReplayClock clock, FleetRuntime runtime) {
        this.meter = meter;
        this.config = config;
        this.clock = clock;
        this.runtime = runtime;
        this.identities = runtime.secure() ? new DefaultCoapsIdentityHandler(true) : new DefaultCoapIdentityHandler();
    }

    /** What became of a Send; exactly one method is called, on a protocol thread. */
    interface SendOutcome {
        /** 2.04. */
        void accepted();

        /** 5.03: again after this time. */
        void busy(Duration maxAge);

        /** Any other answer. */
        void refused(String code, boolean registrationLost);

        /** No answer. */
        void silent();
    }

    synchronized void start() {
        if (stopped || running != Running.NONE) {
            return;
        }
        Running made = build();
        running = made;
        made.client.start();
    }

    synchronized void restart() {
        if (stopped || running == Running.NONE) {
            return;
        }
        destroy();
        start();
    }

    synchronized void stop() {
        stopped = true;
        destroy();
    }

    private void destroy() {
        Running old = running;
        running = Running.NONE;
        if (old.client != null) {
            old.client.destroy(false);
        }
    }

    boolean registered() {
        return running.registered;
    }

    /** Tells observers of the power that it has changed. */
    void powerChanged() {
        Running now = running;
        if (now.registered) {
            meter.registers().forEach(register -> now.registers.fireResourceChange(register.powerResource()));
        }
    }

    /** Asks the gateway whether it still knows the meter; Leshan registers anew when it does not. */
    void updateRegistration(boolean reconnect) {
        Running now = running;
        if (now.client == null) {
            return;
        }
        now.registered = false;
        if (reconnect) {
            now.client.getRegisteredServers().values().stream()
                    .findFirst()
                    .ifPresent(server -> now.client.getEndpoint(server).forceReconnection(server, false));
        }
        now.client.triggerRegistrationUpdate();
    }

    void send(byte[] senmlCbor, SendOutcome outcome) {
        Running now = running;
        LwM2mServer server = now.client == null
                ? null
                : now.client.getRegisteredServers().values().stream()
                        .findFirst()
                        .orElse(null);
        if (server == null || !(now.client.getEndpoint(server) instanceof CaliforniumClientEndpoint endpoint)) {
            throw new IllegalStateException("not registered");
        }
        Request request = Request.newPost();
        request.setDestinationContext(identities.createEndpointContext(server.getTransportData(), true));
        request.getOptions().setUriPath("/dp");
        request.getOptions().setContentFormat(SenmlCbor.CONTENT_FORMAT);
        request.setPayload(senmlCbor);
        request.addMessageObserver(new Waiting(outcome));
        endpoint.getCoapEndpoint().sendRequest(request);
    }

    private Running build() {
        Running made = new Running();
        MeterObjects objects = runtime.objects();
        made.registers = objects.registers(meter, clock::instant);
        String uri = (runtime.secure() ? "coaps://" : "coap://")
                + config.gateway().getAddress().getHostAddress() + ":"
                + config.gateway().getPort();
        Security security = config.enrolmentKey()
                .map(key -> Security.psk(
                        uri,
                        SHORT_SERVER_ID,
                        meter.endpoint().getBytes(StandardCharsets.UTF_8),
                        key.pskOf(meter.endpoint())))
                .orElseGet(() -> Security.noSec(uri, SHORT_SERVER_ID));
        DefaultRegistrationEngineFactory engine = new DefaultRegistrationEngineFactory();
        engine.setRequestTimeoutInMs(REQUEST_TIMEOUT.toMillis());
        engine.setDeregistrationTimeoutInMs(500);
        engine.setRetryWaitingTimeInMs((int) REGISTRATION_RETRY.toMillis());
        engine.setResumeOnConnect(false);
        made.client = new LeshanClientBuilder(meter.endpoint())
                .setObjects(List.of(
                        objects.single(LwM2mId.SECURITY, security),
                        objects.single(
                                LwM2mId.SERVER,
                                new Server(SHORT_SERVER_ID, config.lifetime().toSeconds())),
                        objects.single(LwM2mId.DEVICE, objects.device(meter, this::restartSoon)),
                        objects.single(LwM2mId.CONNECTIVITY_MONITORING, objects.connectivity()),
                        objects.single(LwM2mId.FIRMWARE, objects.firmware()),
                        objects.single(meter.kind().objectId(), made.registers)))
                .setEncoder(runtime.encoder())
                .setDecoder(runtime.decoder())
                .setSharedExecutor(runtime.registrationExecutor())
                .setRegistrationEngineFactory(engine)
                .setEndpointsProviders(runtime.endpoints())
                .build();
        made.client.addObserver(made);
        return made;
    }

    /** A reboot is answered before it happens. */
    private void restartSoon() {
        runtime.registrationExecutor().schedule(this::restart, 1, TimeUnit.SECONDS);
    }

    /** A client and what it knows of its registration. */
    private static final class Running extends LwM2mClientObserverAdapter {
        static final Running NONE = new Running();

        private LeshanClient client;
        private MeterObjects.Instance registers;
        private volatile boolean registered;

        @Override
        public void onRegistrationStarted(LwM2mServer server, RegisterRequest request) {
            registered = false;
        }

        @Override
        public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String registrationId) {
            registered = true;
        }

        @Override
        public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
            registered = true;
        }

        @Override
        public void onUpdateTimeout(LwM2mServer server, UpdateRequest request) {
            registered = false;
        }

        @Override
        public void onUpdateFailure(
                LwM2mServer server,
                UpdateRequest request,
                org.eclipse.leshan.core.ResponseCode code,
                String message,
                Exception cause) {
            registered = false;
        }

        @Override
        public void onUnexpectedError(Throwable error) {
            registered = false;
            LOG.error("a simulated meter's client has stopped", error);
        }
    }

    /** Turns Californium's many endings into one outcome. */
    private static final class Waiting extends MessageObserverAdapter {
        private final SendOutcome outcome;
        private final AtomicBoolean ended = new AtomicBoolean();

        Waiting(SendOutcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onResponse(Response response) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            ResponseCode code = response.getCode();
            if (code == ResponseCode.CHANGED) {
                outcome.accepted();
            } else if (code == ResponseCode.SERVICE_UNAVAILABLE) {
                long seconds = response.getOptions().hasMaxAge()
                        ? response.getOptions().getMaxAge()
                        : 60;
                outcome.busy(Duration.ofSeconds(Math.max(1, seconds)));
            } else {
                // Gateways that have forgotten a meter say so by 4.04, 4.03, 4.01 or, like Leshan, 4.00.
                outcome.refused(code.toString(), code.codeClass == CLIENT_ERROR);
            }
        }

        @Override
        public void onCancel() {
            failed();
        }

        @Override
        protected void failed() {
            if (ended.compareAndSet(false, true)) {
                outcome.silent();
            }
        }
    }
}
