// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.LineStatus;
import org.meterway.api.line.Lines;

/** The lines, and the search for meters on them. */
final class LineResource {
    private static final String PROBE = "/lines/{name}/probe";

    private final Services services;

    LineResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/lines", List.of(), this::list),
                Endpoint.get(PROBE, List.of(), this::probe),
                Endpoint.with("POST", PROBE, "application/json", this::start),
                Endpoint.with("DELETE", PROBE, "", this::stop));
    }

    private Lines lines() {
        return Services.need(services.lines, "line channel");
    }

    private void list(Call call) throws IOException {
        List<LineStatus> lines = lines().lines();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (LineStatus line : lines) {
                write(out, line);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void start(Call call) throws IOException {
        String line = known(call);
        Body body = Body.of(call.jsonBody(), List.of("protocols", "address"));
        LineProbe started;
        try {
            started = lines().startProbe(
                            line, body.texts("protocols"), body.text("address").orElse(""));
        } catch (IllegalArgumentException e) {
            throw Problem.bad(e.getMessage());
        } catch (IllegalStateException e) {
            throw Problem.of(409, e.getMessage());
        }
        call.json(202, out -> write(out, started));
    }

    private void probe(Call call) throws IOException {
        String line = known(call);
        LineProbe probe =
                lines().probe(line).orElseThrow(() -> Problem.notFound("line " + line + " was not probed yet"));
        call.json(200, out -> write(out, probe));
    }

    private void stop(Call call) {
        String line = known(call);
        if (!lines().stopProbe(line)) {
            throw Problem.notFound("line " + line + " is not being probed");
        }
        call.nothing();
    }

    private String known(Call call) {
        String name = call.variable("name");
        if (lines().lines().stream().noneMatch(line -> line.name().equals(name))) {
            throw Problem.notFound("there is no line '" + name + "'");
        }
        return name;
    }

    private static void write(JsonGenerator out, LineStatus line) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", line.name());
        out.writeStringField("port", line.port());
        out.writeBooleanField("open", line.open());
        out.writeStringField("text", line.text());
        out.writeNumberField("waiting", line.waiting());
        out.writeArrayFieldStart("meters");
        for (LineStatus.OnLine meter : line.meters()) {
            out.writeStartObject();
            out.writeStringField("meter", meter.meter());
            out.writeStringField("protocol", meter.protocol());
            out.writeStringField("address", meter.address());
            out.writeStringField("state", meter.state().name().toLowerCase(Locale.ROOT));
            Json.text(out, "lastAnswer", meter.lastAnswer().map(Instant::toString));
            Json.text(out, "skippedUntil", meter.skippedUntil().map(Instant::toString));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeObjectFieldStart("statistics");
        for (Map.Entry<String, Long> figure : line.statistics().entrySet()) {
            out.writeNumberField(figure.getKey(), figure.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, LineProbe probe) throws IOException {
        out.writeStartObject();
        out.writeStringField("line", probe.line());
        out.writeStringField("state", probe.endedAt().isPresent() ? "ended" : "running");
        out.writeStringField("startedAt", probe.startedAt().toString());
        Json.text(out, "endedAt", probe.endedAt().map(Instant::toString));
        out.writeNumberField("tried", probe.tried());
        out.writeNumberField("trials", probe.trials());
        out.writeStringField("text", probe.text());
        out.writeArrayFieldStart("found");
        for (LineProbe.Found found : probe.found()) {
            LineSettings settings = found.settings();
            out.writeStartObject();
            out.writeStringField("protocol", found.protocol());
            out.writeStringField("settings", settings.toString());
            out.writeNumberField("baud", settings.baud());
            out.writeNumberField("dataBits", settings.dataBits());
            out.writeStringField("parity", settings.parity().name().toLowerCase(Locale.ROOT));
            out.writeNumberField("stopBits", settings.stopBits());
            out.writeStringField("address", found.address());
            out.writeStringField("answer", found.answer());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
