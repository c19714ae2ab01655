// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.Replays;
import org.meterway.api.reading.Reading;

/** Decoding kept messages again. */
final class ReplayResource {
    private static final List<String> FIELDS = List.of("meter", "model", "from", "to", "apply", "who", "why");

    private final Services services;

    ReplayResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/replays", List.of(), this::list),
                Endpoint.with("POST", "/replays", "application/json", this::start),
                Endpoint.get("/replays/{id}", List.of(), this::read),
                Endpoint.with("DELETE", "/replays/{id}", "", this::cancel),
                Endpoint.get("/replays/{id}/differences", List.of("limit", "cursor"), this::differences),
                Endpoint.with("POST", "/replays/{id}/apply", "", this::apply));
    }

    private Replays replays() {
        return Services.need(services.replays, "intake");
    }

    private void list(Call call) throws IOException {
        List<ReplayStatus> all = replays().replays();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (ReplayStatus status : all) {
                write(out, status);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void start(Call call) throws IOException {
        Body body = Body.of(call.jsonBody(), FIELDS);
        Optional<String> meter = body.text("meter");
        meter.ifPresent(id -> MeterResource.need(services.inventory(), id));
        ReplayStatus status = tried(() -> replays()
                .start(new ReplayRequest(
                        meter,
                        body.text("model"),
                        instant(body, "from"),
                        instant(body, "to"),
                        body.flag("apply").orElse(false),
                        atMost(body, "who", 64).orElse("a local caller"),
                        atMost(body, "why", 500).orElse(""))));
        call.json(202, out -> write(out, status));
    }

    private static Optional<String> atMost(Body body, String field, int most) {
        Optional<String> text = body.text(field);
        if (text.isPresent() && text.get().length() > most) {
            throw Problem.bad(field + " must be at most " + most + " characters");
        }
        return text;
    }

    private static Optional<Instant> instant(Body body, String field) {
        return body.text(field).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw Problem.bad(field + " must be a time like 2026-11-20T00:00:00Z, was '" + text + "'");
            }
        });
    }

    private static ReplayStatus tried(Supplier<ReplayStatus> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw Problem.bad(e.getMessage());
        } catch (IllegalStateException e) {
            throw Problem.of(409, e.getMessage());
        }
    }

    private ReplayStatus need(Call call) {
        String id = call.variable("id");
        return (id.matches("\\d{1,18}") ? replays().replay(Long.parseLong(id)) : Optional.<ReplayStatus>empty())
                .orElseThrow(() -> Problem.notFound("there is no replay '" + id + "'"));
    }

    private void read(Call call) throws IOException {
        ReplayStatus status = need(call);
        call.json(200, out -> write(out, status));
    }

    private void cancel(Call call) {
        replays().cancelReplay(need(call).id());
        call.nothing();
    }

    private void apply(Call call) throws IOException {
        long id = need(call).id();
        ReplayStatus status = tried(() -> replays().applyReplay(id));
        call.json(202, out -> write(out, status));
    }

    private void differences(Call call) throws IOException {
        ReplayStatus status = need(call);
        int limit = (int) call.number("limit", 100, 1, 1_000);
        int after = call.parameter("cursor")
                .map(cursor -> number(Cursor.parse(cursor, 1).get(0)))
                .orElse(0);
        List<Difference> page = replays().differences(status.id(), after, limit);
        int next = after + page.size();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Difference difference : page) {
                write(out, difference);
            }
            out.writeEndArray();
            Json.text(
                    out,
                    "next",
                    next < status.differences() ? Optional.of(Cursor.of(Integer.toString(next))) : Optional.empty());
            out.writeEndObject();
        });
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw Problem.bad("the parameter cursor must be the next of the page before");
        }
    }

    private static void write(JsonGenerator out, Difference difference) throws IOException {
        Reading any = difference.after().or(difference::before).orElseThrow();
        out.writeStartObject();
        out.writeStringField("meter", difference.meter());
        out.writeStringField("quantity", any.quantity().obis().toString());
        out.writeStringField("unit", any.quantity().unit().symbol());
        out.writeStringField("start", any.start().toString());
        out.writeNumberField("intervalSeconds", any.interval().getSeconds());
        out.writeNumberField("message", difference.message());
        out.writeStringField("kind", kind(difference));
        out.writeObjectFieldStart("before");
        VersionJson.value(out, difference.before());
        out.writeEndObject();
        out.writeObjectFieldStart("after");
        VersionJson.value(out, difference.after());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static String kind(Difference difference) {
        if (difference.before().isEmpty()) {
            return "added";
        }
        return difference.after().isEmpty() ? "vanished" : "changed";
    }

    private static void write(JsonGenerator out, ReplayStatus status) throws IOException {
        ReplayRequest request = status.request();
        out.writeStartObject();
        out.writeNumberField("id", status.id());
        out.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
        Json.text(out, "meter", request.meter());
        Json.text(out, "model", request.model());
        Json.text(out, "from", request.from().map(Instant::toString));
        Json.text(out, "to", request.to().map(Instant::toString));
        out.writeStringField("who", request.who());
        out.writeStringField("why", request.why());
        out.writeStringField("startedAt", status.startedAt().toString());
        Json.text(out, "endedAt", status.endedAt().map(Instant::toString));
        out.writeNumberField("progress", Math.round(status.progress() * 1000) / 1000.0);
        out.writeNumberField("frames", status.frames());
        out.writeNumberField("rejected", status.rejected());
        out.writeNumberField("undecodable", status.undecodable());
        out.writeNumberField("same", status.same());
        out.writeNumberField("changed", status.changed());
        out.writeNumberField("added", status.added());
        out.writeNumberField("vanished", status.vanished());
        out.writeNumberField("differences", status.differences());
        Json.text(out, "failure", Optional.of(status.failure()).filter(text -> !text.isEmpty()));
        out.writeEndObject();
    }
}
