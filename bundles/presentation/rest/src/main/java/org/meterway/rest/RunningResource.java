// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.meterway.api.running.Condition;
import org.meterway.api.running.MeterRunning;
import org.meterway.api.running.RunningStates;
import org.meterway.api.running.Storm;
import org.meterway.api.running.ZoneRunning;

/** How meters and zones are judged. */
final class RunningResource {
    private static final List<String> CONDITIONS =
            Stream.of(Condition.values()).map(PlanJson::word).toList();

    private final Services services;

    RunningResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/running-state", List.of("zone", "condition", "limit", "cursor"), this::read),
                Endpoint.get("/storm", List.of(), this::storm));
    }

    private RunningStates states() {
        return Services.need(services.runningStates, "scheduling");
    }

    private void read(Call call) throws IOException {
        RunningStates states = states();
        Optional<String> zone = call.parameter("zone");
        int limit = (int) call.number("limit", 100, 1, 1_000);
        Set<Condition> conditions = call.word("condition", CONDITIONS)
                .map(word -> Set.of(Condition.valueOf(word.toUpperCase(Locale.ROOT))))
                .orElse(Set.of());
        Optional<String> after =
                call.parameter("cursor").map(cursor -> Cursor.parse(cursor, 1).get(0));
        List<ZoneRunning> zones = states.zones().stream()
                .filter(each -> zone.isEmpty() || zone.get().equals(each.zone()))
                .toList();
        List<MeterRunning> meters = states.meters(zone, conditions, after, limit);
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("zones");
            for (ZoneRunning each : zones) {
                write(out, each);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("items");
            for (MeterRunning each : meters) {
                write(out, each);
            }
            out.writeEndArray();
            Json.text(
                    out,
                    "next",
                    meters.size() < limit
                            ? Optional.empty()
                            : Optional.of(
                                    Cursor.of(meters.get(meters.size() - 1).meter())));
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, ZoneRunning zone) throws IOException {
        out.writeStartObject();
        out.writeStringField("zone", zone.zone());
        out.writeBooleanField("down", zone.down());
        out.writeNumberField("concurrency", zone.concurrency());
        millis(out, zone.roundTrip());
        out.writeObjectFieldStart("meters");
        for (Condition condition : Condition.values()) {
            out.writeNumberField(PlanJson.word(condition), zone.meters().getOrDefault(condition, 0));
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, MeterRunning meter) throws IOException {
        out.writeStartObject();
        out.writeStringField("meter", meter.meter());
        out.writeStringField("zone", meter.zone());
        out.writeStringField("condition", PlanJson.word(meter.condition()));
        Json.text(out, "until", meter.until().map(Instant::toString));
        millis(out, meter.roundTrip());
        out.writeNumberField("loss", meter.loss());
        Json.text(out, "lastHeard", meter.lastHeard().map(Instant::toString));
        out.writeEndObject();
    }

    private static void millis(JsonGenerator out, Optional<Duration> roundTrip) throws IOException {
        if (roundTrip.isPresent()) {
            out.writeNumberField("roundTripMillis", roundTrip.get().toMillis());
        } else {
            out.writeNullField("roundTripMillis");
        }
    }

    private void storm(Call call) throws IOException {
        Storm storm = states().storm();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeBooleanField("active", storm.active());
            Json.text(out, "since", storm.since().map(Instant::toString));
            out.writeNumberField("admittedPerSecond", storm.admittedPerSecond());
            out.writeNumberField("admitted", storm.admitted());
            out.writeNumberField("putOff", storm.putOff());
            out.writeNumberField("waiting", storm.waiting());
            Json.text(out, "expectedEnd", storm.expectedEnd().map(Instant::toString));
            out.writeEndObject();
        });
    }
}
