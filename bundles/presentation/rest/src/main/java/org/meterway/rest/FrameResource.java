// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raw frames by HTTP, answered when they are durable. No thread waits for the disk. */
final class FrameResource {
    private static final Logger LOG = LoggerFactory.getLogger(FrameResource.class);
    private static final int MAX_FRAME_BYTES = 1 << 20;
    private static final int MAX_WAITING = 1_000;
    private static final long TIMEOUT_MILLIS = 30_000;
    private static final String HEX = "text/hex";
    /** What the codecs of the distribution decode, so that frames are parked right while one is away. */
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "dlt645", ContentTypes.DLT645,
            "dlms", ContentTypes.DLMS,
            "iec62056", ContentTypes.IEC62056,
            "sml", ContentTypes.SML,
            "mbus", ContentTypes.MBUS,
            "dtmf", ContentTypes.DTMF,
            "senml-cbor", "application/senml+cbor",
            "senml-json", "application/senml+json");

    private final Services services;
    private final Clock clock;
    private final Semaphore room = new Semaphore(MAX_WAITING);

    FrameResource(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(new Endpoint(
                "POST",
                "/frames/{meter}",
                List.of("codec"),
                Endpoint.ANY_TYPE,
                List.of("application/json"),
                this::accept));
    }

    private void accept(Call call) throws IOException {
        String meter =
                MeterResource.need(services.inventory(), call.variable("meter")).id();
        Intake intake = Services.need(services.intake, "intake");
        String type = call.header("Content-Type")
                .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
        byte[] body = call.body(type.equals(HEX) ? 3L * MAX_FRAME_BYTES : MAX_FRAME_BYTES)
                .readAllBytes();
        byte[] bytes = type.equals(HEX) ? unhex(body) : body;
        if (bytes.length == 0) {
            throw Problem.bad("the body is empty, expected the bytes of a frame");
        }
        String contentType = call.parameter("codec")
                .map(name -> contentType(name, type, bytes))
                .orElseGet(() -> spoken(type));
        Frame frame = new Frame(meter, "http", contentType, "", clock.instant(), bytes);
        if (!room.tryAcquire()) {
            throw Problem.unavailable(MAX_WAITING + " frames are waiting already");
        }
        AtomicBoolean answered = new AtomicBoolean();
        AsyncContext async = call.async(TIMEOUT_MILLIS);
        async.addListener(new AsyncEnd(() -> {
            if (answered.compareAndSet(false, true)) {
                room.release();
                finish(async, null, new IllegalStateException("the frame was not committed in time"));
            }
        }));
        intake.accept(frame).whenComplete((receipt, failure) -> {
            if (answered.compareAndSet(false, true)) {
                room.release();
                finish(async, receipt, failure);
            }
        });
    }

    private static byte[] unhex(byte[] body) {
        String text = new String(body, StandardCharsets.US_ASCII).replaceAll("[\\s:]+", "");
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw Problem.bad("the body must be an even number of hex digits: " + e.getMessage());
        }
    }

    private static String spoken(String type) {
        if (type.isEmpty() || type.equals("application/octet-stream") || type.startsWith("text/")) {
            throw Problem.bad("give the parameter codec, or a Content-Type that a codec decodes; Content-Type was '"
                    + type + "'");
        }
        return type;
    }

    /** The content type that a codec of this name decodes; of several the one sent, else the one it looks like. */
    private String contentType(String name, String sent, byte[] bytes) {
        Collection<Codec> codecs = services.codecs;
        TreeMap<String, TreeSet<String>> byName = new TreeMap<>();
        for (Codec codec : codecs) {
            byName.computeIfAbsent(codec.name(), none -> new TreeSet<>()).addAll(codec.contentTypes());
        }
        WELL_KNOWN.forEach((known, type) -> byName.computeIfAbsent(known, none -> new TreeSet<>(List.of(type))));
        TreeSet<String> types = new TreeSet<>();
        byName.forEach((each, its) -> {
            if (each.equals(name) || each.startsWith(name + "-")) {
                types.addAll(its);
            }
        });
        if (types.isEmpty()) {
            throw Problem.bad("there is no codec '" + name + "', there are " + String.join(", ", byName.keySet()));
        }
        if (types.contains(sent)) {
            return sent;
        }
        boolean json = bytes[0] == '[' || bytes[0] == '{';
        return types.stream()
                .filter(type -> type.endsWith("json") == json)
                .findFirst()
                .orElse(types.first());
    }

    private static void finish(AsyncContext async, Receipt receipt, Throwable failure) {
        HttpServletResponse response = (HttpServletResponse) async.getResponse();
        try {
            if (failure == null) {
                new Call(null, response, Map.of()).json(201, out -> {
                    out.writeStartObject();
                    out.writeNumberField("message", receipt.message());
                    out.writeNumberField("readings", receipt.readings());
                    out.writeEndObject();
                });
            } else {
                Call.problem(response, problem(failure));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the sender of a frame is gone", e);
        } finally {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("the call was over already", e);
            }
        }
    }

    private static Problem problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof FrameRejectedException rejected) {
            return Problem.of(422, rejected.getMessage())
                    .with("field", rejected.field())
                    .with("offset", rejected.offset())
                    .with("reason", rejected.reason());
        }
        if (cause instanceof IntakeBusyException busy) {
            return Problem.busy(busy.getMessage(), busy.retryAfter());
        }
        LOG.error("a frame could not be taken", cause);
        return Problem.of(500, "the frame could not be taken, see the gateway's log");
    }
}
