// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.transport.californium.LwM2mCoapResource;
import org.eclipse.leshan.transport.californium.identity.IdentityHandlerProvider;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.IntakeBusyException;

/**
 * Takes the Send operation (LwM2M Core 1.1, 6.4.6). The answer waits for the commit without holding a thread: 2.04 means that
 * the readings are durable, 5.03 that the meter should repeat, 4.00 that it should not.
 */
final class SendResource extends LwM2mCoapResource {
    private static final Duration RETRY_AFTER_FAILURE = Duration.ofSeconds(10);
    private static final int LONGEST_DIAGNOSTIC = 200;

    private final Registrations registrations;
    private final Inbound inbound;
    private final Alerts alerts;
    private final Counters counters;
    private final Clock clock;
    private final int maxBodyBytes;
    private final Consumer<Registration> heardOf;

    SendResource(
            Registrations registrations,
            Inbound inbound,
            Alerts alerts,
            Counters counters,
            Clock clock,
            int maxBodyBytes,
            Consumer<Registration> heardOf,
            IdentityHandlerProvider identities) {
        super("dp", identities);
        this.registrations = registrations;
        this.inbound = inbound;
        this.alerts = alerts;
        this.counters = counters;
        this.clock = clock;
        this.maxBodyBytes = maxBodyBytes;
        this.heardOf = heardOf;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        IpPeer sender =
                getForeignPeerIdentity(exchange.advanced(), exchange.advanced().getRequest());
        Optional<Registration> known = registrations.ofSender(sender);
        if (known.isEmpty()) {
            refuse(exchange, ResponseCode.BAD_REQUEST, sender.toString(), "not registered");
            return;
        }
        Registration registration = known.get();
        String meter = Gatekeeper.meterOf(registration);
        if (!registrations.refresh(registration, sender)) {
            refuse(exchange, ResponseCode.FORBIDDEN, meter, "the meter is not in service");
            return;
        }
        heardOf.accept(registration);
        byte[] payload = exchange.getRequestPayload();
        if (payload == null || payload.length == 0) {
            refuse(exchange, ResponseCode.BAD_REQUEST, meter, "the payload is empty");
            return;
        }
        if (payload.length > maxBodyBytes) {
            refuse(
                    exchange,
                    ResponseCode.REQUEST_ENTITY_TOO_LARGE,
                    meter,
                    payload.length + " bytes are more than " + maxBodyBytes);
            return;
        }
        int format = exchange.getRequestOptions().getContentFormat();
        Optional<String> contentType = ContentTypes.ofCode(format).filter(ContentTypes::sendable);
        if (contentType.isEmpty()) {
            refuse(
                    exchange,
                    ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                    meter,
                    "content format " + format + " is not one of 110, 112 and 11544");
            return;
        }
        Frame frame = new Frame(
                meter, Inbound.NAME, contentType.get(), "", clock.instant().truncatedTo(ChronoUnit.MILLIS), payload);
        inbound.accept(frame).whenComplete((receipt, failure) -> {
            if (failure == null) {
                counters.accepted.increment();
                exchange.respond(ResponseCode.CHANGED);
            } else {
                fail(exchange, meter, Inbound.cause(failure));
            }
        });
    }

    private void fail(CoapExchange exchange, String meter, Throwable failure) {
        if (failure instanceof FrameRejectedException rejected) {
            refuse(exchange, ResponseCode.BAD_REQUEST, meter, rejected.getMessage());
            return;
        }
        counters.busy.increment();
        Duration retryAfter = failure instanceof IntakeBusyException busy ? busy.retryAfter() : RETRY_AFTER_FAILURE;
        alerts.log("busy", meter + ": a Send could not be kept, the meter is to repeat it: " + failure.getMessage());
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
        response.getOptions().setMaxAge(Math.max(1, retryAfter.toSeconds()));
        exchange.respond(response);
    }

    private void refuse(CoapExchange exchange, ResponseCode code, String who, String reason) {
        counters.rejected.increment();
        alerts.log("rejected send", who + ": Send refused with " + code + ": " + Gatekeeper.printable(reason));
        String shown = reason.length() > LONGEST_DIAGNOSTIC ? reason.substring(0, LONGEST_DIAGNOSTIC) : reason;
        exchange.respond(code, shown, MediaTypeRegistry.TEXT_PLAIN);
    }
}
