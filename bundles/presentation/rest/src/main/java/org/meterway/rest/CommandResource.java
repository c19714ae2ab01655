// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.meter.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands to a meter. No thread waits for the meter. */
final class CommandResource {
    private static final Logger LOG = LoggerFactory.getLogger(CommandResource.class);
    private static final List<String> FIELDS =
            List.of("operation", "paths", "values", "attributes", "arguments", "timeoutSeconds");
    private static final List<String> OPERATIONS = Stream.of(Command.Operation.values())
            .map(operation -> operation.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    /** The channel of meters on lines. */
    private static final String LINE = "line";

    private static final int MAX_WAITING = 1_000;
    private static final double MAX_TIMEOUT_SECONDS = 3_600;
    /** The channel's own time-out comes first; this ends a call when the channel forgot it. */
    private static final long GRACE_MILLIS = 5_000;

    private final Services services;
    private final Semaphore room = new Semaphore(MAX_WAITING);

    CommandResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.with("POST", "/meters/{id}/commands", "application/json", this::send));
    }

    private void send(Call call) throws IOException {
        Meter meter = MeterResource.need(services.inventory(), call.variable("id"));
        String id = meter.id();
        Command command = command(id, Body.of(call.jsonBody(), FIELDS));
        Channel channel = channel(meter, command);
        if (!room.tryAcquire()) {
            throw Problem.unavailable(MAX_WAITING + " commands are waiting already");
        }
        AtomicBoolean answered = new AtomicBoolean();
        AsyncContext async = call.async(command.timeout().toMillis() + GRACE_MILLIS);
        async.addListener(new AsyncEnd(() -> {
            if (answered.compareAndSet(false, true)) {
                room.release();
                finish(async, id, null, new MeterUnavailableException("meter " + id + " did not answer in time"));
            }
        }));
        try {
            channel.send(command).whenComplete((answer, failure) -> {
                if (answered.compareAndSet(false, true)) {
                    room.release();
                    finish(async, id, answer, failure);
                }
            });
        } catch (RuntimeException e) {
            if (answered.compareAndSet(false, true)) {
                room.release();
                finish(async, id, null, e);
            }
        }
    }

    /** OBIS codes and a protocol's own names go over the meter's line, LwM2M paths to where it is registered. */
    private Channel channel(Meter meter, Command command) {
        if (command.paths().stream().allMatch(path -> path.startsWith("/"))) {
            List<Channel> others = services.channels.stream()
                    .filter(channel -> !channel.name().equals(LINE))
                    .toList();
            return Connections.channel(others, meter.id())
                    .orElseThrow(() -> Problem.of(504, "meter " + meter.id() + " is not registered"));
        }
        if (meter.line().isEmpty()) {
            throw Problem.bad("meter " + meter.id() + " is on no line: paths must be LwM2M paths like /3/0/0");
        }
        return services.channels.stream()
                .filter(channel -> channel.name().equals(LINE))
                .findFirst()
                .orElseThrow(() -> Problem.unavailable("the line channel is not running"));
    }

    private static void finish(AsyncContext async, String id, Answer answer, Throwable failure) {
        HttpServletResponse response = (HttpServletResponse) async.getResponse();
        try {
            if (failure == null) {
                Call call = new Call(null, response, Map.of());
                call.json(200, out -> {
                    out.writeStartObject();
                    out.writeStringField("code", answer.code());
                    out.writeBooleanField("success", answer.success());
                    out.writeStringField("text", answer.text());
                    out.writeFieldName("values");
                    Json.value(out, answer.values());
                    out.writeStringField("links", answer.links());
                    out.writeEndObject();
                });
            } else {
                Call.problem(response, problem(id, failure));
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the caller of a command to meter {} is gone", id, e);
        } finally {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("the call was over already", e);
            }
        }
    }

    private static Problem problem(String id, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof MeterUnavailableException) {
            return Problem.of(504, cause.getMessage());
        }
        if (cause instanceof IllegalArgumentException) {
            return Problem.bad(cause.getMessage());
        }
        LOG.error("a command to meter {} failed", id, cause);
        return Problem.of(500, "the command failed, see the gateway's log");
    }

    private static Command command(String id, Body body) {
        String name = body.needText("operation");
        if (!OPERATIONS.contains(name)) {
            throw Problem.bad("operation must be one of " + String.join(", ", OPERATIONS) + ", was '" + name + "'");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        body.objectNode("values").ifPresent(node -> node.properties()
                .forEach(entry -> values.put(entry.getKey(), value(entry.getKey(), entry.getValue()))));
        Map<String, String> attributes = new LinkedHashMap<>();
        body.objectNode("attributes").ifPresent(node -> node.properties()
                .forEach(entry -> attributes.put(entry.getKey(), attribute(entry.getKey(), entry.getValue()))));
        double seconds = body.number("timeoutSeconds").orElse(10.0);
        if (!(seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS)) {
            throw Problem.bad(
                    "timeoutSeconds must be above 0 and at most " + (int) MAX_TIMEOUT_SECONDS + ", was " + seconds);
        }
        List<String> paths = body.texts("paths");
        paths.stream()
                .filter(path -> !path.matches("/|(/\\d{1,5}){1,4}|[^/\\p{Cntrl}][^\\p{Cntrl}]{0,99}"))
                .findFirst()
                .ifPresent(path -> {
                    throw Problem.bad(
                            "paths must be LwM2M paths like /3/0/0 or OBIS codes like 1-0:1.8.0, was '" + path + "'");
                });
        try {
            return new Command(
                    id,
                    Command.Operation.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')),
                    paths,
                    values,
                    attributes,
                    body.text("arguments").orElse(""),
                    Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))));
        } catch (IllegalArgumentException e) {
            throw Problem.bad(e.getMessage());
        }
    }

    private static String attribute(String name, JsonNode value) {
        if (!value.isValueNode()) {
            throw Problem.bad("attributes." + name + " must be a number or a text");
        }
        return value.isNull() ? "" : value.asText();
    }

    /** Numbers, texts and booleans as they are; {"hex":…} bytes; {"time":…} a time; {"0":…,"1":…} a multiple resource. */
    private static Object value(String path, JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        if (node.isObject() && node.size() == 1 && node.path("hex").isTextual()) {
            try {
                return HexFormat.of().parseHex(node.path("hex").textValue());
            } catch (IllegalArgumentException e) {
                throw Problem.bad("values." + path + ".hex must be an even number of hex digits");
            }
        }
        if (node.isObject() && node.size() == 1 && node.path("time").isTextual()) {
            try {
                return OffsetDateTime.parse(node.path("time").textValue()).toInstant();
            } catch (DateTimeException e) {
                throw Problem.bad("values." + path + ".time must be a time like 2026-11-20T00:00:00Z");
            }
        }
        if (node.isObject() && node.size() > 0) {
            Map<Integer, Object> instances = new LinkedHashMap<>();
            node.properties().forEach(entry -> {
                if (!entry.getKey().matches("\\d{1,5}")
                        || entry.getValue().isObject()
                                && entry.getValue().path("hex").isMissingNode()
                                && entry.getValue().path("time").isMissingNode()) {
                    throw wrong(path);
                }
                instances.put(Integer.valueOf(entry.getKey()), value(path + "/" + entry.getKey(), entry.getValue()));
            });
            return instances;
        }
        throw wrong(path);
    }

    private static Problem wrong(String path) {
        return Problem.bad(
                "values." + path
                        + " must be a number, a text, true, false, {\"hex\":…}, {\"time\":…} or an object from instance number to one of these");
    }
}
