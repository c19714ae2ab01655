// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;

/**
 * Takes posted frames to intake and answers when intake has. No thread waits for the disk: the answer is sent by whoever
 * completes the commit, and changes of the inventory have a thread of their own.
 */
final class Inbound implements AutoCloseable {
    private static final Duration RETRY_AFTER_FAILURE = Duration.ofSeconds(10);
    private static final int LONGEST_DIAGNOSTIC = 200;
    private static final int ENROLMENTS_WAITING = 1_000;

    final LongAdder accepted = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LastSeen lastSeen;

    private final Gatekeeper gatekeeper;
    private final ContentFormats formats;
    private final CodecNames codecs;
    private final Supplier<@Nullable Intake> intake;
    private final Complaints complaints;
    private final Clock clock;
    private final int maxBodyBytes;
    private final ThreadPoolExecutor inventoryChanges = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(ENROLMENTS_WAITING), Threads.named("coap-inventory"));

    Inbound(
            Inventory inventory,
            ContentFormats formats,
            CodecNames codecs,
            Supplier<@Nullable Intake> intake,
            Complaints complaints,
            Clock clock,
            Config config) {
        this.gatekeeper = new Gatekeeper(inventory);
        this.formats = formats;
        this.codecs = codecs;
        this.intake = intake;
        this.complaints = complaints;
        this.clock = clock;
        this.maxBodyBytes = config.max_body_bytes();
        this.lastSeen = new LastSeen(config.max_connections());
    }

    /** Takes one POST of readings. Runs on a protocol thread and never waits. */
    void post(String id, CoapExchange exchange) {
        post(id, exchange, this::contentType);
    }

    /** Takes one POST of a raw frame, whose codec the query names. Runs on a protocol thread and never waits. */
    void frame(String id, CoapExchange exchange) {
        post(id, exchange, this::contentTypeOfCodec);
    }

    /** Says what a body is. */
    @FunctionalInterface
    private interface Typing {
        String of(CoapExchange exchange) throws RefusedException;
    }

    private void post(String id, CoapExchange exchange, Typing typing) {
        try {
            Principal principal = exchange.getSourcePrincipal();
            String contentType = typing.of(exchange);
            Optional<Meter> meter = gatekeeper.admit(id, principal);
            if (meter.isPresent()) {
                take(meter.get(), contentType, exchange);
            } else {
                enrolThenTake(id, principal, contentType, exchange);
            }
        } catch (RefusedException refusal) {
            refuse(exchange, id, refusal);
        } catch (RuntimeException failure) {
            unavailable(exchange, id, failure);
        }
    }

    private String contentType(CoapExchange exchange) throws RefusedException {
        if (!exchange.getRequestOptions().hasContentFormat()) {
            throw new RefusedException(
                    ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                    "the option Content-Format is missing; taken are " + formats.described());
        }
        int format = exchange.getRequestOptions().getContentFormat();
        return formats.mediaType(format)
                .orElseThrow(() -> new RefusedException(
                        ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                        "content format " + format + " is not taken; taken are " + formats.described()));
    }

    private String contentTypeOfCodec(CoapExchange exchange) throws RefusedException {
        String name = exchange.getQueryParameter("codec");
        if (name == null || name.isEmpty()) {
            throw new RefusedException(
                    ResponseCode.BAD_REQUEST, "the query must name the codec: /frames/{meter}?codec=dlt645");
        }
        return codecs.mediaType(name)
                .orElseThrow(() -> new RefusedException(
                        ResponseCode.BAD_REQUEST,
                        "there is no codec '" + Complaints.printable(name) + "'; there are " + codecs.described()));
    }

    private void enrolThenTake(String id, @Nullable Principal principal, String contentType, CoapExchange exchange) {
        try {
            inventoryChanges.execute(() -> {
                try {
                    take(gatekeeper.enrol(id, principal), contentType, exchange);
                } catch (RefusedException refusal) {
                    refuse(exchange, id, refusal);
                } catch (RuntimeException failure) {
                    unavailable(exchange, id, failure);
                }
            });
        } catch (RejectedExecutionException full) {
            unavailable(exchange, id, new IntakeBusyException("too many meters enrol at once", RETRY_AFTER_FAILURE));
        }
    }

    private void take(Meter meter, String contentType, CoapExchange exchange) throws RefusedException {
        byte[] payload = exchange.getRequestPayload();
        if (payload == null || payload.length == 0) {
            throw new RefusedException(ResponseCode.BAD_REQUEST, "the payload is empty");
        }
        if (payload.length > maxBodyBytes) {
            throw new RefusedException(
                    ResponseCode.REQUEST_ENTITY_TOO_LARGE, payload.length + " bytes are more than " + maxBodyBytes);
        }
        Intake receiver = intake.get();
        if (receiver == null) {
            unavailable(exchange, meter.id(), new IntakeBusyException("there is no intake now", RETRY_AFTER_FAILURE));
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        lastSeen.note(meter.id(), exchange.getSourceSocketAddress(), now.toEpochMilli());
        Frame frame = new Frame(meter.id(), CoapChannel.NAME, contentType, "", now, payload);
        receiver.accept(frame).whenComplete((receipt, failure) -> answer(meter, exchange, receipt, failure));
    }

    private void answer(Meter meter, CoapExchange exchange, @Nullable Receipt receipt, @Nullable Throwable failure) {
        if (failure == null) {
            accepted.increment();
            exchange.respond(ResponseCode.CHANGED);
            if (meter.state() == MeterState.PLANNED) {
                activate(meter.id());
            }
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof FrameRejectedException wrong) {
            rejected.increment();
            complaints.say("frame rejected", meter.id(), wrong.getMessage());
            diagnose(exchange, ResponseCode.BAD_REQUEST, wrong.getMessage());
        } else {
            unavailable(exchange, meter.id(), cause);
        }
    }

    private void activate(String id) {
        try {
            inventoryChanges.execute(() -> {
                try {
                    gatekeeper.heard(id);
                } catch (RuntimeException failure) {
                    complaints.say("activation failed", id, String.valueOf(failure.getMessage()));
                }
            });
        } catch (RejectedExecutionException full) {
            // Its next message tries again.
            complaints.say("activation put off", id, "too many meters are heard for the first time at once");
        }
    }

    private void refuse(CoapExchange exchange, String id, RefusedException refusal) {
        refused.increment();
        complaints.say(
                "request refused with " + refusal.code(),
                exchange.getSourceSocketAddress() + " for '" + Complaints.printable(id) + "'",
                refusal.getMessage());
        diagnose(exchange, refusal.code(), refusal.getMessage());
    }

    private void unavailable(CoapExchange exchange, String id, Throwable failure) {
        busy.increment();
        Duration retryAfter = failure instanceof IntakeBusyException full ? full.retryAfter() : RETRY_AFTER_FAILURE;
        complaints.say("could not be kept", Complaints.printable(id), String.valueOf(failure.getMessage()));
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
        response.getOptions().setMaxAge(Math.max(1, retryAfter.toSeconds()));
        exchange.respond(response);
    }

    /** An error with its reason as a diagnostic payload (RFC 7252, 5.5.2). */
    private static void diagnose(CoapExchange exchange, ResponseCode code, String reason) {
        String shown = reason.length() > LONGEST_DIAGNOSTIC ? reason.substring(0, LONGEST_DIAGNOSTIC) + "…" : reason;
        Response response = new Response(code);
        response.setPayload(shown);
        exchange.respond(response);
    }

    @Override
    public void close() {
        inventoryChanges.shutdown();
        try {
            if (!inventoryChanges.awaitTermination(5, TimeUnit.SECONDS)) {
                inventoryChanges.getQueue().clear();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
