// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Channel;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Parking;
import org.meterway.api.intake.ParkingStatistics;
import org.meterway.api.meter.Inventory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the gateway is. */
final class HealthResource {
    private static final Logger LOG = LoggerFactory.getLogger(HealthResource.class);
    private static final IntakeStatistics NOTHING = new IntakeStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final ParkingStatistics NOTHING_PARKED = new ParkingStatistics(0, 0, 0, 0);

    private final Services services;
    private final String version;
    private final Instant startedAt;
    private final Clock clock;

    HealthResource(Services services, String version, Instant startedAt, Clock clock) {
        this.services = services;
        this.version = version;
        this.startedAt = startedAt;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/health", List.of(), this::read));
    }

    private void read(Call call) throws IOException {
        List<Health> components = components();
        Health.Status status = status(components);
        call.json(status == Health.Status.DOWN ? 503 : 200, out -> {
            out.writeStartObject();
            figures(out, status);
            out.writeArrayFieldStart("components");
            for (Health component : components) {
                out.writeStartObject();
                out.writeStringField("name", component.name());
                out.writeStringField("status", name(component.status()));
                out.writeStringField("text", component.text());
                out.writeFieldName("values");
                Json.value(out, component.values());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** The figures without the components, for the live stream. */
    byte[] statistics() {
        Health.Status status = status(components());
        return Json.bytes(out -> {
            out.writeStartObject();
            figures(out, status);
            out.writeEndObject();
        });
    }

    private void figures(JsonGenerator out, Health.Status status) throws IOException {
        Inventory inventory = services.inventory;
        Intake intake = services.intake;
        IntakeStatistics counts = intake == null ? NOTHING : intake.statistics();
        out.writeStringField("status", name(status));
        out.writeStringField("version", version);
        out.writeStringField("startedAt", startedAt.toString());
        out.writeNumberField(
                "uptimeSeconds",
                Math.max(0, Duration.between(startedAt, clock.instant()).getSeconds()));
        out.writeObjectFieldStart("meters");
        out.writeNumberField("total", inventory == null ? 0 : inventory.size());
        out.writeNumberField(
                "registered",
                services.channels.stream().mapToInt(Channel::registered).sum());
        out.writeNumberField(
                "asleep", services.channels.stream().mapToInt(Channel::asleep).sum());
        out.writeEndObject();
        out.writeObjectFieldStart("readings");
        out.writeNumberField("accepted", counts.readingsAccepted());
        out.writeNumberField("durable", counts.readingsDurable());
        out.writeNumberField("rejected", counts.readingsRejected());
        out.writeNumberField("duplicates", counts.readingsDuplicate());
        out.writeNumberField("conflicting", counts.readingsConflicting());
        out.writeNumberField("perSecond", Math.round(counts.readingsPerSecond() * 10) / 10.0);
        out.writeEndObject();
        out.writeObjectFieldStart("messages");
        out.writeNumberField("accepted", counts.messagesAccepted());
        out.writeNumberField("rejected", counts.messagesRejected());
        out.writeNumberField("unsettled", counts.messagesUnsettled());
        out.writeNumberField("busy", counts.messagesBusy());
        Parking parking = services.parking;
        ParkingStatistics parked = parking == null ? NOTHING_PARKED : parking.parkingStatistics();
        out.writeNumberField("parked", parked.undecoded() + parked.refused());
        out.writeEndObject();
    }

    private List<Health> components() {
        List<Health> components = new ArrayList<>();
        for (HealthReporter reporter : services.reporters) {
            components.add(ask(reporter));
        }
        components.sort(Comparator.comparing(Health::name));
        missing(components, "inventory", services.inventory);
        missing(components, "intake", services.intake);
        missing(components, "readings", services.readings);
        return components;
    }

    /** Without these nothing that was asked for can be done. */
    private static void missing(List<Health> components, String name, @Nullable Object service) {
        if (service == null) {
            components.removeIf(component -> component.name().equals(name));
            components.add(new Health(name, Health.Status.DOWN, "not running", Map.of()));
        }
    }

    private static Health ask(HealthReporter reporter) {
        try {
            return reporter.health();
        } catch (RuntimeException e) {
            LOG.debug("{} cannot say how it is", reporter.getClass().getName(), e);
            return new Health(
                    reporter.getClass().getSimpleName(),
                    Health.Status.DEGRADED,
                    "cannot say how it is: " + e,
                    Map.of());
        }
    }

    private static Health.Status status(List<Health> components) {
        return components.stream()
                .map(Health::status)
                .max(Comparator.naturalOrder())
                .orElse(Health.Status.UP);
    }

    private static String name(Health.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
