// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventsTest {
    private final List<Event> remembered = new ArrayList<>();
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway("live.clients", 2);
        gateway.services.events = new Events() {
            @Override
            public void publish(String type, Event.Severity severity, String text) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void publish(String type, Event.Severity severity, String meter, String text) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Event> recent(long after, int limit) {
                List<Event> found =
                        remembered.stream().filter(event -> event.id() > after).toList();
                return found.subList(Math.max(0, found.size() - limit), found.size());
            }
        };
        for (int id = 1; id <= 5; id++) {
            remembered.add(event(id));
        }
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static Event event(long id) {
        return new Event(
                id,
                Instant.parse("2026-11-20T10:00:00Z"),
                "meter.registered",
                Event.Severity.WARNING,
                id % 2 == 0 ? Optional.empty() : Optional.of("m" + id),
                "Zähler " + id);
    }

    private BufferedReader stream(String... headers) throws Exception {
        var request = gateway.to("/events").header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = gateway.open(request);
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next line that begins so. */
    private static String next(BufferedReader lines, String prefix) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void recentEventsAreListedOldestFirst() throws Exception {
        assertEquals(
                "{\"items\":[{\"id\":4,\"time\":\"2026-11-20T10:00:00Z\",\"type\":\"meter.registered\",\"severity\":\"warning\","
                        + "\"meter\":null,\"text\":\"Zähler 4\"},{\"id\":5,\"time\":\"2026-11-20T10:00:00Z\",\"type\":\"meter.registered\","
                        + "\"severity\":\"warning\",\"meter\":\"m5\",\"text\":\"Zähler 5\"}],\"next\":null}",
                gateway.get("/events?limit=2").json().toString());
        assertEquals(1, gateway.get("/events?after=4").json().path("items").size());
        gateway.services.events = null;
        assertEquals(503, gateway.get("/events").status());
    }

    @Test
    void theStreamSaysEventsAsTheyHappenAndFiguresEverySecond() throws Exception {
        try (BufferedReader lines = stream()) {
            next(lines, ": meterway");
            gateway.rest.happened(event(6));
            assertEquals("id: 6", next(lines, "id:"));
            assertEquals("event: event", lines.readLine());
            assertTrue(lines.readLine().contains("\"text\":\"Zähler 6\""));
            assertEquals("", lines.readLine());
            assertEquals("event: stats", next(lines, "event: stats"));
            assertTrue(lines.readLine().startsWith("data: {\"status\":\"down\",\"version\":\"0.1.0\""));
        }
    }

    @Test
    void aClientThatComesBackGetsWhatItMissed() throws Exception {
        try (BufferedReader lines = stream("Last-Event-ID", "3")) {
            assertEquals("id: 4", next(lines, "id:"));
            assertEquals("id: 5", next(lines, "id:"));
            gateway.rest.happened(event(6));
            assertEquals("id: 6", next(lines, "id:"));
        }
        assertEquals(
                400,
                gateway.send(gateway.to("/events").headers("Accept", "text/event-stream", "Last-Event-ID", "x"))
                        .status());
    }

    @Test
    void clientsAreBoundedAndMakeRoomWhenTheyGo() throws Exception {
        BufferedReader first = stream();
        try (BufferedReader second = stream()) {
            Gateway.Reply refused = gateway.send(gateway.to("/events").header("Accept", "text/event-stream"));
            assertEquals(503, refused.status());
            assertEquals("5", refused.header("Retry-After"));
            next(second, ": meterway");
        }
        next(first, ": meterway");
        gateway.rest.stop();
        assertEquals(0, gateway.rest.stream().clients());
        assertEquals(null, next(first, "never"));
        first.close();
    }

    @Test
    void aClientThatDoesNotReadIsDroppedAndTheOthersGoOn() throws Exception {
        HttpResponse<InputStream> deaf = gateway.open(gateway.to("/events").header("Accept", "text/event-stream"));
        try (BufferedReader lines = stream()) {
            next(lines, ": meterway");
            Event large =
                    new Event(7, Instant.EPOCH, "test", Event.Severity.INFO, Optional.empty(), "x".repeat(20_000));
            long sent = 0;
            while (gateway.rest.stream().clients() == 2 && sent < 100_000) {
                gateway.rest.happened(large);
                assertEquals("id: 7", next(lines, "id:"));
                sent++;
            }
            assertEquals(1, gateway.rest.stream().clients(), "still there after " + sent);
            gateway.rest.happened(event(8));
            assertEquals("id: 8", next(lines, "id: 8"));
        }
        deaf.body().close();
    }
}
