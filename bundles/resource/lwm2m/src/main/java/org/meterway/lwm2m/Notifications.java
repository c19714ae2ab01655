// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.observation.ObservationIdentifier;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.transport.californium.ObserveUtil;
import org.eclipse.leshan.transport.californium.identity.IdentityHandler;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Takes in what meters report unasked (LwM2M Core 1.1, 6.4.2) and what they answer to reads, as frames. A confirmable
 * notification is acknowledged when its readings are durable, see {@link AckHolder}; if intake is busy it is tried again as long
 * as the acknowledgement may wait.
 */
final class Notifications {
    private static final Duration RETRY = Duration.ofMillis(400);

    private final Registrations registrations;
    private final Inbound inbound;
    private final MeteringPaths metering;
    private final Alerts alerts;
    private final Counters counters;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Duration patience;
    private final Consumer<Registration> heardOf;

    /**
     * @param patience how long a notification is tried again when intake is busy
     * @param heardOf told when a registered meter was heard of
     */
    Notifications(
            Registrations registrations,
            Inbound inbound,
            MeteringPaths metering,
            Alerts alerts,
            Counters counters,
            Clock clock,
            ScheduledExecutorService timer,
            Duration patience,
            Consumer<Registration> heardOf) {
        this.registrations = registrations;
        this.inbound = inbound;
        this.metering = metering;
        this.alerts = alerts;
        this.counters = counters;
        this.clock = clock;
        this.timer = timer;
        this.patience = patience;
        this.heardOf = heardOf;
    }

    /** A notification came. Runs on a protocol thread. */
    void notified(Request observe, Response notification, EndpointUri endpoint, IdentityHandler identities) {
        String registrationId = observe.getUserContext().get(ObserveUtil.CTX_REGID);
        Registration registration =
                registrationId == null ? null : registrations.store().getRegistration(registrationId);
        if (registration == null) {
            return;
        }
        String meter = Gatekeeper.meterOf(registration);
        LwM2mPeer sender = identities.getIdentity(notification);
        if (!(sender instanceof IpPeer peer) || !registrations.refresh(registration, peer)) {
            alerts.log("stray notification", meter + ": a notification from " + sender + " is not taken");
            return;
        }
        heardOf.accept(registration);
        List<LwM2mPath> paths = ObserveUtil.getPathsFromContext(observe.getUserContext());
        if (notification.isError()) {
            // The meter has ended the observation (RFC 7641, 4.2); it is made again at the next registration.
            registrations
                    .store()
                    .removeObservation(
                            registrationId,
                            new ObservationIdentifier(
                                    endpoint, notification.getToken().getBytes()));
            alerts.log(
                    "observation ended", meter + ": ended the observation of " + paths + ": " + notification.getCode());
            return;
        }
        Optional<Frame> frame = frame(meter, paths, notification);
        if (frame.isEmpty()) {
            return;
        }
        counters.notifications.increment();
        Runnable acknowledge = AckHolder.claim();
        Instant until = clock.instant().plus(patience);
        deliver(frame.get(), until).whenComplete((done, failure) -> {
            acknowledge.run();
            if (failure != null) {
                lost(meter, paths, Inbound.cause(failure));
            }
        });
    }

    /**
     * Takes in a meter's answer to a read or the first answer to an observation.
     *
     * @return completes when its readings are durable or were refused, at once if it holds none
     */
    CompletionStage<?> answered(String meter, List<LwM2mPath> paths, @Nullable Object coapResponse) {
        if (!(coapResponse instanceof Response response)) {
            return CompletableFuture.completedFuture(null);
        }
        Optional<Frame> frame = frame(meter, paths, response);
        if (frame.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return inbound.accept(frame.get()).handle((receipt, failure) -> {
            if (failure != null) {
                lost(meter, paths, Inbound.cause(failure));
            }
            return null;
        });
    }

    private void lost(String meter, List<LwM2mPath> paths, Throwable cause) {
        counters.notificationsLost.increment();
        String what = cause instanceof FrameRejectedException ? "refused" : "could not be kept";
        alerts.log(
                "values lost",
                meter + ": values of " + paths + " " + what + ": "
                        + Gatekeeper.printable(String.valueOf(cause.getMessage())));
    }

    private Optional<Frame> frame(String meter, List<LwM2mPath> paths, Response response) {
        byte[] payload = response.getPayload();
        if (payload == null || payload.length == 0 || !metering.concerns(meter, paths) && !appData(paths)) {
            return Optional.empty();
        }
        // A resource without a content format is plain text by default (RFC 7252, 5.5.2 leaves it to the application).
        int code =
                response.getOptions().hasContentFormat() ? response.getOptions().getContentFormat() : 0;
        Optional<String> contentType = ContentTypes.ofCode(code);
        if (contentType.isEmpty()) {
            alerts.log("content format", meter + ": content format " + code + " of " + paths + " is not understood");
            return Optional.empty();
        }
        String target = paths.size() == 1 ? paths.get(0).toString() : "";
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return Optional.of(new Frame(meter, Inbound.NAME, contentType.get(), target, now, payload));
    }

    private static boolean appData(List<LwM2mPath> paths) {
        return paths.stream().anyMatch(path -> AppData.concerns(path.toString()));
    }

    private CompletionStage<?> deliver(Frame frame, Instant until) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        attempt(frame, until, result);
        return result;
    }

    private void attempt(Frame frame, Instant until, CompletableFuture<Object> result) {
        inbound.accept(frame).whenComplete((receipt, failure) -> {
            if (failure == null) {
                result.complete(receipt);
                return;
            }
            Throwable cause = Inbound.cause(failure);
            boolean again = !(cause instanceof FrameRejectedException)
                    && clock.instant().plus(RETRY).isBefore(until)
                    && !timer.isShutdown();
            if (again) {
                timer.schedule(() -> attempt(frame, until, result), RETRY.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                result.completeExceptionally(cause);
            }
        });
    }
}
