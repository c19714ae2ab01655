// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.Frame;
import org.meterway.api.intake.Parking;
import org.meterway.api.intake.ParkingStatistics;
import org.meterway.api.store.ParkedFrame;

/** Frames that no codec could decode yet. */
final class ParkedResource {
    private final Services services;

    ParkedResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/parked", List.of("meter", "limit", "cursor"), this::list),
                Endpoint.with("DELETE", "/parked/{number}", "", this::forget),
                Endpoint.with("POST", "/parked/retry", "application/json", this::retry));
    }

    private Parking parking() {
        return Services.need(services.parking, "intake");
    }

    private void list(Call call) throws IOException {
        int limit = (int) call.number("limit", 50, 1, 200);
        long before = call.parameter("cursor")
                .map(cursor -> number(Cursor.parse(cursor, 1).get(0)))
                .orElse(Long.MAX_VALUE);
        Optional<String> meter = call.parameter("meter");
        List<ParkedFrame> frames = parking().parked(meter, before, limit);
        ParkingStatistics statistics = parking().parkingStatistics();
        boolean more = !frames.isEmpty()
                && !parking()
                        .parked(meter, frames.get(frames.size() - 1).number(), 1)
                        .isEmpty();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (ParkedFrame frame : frames) {
                write(out, frame);
            }
            out.writeEndArray();
            out.writeNumberField("undecoded", statistics.undecoded());
            out.writeNumberField("refused", statistics.refused());
            out.writeNumberField("decoded", statistics.decoded());
            out.writeNumberField("dropped", statistics.dropped());
            Json.text(
                    out,
                    "next",
                    more
                            ? Optional.of(Cursor.of(
                                    Long.toString(frames.get(frames.size() - 1).number())))
                            : Optional.empty());
            out.writeEndObject();
        });
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.bad("the parameter cursor must be the next of the page before");
        }
    }

    private static void write(JsonGenerator out, ParkedFrame parked) throws IOException {
        Frame frame = parked.frame();
        out.writeStartObject();
        out.writeNumberField("number", parked.number());
        out.writeStringField("meter", frame.meter());
        out.writeBooleanField("refused", parked.refused());
        if (parked.refused()) {
            out.writeNullField("message");
        } else {
            out.writeNumberField("message", parked.message());
        }
        out.writeStringField("receivedAt", frame.receivedAt().toString());
        out.writeStringField("channel", frame.channel());
        out.writeStringField("contentType", frame.contentType());
        out.writeStringField("target", frame.target());
        Json.text(out, "codec", Optional.of(parked.codec()).filter(text -> !text.isEmpty()));
        Json.text(out, "codecVersion", Optional.of(parked.codecVersion()).filter(text -> !text.isEmpty()));
        Json.text(out, "field", Optional.of(parked.field()).filter(text -> !text.isEmpty()));
        if (parked.offset() < 0) {
            out.writeNullField("offset");
        } else {
            out.writeNumberField("offset", parked.offset());
        }
        out.writeStringField("reason", parked.reason());
        out.writeStringField("bytes", HexFormat.of().formatHex(frame.bytes()));
        out.writeEndObject();
    }

    private void forget(Call call) {
        String number = call.variable("number");
        if (!number.matches("\\d{1,18}") || !parking().forgetParked(Long.parseLong(number))) {
            throw Problem.notFound("there is no parked frame '" + number + "'");
        }
        call.nothing();
    }

    private void retry(Call call) throws IOException {
        Optional<String> meter = Body.of(call.jsonBody(), List.of("meter")).text("meter");
        meter.ifPresent(id -> MeterResource.need(services.inventory(), id));
        parking().retryParked(meter);
        call.json(202, out -> {
            out.writeStartObject();
            Json.text(out, "meter", meter);
            out.writeEndObject();
        });
    }
}
