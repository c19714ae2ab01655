// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.StoredReading;

/** One meter: its data, registers and objects; and the import of many. */
final class MeterResource {
    private final Services services;
    private final long maxImportBytes;

    MeterResource(Services services, long maxImportBytes) {
        this.services = services;
        this.maxImportBytes = maxImportBytes;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.with("POST", "/meters/import", "text/csv", this::importCsv),
                Endpoint.get("/meters/{id}", List.of(), this::read),
                Endpoint.with("PUT", "/meters/{id}", "application/json", this::put),
                Endpoint.with("DELETE", "/meters/{id}", "", this::delete),
                Endpoint.get("/meters/{id}/registers", List.of(), this::registers),
                Endpoint.get("/meters/{id}/objects", List.of(), this::objects));
    }

    static Meter need(Inventory inventory, String id) {
        return inventory.find(id).orElseThrow(() -> Problem.notFound("there is no meter '" + id + "'"));
    }

    private void read(Call call) throws IOException {
        answer(call, 200, need(services.inventory(), call.variable("id")));
    }

    private void put(Call call) throws IOException {
        Inventory inventory = services.inventory();
        String id = call.variable("id");
        Body body = MeterJson.body(call.jsonBody());
        Meter meter = MeterJson.meter(id, body);
        boolean known = inventory.find(id).isPresent();
        List<Credential> had = inventory.credentials(id);
        List<Credential> credentials = MeterJson.credentials(body, had);
        Map<String, byte[]> keys = MeterJson.keys(body);
        try {
            if (credentials.equals(had)) {
                inventory.put(meter);
            } else {
                inventory.put(meter, credentials);
            }
        } catch (IllegalArgumentException e) {
            throw Problem.of(409, e.getMessage());
        }
        if (!keys.isEmpty()) {
            try {
                inventory.putKeys(id, keys);
            } catch (IllegalArgumentException e) {
                throw Problem.bad(e.getMessage());
            }
        }
        answer(call, known ? 200 : 201, meter);
    }

    private void delete(Call call) {
        String id = call.variable("id");
        if (!services.inventory().remove(id)) {
            throw Problem.notFound("there is no meter '" + id + "'");
        }
        call.nothing();
    }

    private void answer(Call call, int status, Meter meter) throws IOException {
        call.json(
                status,
                out -> MeterJson.write(
                        out, meter, Connections.best(services.channels, meter.id()), services.inventory()));
    }

    private void importCsv(Call call) throws IOException {
        Inventory inventory = services.inventory();
        ImportReport report;
        try (Reader csv = new InputStreamReader(call.body(maxImportBytes), StandardCharsets.UTF_8.newDecoder())) {
            report = inventory.importCsv(csv);
        } catch (CharacterCodingException e) {
            throw Problem.bad("the file is not UTF-8");
        } catch (UncheckedIOException e) {
            throw Problem.bad("the file did not arrive: " + e.getMessage());
        }
        if (!report.errors().isEmpty()) {
            throw Problem.of(422, "the file has " + report.errors().size() + " mistakes, nothing was imported")
                    .with(report.errors().stream()
                            .map(error -> new Problem.Mistake(error.line(), error.column(), error.message()))
                            .toList());
        }
        call.json(200, out -> {
            out.writeStartObject();
            out.writeNumberField("imported", report.imported());
            out.writeEndObject();
        });
    }

    /** In the order of the meter's model, what the model does not have after it. */
    private void registers(Call call) throws IOException {
        String id = need(services.inventory(), call.variable("id")).id();
        Readings readings = Services.need(services.readings, "query of readings");
        Optional<DeviceModels> models = Optional.ofNullable(services.models);
        List<Obis> order = models.map(known -> known.modelOf(id).registers()).orElse(List.of()).stream()
                .map(Register::quantity)
                .map(Quantity::obis)
                .toList();
        List<StoredReading> latest = new ArrayList<>(readings.latest(id));
        latest.sort(Comparator.<StoredReading>comparingInt(stored -> {
                    int at = order.indexOf(stored.reading().quantity().obis());
                    return at < 0 ? order.size() : at;
                })
                .thenComparing(stored -> stored.reading().quantity().obis())
                .thenComparing(stored -> stored.reading().interval()));
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (StoredReading stored : latest) {
                Reading reading = stored.reading();
                Obis obis = reading.quantity().obis();
                out.writeStartObject();
                out.writeStringField("quantity", obis.toString());
                out.writeStringField(
                        "name", models.map(known -> known.title(obis)).orElse(obis.toString()));
                out.writeStringField("unit", reading.quantity().unit().symbol());
                out.writeStringField("value", reading.value().toPlainString());
                out.writeStringField("time", reading.start().toString());
                out.writeNumberField("intervalSeconds", reading.interval().getSeconds());
                Json.texts(out, "quality", Quality.names(reading.quality()));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void objects(Call call) throws IOException {
        String id = need(services.inventory(), call.variable("id")).id();
        List<ManagedObject> objects = services.channels.stream()
                .map(channel -> channel.objects(id))
                .filter(list -> !list.isEmpty())
                .findFirst()
                .orElse(List.of());
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("objects");
            for (ManagedObject object : objects) {
                ObjectJson.write(out, object);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
