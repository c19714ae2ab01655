// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.meterway.api.ledger.Ledger;
import org.meterway.api.ledger.Ledger.Integrity;
import org.meterway.api.meter.Meter;

/** Which of the expected intervals are there. */
final class IntegrityResource {
    private static final Duration MAX_SPAN = Duration.ofDays(366);
    private static final int MAX_METERS = 1_000;

    private final Services services;

    IntegrityResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/integrity", List.of("from", "to", "meter", "zone"), this::read));
    }

    private void read(Call call) throws IOException {
        Ledger ledger = Services.need(services.ledger, "ledger");
        Instant from = call.needInstant("from");
        Instant to = call.needInstant("to");
        ReadingResource.span(from, to, MAX_SPAN);
        Optional<String> meter = call.parameter("meter");
        Optional<String> zone = call.parameter("zone");
        List<String> meters = meter.isPresent()
                ? List.of(MeterResource.need(services.inventory(), meter.get()).id())
                : services.inventory()
                        .meters()
                        .filter(known -> zone.isEmpty() || zone.get().equals(known.zone()))
                        .map(Meter::id)
                        .sorted()
                        .toList();
        List<Integrity> found = meters.isEmpty() ? List.of() : ledger.integrity(meters, from, to);
        long expected = found.stream().mapToLong(Integrity::expected).sum();
        long present = found.stream().mapToLong(Integrity::present).sum();
        // those that miss most first: a person looks for them
        List<Integrity> shown = found.stream()
                .filter(one -> meter.isPresent() || one.expected() > 0)
                .sorted(Comparator.comparingDouble(IntegrityResource::share).thenComparing(Integrity::meter))
                .limit(MAX_METERS)
                .toList();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeStringField("from", from.toString());
            out.writeStringField("to", to.toString());
            counts(out, expected, present);
            out.writeArrayFieldStart("meters");
            for (Integrity one : shown) {
                out.writeStartObject();
                out.writeStringField("meter", one.meter());
                counts(out, one.expected(), one.present());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static double share(Integrity one) {
        return one.expected() == 0 ? 1 : (double) one.present() / one.expected();
    }

    private static void counts(JsonGenerator out, long expected, long present) throws IOException {
        out.writeNumberField("expected", expected);
        out.writeNumberField("present", present);
        if (expected == 0) {
            out.writeNullField("integrity");
        } else {
            out.writeNumberField("integrity", (double) present / expected);
        }
    }
}
