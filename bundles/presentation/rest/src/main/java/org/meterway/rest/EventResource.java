// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;

/** Events, as a list or as a stream (server-sent events, WHATWG HTML 9.2). */
final class EventResource {
    private static final String STREAM = "text/event-stream";
    private static final int MAX_EVENTS = 1_000;

    private final Services services;
    private final LiveStream stream;

    EventResource(Services services, LiveStream stream) {
        this.services = services;
        this.stream = stream;
    }

    List<Endpoint> endpoints() {
        return List.of(new Endpoint(
                "GET", "/events", List.of("after", "limit"), "", List.of("application/json", STREAM), call -> {
                    if (call.asksFor(STREAM)) {
                        stream(call);
                    } else {
                        list(call);
                    }
                }));
    }

    private void list(Call call) throws IOException {
        Events events = Services.need(services.events, "events service");
        long after = call.number("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) call.number("limit", 100, 1, MAX_EVENTS);
        List<Event> found = events.recent(after, limit);
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Event event : found) {
                write(out, event);
            }
            out.writeEndArray();
            out.writeNullField("next");
            out.writeEndObject();
        });
    }

    /** A client that comes back says what it has seen last and gets what it missed, as far as it is remembered. */
    private void stream(Call call) throws IOException {
        Optional<String> seen = call.header("Last-Event-ID").or(() -> call.parameter("after"));
        long after = -1;
        if (seen.isPresent()) {
            try {
                after = Long.parseLong(seen.get().strip());
            } catch (NumberFormatException e) {
                throw Problem.bad("Last-Event-ID must be the id of an event, was '" + seen.get() + "'");
            }
        }
        Events events = services.events;
        List<Event> missed = after < 0 || events == null ? List.of() : events.recent(after, MAX_EVENTS);
        stream.open(call, missed);
    }

    static byte[] message(Event event) {
        return message("event", Optional.of(event.id()), Json.bytes(out -> write(out, event)));
    }

    /** One message of the stream; JSON has no line breaks here. */
    static byte[] message(String name, Optional<Long> id, byte[] json) {
        String head = id.map(value -> "id: " + value + "\n").orElse("") + "event: " + name + "\ndata: ";
        return (head + new String(json, StandardCharsets.UTF_8) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator out, Event event) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", event.id());
        out.writeStringField("time", event.time().toString());
        out.writeStringField("type", event.type());
        out.writeStringField("severity", event.severity().name().toLowerCase(Locale.ROOT));
        Json.text(out, "meter", event.meter());
        out.writeStringField("text", event.text());
        out.writeEndObject();
    }
}
