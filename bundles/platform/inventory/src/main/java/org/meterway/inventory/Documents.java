// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;

/** Meters and credentials as JSON, streamed both ways because 100,000 of them are read at the start. Unknown fields are skipped. */
final class Documents {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String LINE_OPTION = "lineOption.";
    private static final Map<String, ZoneId> ZONES = new ConcurrentHashMap<>();

    private Documents() {}

    static byte[] write(Meter meter) {
        return json(out -> {
            out.writeStartObject();
            out.writeStringField("id", meter.id());
            out.writeStringField("endpoint", meter.endpoint());
            text(out, "serial", meter.serial());
            text(out, "vendor", meter.vendor());
            text(out, "model", meter.model());
            text(out, "zone", meter.zone());
            // Tags hold no blank, see Meter: one text is read back without a list.
            text(out, "tags", String.join(" ", meter.tags()));
            if (meter.place().isPresent()) {
                out.writeNumberField("latitude", meter.place().get().latitude());
                out.writeNumberField("longitude", meter.place().get().longitude());
            }
            out.writeStringField("timeZone", meter.timeZone().getId());
            out.writeStringField("state", meter.state().name().toLowerCase(Locale.ROOT));
            if (meter.line().isPresent()) {
                LineAddress line = meter.line().get();
                out.writeStringField("line", line.line());
                out.writeStringField("protocol", line.protocol());
                text(out, "lineAddress", line.address());
                for (Map.Entry<String, String> option : line.options().entrySet()) {
                    out.writeStringField(LINE_OPTION + option.getKey(), option.getValue());
                }
            }
            out.writeEndObject();
        });
    }

    /** @throws IOException if this is not a meter's document */
    static Meter meter(byte[] document) throws IOException {
        try (JsonParser in = JSON.createParser(document)) {
            Map<String, String> fields = fields(in);
            String id = fields.get("id");
            if (id == null) {
                throw new IOException("the document has no id");
            }
            Meter.Builder meter = Meter.builder(id);
            fields.forEach((field, value) -> set(meter, field, value));
            if (fields.containsKey("latitude") && fields.containsKey("longitude")) {
                meter.place(new Place(
                        Double.parseDouble(fields.get("latitude")), Double.parseDouble(fields.get("longitude"))));
            }
            if (fields.containsKey("line")) {
                meter.line(line(fields));
            }
            return meter.build();
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static LineAddress line(Map<String, String> fields) {
        Map<String, String> options = new HashMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(LINE_OPTION)) {
                options.put(field.substring(LINE_OPTION.length()), value);
            }
        });
        return new LineAddress(
                fields.get("line"), fields.get("protocol"), fields.getOrDefault("lineAddress", ""), options);
    }

    static byte[] write(Keys keys) {
        return json(out -> {
            out.writeStartObject();
            for (String name : keys.names()) {
                out.writeStringField(
                        name, HexFormat.of().formatHex(keys.find(name).orElseThrow()));
            }
            out.writeEndObject();
        });
    }

    /** @throws IOException if these are no keys */
    static Keys keys(byte[] document) throws IOException {
        try (JsonParser in = JSON.createParser(document)) {
            Map<String, byte[]> keys = new HashMap<>();
            fields(in).forEach((name, hex) -> keys.put(name, HexFormat.of().parseHex(hex)));
            return Keys.NONE.with(keys);
        } catch (RuntimeException e) {
            throw new IOException("they are not names with bytes in hex", e);
        }
    }

    static byte[] write(List<Credential> credentials) {
        return json(out -> {
            out.writeStartArray();
            for (Credential credential : credentials) {
                out.writeStartObject();
                out.writeStringField("kind", credential.kind());
                if (credential instanceof Credential.PreSharedKey psk) {
                    out.writeStringField("identity", psk.identity());
                    out.writeStringField("keyHex", HexFormat.of().formatHex(psk.key()));
                } else if (credential instanceof Credential.RawPublicKey rpk) {
                    out.writeStringField("publicKeyHex", HexFormat.of().formatHex(rpk.publicKey()));
                } else if (credential instanceof Credential.X509 x509) {
                    out.writeStringField("commonName", x509.commonName());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** @throws IOException if these are no credentials */
    static List<Credential> credentials(byte[] document) throws IOException {
        List<Credential> credentials = new ArrayList<>(1);
        try (JsonParser in = JSON.createParser(document)) {
            if (in.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("not a list");
            }
            while (in.nextToken() == JsonToken.START_OBJECT) {
                credentials.add(credential(rest(in)));
            }
            return credentials;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Credential credential(Map<String, String> fields) {
        HexFormat hex = HexFormat.of();
        String kind = String.valueOf(fields.get("kind"));
        return switch (kind) {
            case "psk" -> new Credential.PreSharedKey(fields.get("identity"), hex.parseHex(fields.get("keyHex")));
            case "rpk" -> new Credential.RawPublicKey(hex.parseHex(fields.get("publicKeyHex")));
            case "x509" -> new Credential.X509(fields.get("commonName"));
            default -> throw new IllegalArgumentException("unknown kind of credential '" + kind + "'");
        };
    }

    private static void set(Meter.Builder meter, String field, String value) {
        switch (field) {
            case "endpoint" -> meter.endpoint(value);
            case "serial" -> meter.serial(value);
            case "vendor" -> meter.vendor(value);
            case "model" -> meter.model(value);
            case "zone" -> meter.zone(value);
            case "tags" -> meter.tags(Set.of(value.split(" ")));
            case "timeZone" -> meter.timeZone(ZONES.computeIfAbsent(value, ZoneId::of));
            case "state" -> meter.state(MeterState.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> {
                // of a later version
            }
        }
    }

    private static Map<String, String> fields(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
        return rest(in);
    }

    private static Map<String, String> rest(JsonParser in) throws IOException {
        Map<String, String> fields = new HashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            if (in.nextToken().isScalarValue()) {
                fields.put(field, in.getText());
            } else {
                in.skipChildren();
            }
        }
        if (in.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("the JSON object does not end");
        }
        return fields;
    }

    private static void text(JsonGenerator out, String field, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(field, value);
        }
    }

    private static byte[] json(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }
}
