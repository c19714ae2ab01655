// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.meterway.api.channel.Connection;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;

/** A meter as JSON. Secrets go in, never out. */
final class MeterJson {
    static final List<String> STATES = List.of("planned", "active", "retired");
    private static final List<String> FIELDS = List.of(
            "id",
            "endpoint",
            "serial",
            "vendor",
            "model",
            "zone",
            "tags",
            "place",
            "timeZone",
            "state",
            "psk",
            "rpk",
            "x509",
            "line",
            "keys",
            "connection",
            "credentials",
            "keyNames");

    private static final int MAX_KEY_BYTES = 1_024;

    private MeterJson() {}

    static void write(JsonGenerator out, Meter meter, Optional<Connection> connection, Inventory inventory)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("id", meter.id());
        out.writeStringField("endpoint", meter.endpoint());
        out.writeStringField("serial", meter.serial());
        out.writeStringField("vendor", meter.vendor());
        out.writeStringField("model", meter.model());
        out.writeStringField("zone", meter.zone());
        Json.texts(out, "tags", meter.tags().stream().sorted().toList());
        if (meter.place().isPresent()) {
            out.writeObjectFieldStart("place");
            out.writeNumberField("latitude", meter.place().get().latitude());
            out.writeNumberField("longitude", meter.place().get().longitude());
            out.writeEndObject();
        } else {
            out.writeNullField("place");
        }
        out.writeStringField("timeZone", zoneName(meter.timeZone()));
        out.writeStringField("state", meter.state().name().toLowerCase(Locale.ROOT));
        line(out, meter.line());
        out.writeObjectFieldStart("connection");
        out.writeStringField("state", Connections.state(connection));
        Json.text(out, "channel", connection.map(Connection::channel));
        Json.text(out, "address", connection.map(Connection::address));
        Json.text(out, "lastSeen", connection.map(known -> known.lastSeen().toString()));
        out.writeEndObject();
        Json.texts(
                out,
                "credentials",
                inventory.credentials(meter.id()).stream().map(Credential::kind).toList());
        Json.texts(out, "keyNames", List.copyOf(inventory.keyNames(meter.id())));
        out.writeEndObject();
    }

    private static void line(JsonGenerator out, Optional<LineAddress> line) throws IOException {
        if (line.isEmpty()) {
            out.writeNullField("line");
            return;
        }
        out.writeObjectFieldStart("line");
        out.writeStringField("line", line.get().line());
        out.writeStringField("protocol", line.get().protocol());
        out.writeStringField("address", line.get().address());
        out.writeObjectFieldStart("options");
        for (Map.Entry<String, String> option : new TreeMap<>(line.get().options()).entrySet()) {
            out.writeStringField(option.getKey(), option.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** Java names UTC "Z", which people do not take for a time zone. */
    private static String zoneName(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    /**
     * The fields a meter may have; what a client cannot set ({@code connection}, {@code credentials}, {@code keyNames}) is let pass
     * and ignored.
     */
    static Body body(JsonNode node) {
        return Body.of(node, FIELDS);
    }

    /** @throws Problem 400 naming the field that is wrong */
    static Meter meter(String id, Body body) {
        body.text("id").filter(other -> !other.equals(id)).ifPresent(other -> {
            throw Problem.bad("id must be that of the path, '" + id + "', or missing, was '" + other + "'");
        });
        try {
            Meter.Builder meter = Meter.builder(id);
            body.text("endpoint").ifPresent(meter::endpoint);
            body.text("serial").ifPresent(meter::serial);
            body.text("vendor").ifPresent(meter::vendor);
            body.text("model").ifPresent(meter::model);
            body.text("zone").ifPresent(meter::zone);
            meter.tags(Set.copyOf(body.texts("tags")));
            body.object("place", List.of("latitude", "longitude"))
                    .ifPresent(
                            place -> meter.place(new Place(degrees(place, "latitude"), degrees(place, "longitude"))));
            body.text("timeZone").ifPresent(zone -> meter.timeZone(zone(zone)));
            body.text("state").ifPresent(state -> meter.state(state(state)));
            body.object("line", List.of("line", "protocol", "address", "options"))
                    .ifPresent(line -> meter.line(line(line)));
            return meter.build();
        } catch (IllegalArgumentException e) {
            throw Problem.bad(e.getMessage());
        }
    }

    /** What the meter has, with the kinds the body gives replaced, or removed where it says null. */
    static List<Credential> credentials(Body body, List<Credential> had) {
        List<Credential> credentials = new ArrayList<>();
        kind(
                body,
                had,
                "psk",
                List.of("identity", "keyHex"),
                credentials,
                psk -> new Credential.PreSharedKey(
                        psk.needText("identity"), hex("psk.keyHex", psk.needText("keyHex"))));
        kind(
                body,
                had,
                "rpk",
                List.of("publicKeyHex"),
                credentials,
                rpk -> new Credential.RawPublicKey(hex("rpk.publicKeyHex", rpk.needText("publicKeyHex"))));
        kind(
                body,
                had,
                "x509",
                List.of("commonName"),
                credentials,
                x509 -> new Credential.X509(x509.needText("commonName")));
        return credentials;
    }

    private static LineAddress line(Body line) {
        Map<String, String> options = new HashMap<>();
        line.entries("options").forEach((name, option) -> {
            options.put(
                    name, option.orElseThrow(() -> Problem.bad("line.options." + name + " must be a text, was null")));
        });
        return new LineAddress(
                line.needText("line"),
                line.needText("protocol"),
                line.text("address").orElse(""),
                options);
    }

    /** The application keys to change: no bytes for those to remove. */
    static Map<String, byte[]> keys(Body body) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        body.entries("keys").forEach((name, digits) -> {
            byte[] secret = digits.map(text -> hex("keys." + name, text)).orElse(new byte[0]);
            if (digits.isPresent() && secret.length == 0) {
                throw Problem.bad("keys." + name + " has no bytes; null removes a key");
            }
            if (!name.matches("[A-Za-z0-9_-]{1,64}") || secret.length > MAX_KEY_BYTES) {
                throw Problem.bad("keys." + name + ": a name has 1–64 characters of A-Z a-z 0-9 _ -, a key 1–"
                        + MAX_KEY_BYTES + " bytes");
            }
            keys.put(name, secret);
        });
        return keys;
    }

    private static void kind(
            Body body,
            List<Credential> had,
            String kind,
            List<String> fields,
            List<Credential> credentials,
            Function<Body, Credential> reading) {
        if (!body.has(kind)) {
            had.stream().filter(credential -> credential.kind().equals(kind)).forEach(credentials::add);
            return;
        }
        try {
            body.object(kind, fields).map(reading).ifPresent(credentials::add);
        } catch (IllegalArgumentException e) {
            throw Problem.bad(e.getMessage());
        }
    }

    private static double degrees(Body place, String field) {
        return place.number(field).orElseThrow(() -> Problem.bad("place." + field + " is missing"));
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw Problem.bad("timeZone '" + name + "' is no time zone, expected one like Europe/London");
        }
    }

    private static MeterState state(String name) {
        if (!STATES.contains(name)) {
            throw Problem.bad("state must be one of " + String.join(", ", STATES) + ", was '" + name + "'");
        }
        return MeterState.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Secrets are not repeated in the message. */
    private static byte[] hex(String field, String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw Problem.bad(field + " must be an even number of hex digits");
        }
    }
}
