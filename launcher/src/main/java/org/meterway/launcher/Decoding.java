// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;
import picocli.CommandLine;

/** One decode with everything its codec says on the way, and how it is printed. */
final class Decoding implements DecodeContext {
    private final RegisterNames names;
    private final Map<String, byte[]> keys;
    private final ZoneId zone;
    private final List<Field> fields = new ArrayList<>();
    private @Nullable Codec codec;
    private @Nullable Decoded decoded;

    /** @param keys by their {@link #normal} names */
    Decoding(RegisterNames names, Map<String, byte[]> keys, ZoneId zone) {
        this.names = names;
        this.keys = keys;
        this.zone = zone;
    }

    static String normal(String key) {
        return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    void decode(Codec by, Frame frame) throws FrameRejectedException {
        fields.clear();
        codec = by;
        decoded = by.decode(frame, this);
    }

    @Override
    public Optional<Register> resolve(String name) {
        return names.resolve(name);
    }

    @Override
    public Optional<byte[]> key(String name) {
        return Optional.ofNullable(keys.get(normal(name)));
    }

    @Override
    public ZoneId timeZone() {
        return zone;
    }

    @Override
    public boolean traced() {
        return true;
    }

    @Override
    public void field(Field field) {
        fields.add(field);
    }

    void print(boolean json, PrintWriter out) {
        if (json) {
            out.println(text(json()));
            return;
        }
        TextTable bytes = new TextTable("BYTES", "LENGTH", "MEANING");
        fields.forEach(field -> bytes.row(
                (field.part().isEmpty() ? "" : field.part() + " ") + field.offset(),
                Integer.toString(field.length()),
                field.meaning()));
        bytes.print(out);
        TextTable readings = new TextTable("QUANTITY", "VALUE", "UNIT", "TIME", "QUALITY");
        decoded.readings()
                .forEach(reading -> readings.row(
                        reading.quantity().obis().toString(),
                        reading.value().toPlainString(),
                        reading.quantity().unit().symbol(),
                        reading.start().toString(),
                        String.join(" ", Quality.names(reading.quality()))));
        out.println();
        readings.print(out);
        if (!decoded.unnamed().isEmpty()) {
            out.println("No known quantity: " + String.join(", ", decoded.unnamed()));
        }
    }

    /** Says why the frame is rejected, and what was understood before. */
    void print(FrameRejectedException rejected, boolean json, CommandLine line) {
        if (!json) {
            line.getErr().println("meterway: the frame is rejected: " + rejected.getMessage());
            return;
        }
        ObjectNode node = object();
        node.put("codec", codec.name()).put("version", codec.version());
        node.putObject("error")
                .put("field", rejected.field())
                .put("offset", rejected.offset())
                .put("reason", rejected.reason());
        node.putArray("readings");
        fields(node.putArray("fields"));
        line.getOut().println(text(node));
    }

    private ObjectNode json() {
        ObjectNode node = object();
        node.put("codec", codec.name()).put("version", codec.version());
        ArrayNode readings = node.putArray("readings");
        for (Reading reading : decoded.readings()) {
            ObjectNode item = readings.addObject()
                    .put("quantity", reading.quantity().obis().toString())
                    .put("value", reading.value().toPlainString())
                    .put("unit", reading.quantity().unit().symbol())
                    .put("time", reading.start().toString())
                    .put("intervalSeconds", reading.interval().toSeconds());
            Quality.names(reading.quality()).forEach(item.putArray("quality")::add);
        }
        fields(node.putArray("fields"));
        decoded.unnamed().forEach(node.putArray("unnamed")::add);
        decoded.invocation().ifPresent(invocation -> node.putObject("invocation")
                .put("originator", invocation.originator())
                .put("counter", invocation.counter()));
        return node;
    }

    private void fields(ArrayNode array) {
        for (Field field : fields) {
            ObjectNode item = array.addObject()
                    .put("offset", field.offset())
                    .put("length", field.length())
                    .put("meaning", field.meaning());
            if (!field.part().isEmpty()) {
                item.put("part", field.part());
            }
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String text(ObjectNode node) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can be written", e);
        }
    }
}
