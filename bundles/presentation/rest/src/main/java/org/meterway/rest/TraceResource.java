// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.intake.Provenance;
import org.meterway.api.intake.Trace;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Reading;
import org.meterway.api.store.Message;

/** Why is this number what it is? */
final class TraceResource {
    private final Services services;

    TraceResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/readings/{meter}/{quantity}/trace", List.of("start", "interval"), this::trace));
    }

    private void trace(Call call) throws IOException {
        Provenance provenance = Services.need(services.provenance, "intake");
        String meter =
                MeterResource.need(services.inventory(), call.variable("meter")).id();
        Obis obis = ReadingResource.obis(call.variable("quantity"));
        Optional<Duration> interval = call.parameter("interval")
                .map(text -> Duration.ofSeconds(
                        call.number("interval", 0, 0, Duration.ofDays(1).toSeconds())));
        Trace trace = provenance
                .trace(meter, obis, call.needInstant("start"), interval)
                .orElseThrow(
                        () -> Problem.notFound("meter " + meter + " has no value of " + obis + " that starts then"));
        call.json(200, out -> {
            out.writeStartObject();
            out.writeStringField("meter", meter);
            out.writeStringField("quantity", trace.series().quantity().obis().toString());
            out.writeStringField("unit", trace.series().quantity().unit().symbol());
            out.writeStringField("start", trace.start().toString());
            out.writeNumberField("intervalSeconds", trace.series().interval().getSeconds());
            VersionJson.value(out, trace.reading());
            message(out, trace);
            codec(out, trace);
            if (trace.revisions().isEmpty()) {
                out.writeArrayFieldStart("versions");
                out.writeEndArray();
            } else {
                VersionJson.write(out, trace.revisions());
            }
            out.writeEndObject();
        });
    }

    private static void message(JsonGenerator out, Trace trace) throws IOException {
        out.writeObjectFieldStart("message");
        out.writeNumberField("number", trace.messageNumber());
        out.writeBooleanField("kept", trace.message().isPresent());
        if (trace.message().isPresent()) {
            Message message = trace.message().get();
            Frame frame = message.frame();
            out.writeStringField("receivedAt", frame.receivedAt().toString());
            out.writeStringField("channel", frame.channel());
            out.writeStringField("contentType", frame.contentType());
            out.writeStringField("target", frame.target());
            out.writeStringField("codec", message.codec());
            out.writeStringField("codecVersion", message.codecVersion());
            out.writeStringField("bytes", HexFormat.of().formatHex(frame.bytes()));
        }
        out.writeEndObject();
    }

    /** What the codec that is there now makes of the bytes. */
    private static void codec(JsonGenerator out, Trace trace) throws IOException {
        if (trace.codec().isEmpty()) {
            out.writeNullField("decodedNow");
            return;
        }
        out.writeObjectFieldStart("decodedNow");
        out.writeStringField("codec", trace.codec());
        out.writeStringField("codecVersion", trace.codecVersion());
        out.writeBooleanField(
                "sameCodec",
                trace.message()
                        .map(message -> message.codec().equals(trace.codec())
                                && message.codecVersion().equals(trace.codecVersion()))
                        .orElse(false));
        VersionJson.value(out, trace.again());
        out.writeBooleanField(
                "sameValue",
                trace.again().map(Reading::count).equals(trace.reading().map(Reading::count)));
        Json.text(out, "rejection", Optional.of(trace.rejection()).filter(text -> !text.isEmpty()));
        out.writeArrayFieldStart("fields");
        for (Field field : trace.fields()) {
            out.writeStartObject();
            out.writeStringField("part", field.part());
            out.writeNumberField("offset", field.offset());
            out.writeNumberField("length", field.length());
            out.writeStringField("meaning", field.meaning());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
