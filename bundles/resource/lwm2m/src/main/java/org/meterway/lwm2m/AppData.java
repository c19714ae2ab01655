// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.meterway.api.codec.Frame;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.LineAddress;

/**
 * Finds raw frames of meters in the Binary App Data Container (object 19): every instance of resource 0 is one, of the protocol that
 * resource 4, Data Format, of the same message names, else of the one the meter has on its line. Thread-safe.
 */
final class AppData {
    private static final Map<String, String> FORMATS = Map.of(
            "dlt645", org.meterway.api.codec.ContentTypes.DLT645,
            "dlms", org.meterway.api.codec.ContentTypes.DLMS,
            "iec62056", org.meterway.api.codec.ContentTypes.IEC62056,
            "iec6205621", org.meterway.api.codec.ContentTypes.IEC62056,
            "sml", org.meterway.api.codec.ContentTypes.SML,
            "mbus", org.meterway.api.codec.ContentTypes.MBUS,
            "dtmf", org.meterway.api.codec.ContentTypes.DTMF);
    private static final Pattern DATA = Pattern.compile("/19/(\\d{1,5})/0(/\\d{1,5})?");
    private static final Pattern FORMAT = Pattern.compile("/19/(\\d{1,5})/4");
    private static final byte[] MARK = "19/".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_FRAMES = 256;
    private static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder().maxNestingDepth(8).build();
    private static final ObjectMapper JSON =
            new ObjectMapper(JsonFactory.builder().streamReadConstraints(LIMITS).build());
    private static final ObjectMapper CBOR =
            new ObjectMapper(CBORFactory.builder().streamReadConstraints(LIMITS).build());

    private final Inventory inventory;
    private final Alerts alerts;

    AppData(Inventory inventory, Alerts alerts) {
        this.inventory = inventory;
        this.alerts = alerts;
    }

    /** Whether a path is of the object. */
    static boolean concerns(String path) {
        return path.equals("/19") || path.startsWith("/19/");
    }

    /** Whether all of the frame is one container's data, and nothing beside it. */
    static boolean isContent(Frame frame) {
        return frame.contentType().equals(ContentTypes.OPAQUE)
                && DATA.matcher(frame.target()).matches();
    }

    /** The raw frames in what a meter sent; none if there is no such object in it. */
    List<Frame> in(Frame frame) {
        List<Map.Entry<String, byte[]>> data = new ArrayList<>(); // several of one path have different times
        Map<String, String> formats = new HashMap<>();
        try {
            if (isContent(frame)) {
                data.add(Map.entry(frame.target(), frame.bytes()));
            } else if (frame.contentType().equals(ContentTypes.TLV) && concerns(frame.target())) {
                tlv(frame, data, formats);
            } else if (marked(frame.bytes()) || concerns(frame.target())) {
                senMl(frame, data, formats);
            }
        } catch (IOException | IllegalArgumentException broken) {
            return List.of(); // the codec of the whole says what is wrong with it
        }
        List<Frame> frames = new ArrayList<>();
        data.stream()
                .filter(entry -> entry.getValue().length > 0)
                .limit(MOST_FRAMES)
                .forEach(entry -> contentType(frame.meter(), entry.getKey(), formats)
                        .ifPresent(type -> frames.add(new Frame(
                                frame.meter(), frame.channel(), type, "", frame.receivedAt(), entry.getValue()))));
        return frames;
    }

    private Optional<String> contentType(String meter, String path, Map<String, String> formats) {
        Matcher matcher = DATA.matcher(path);
        String named = matcher.matches() ? formats.getOrDefault(matcher.group(1), "") : "";
        Optional<String> type = Optional.of(named)
                .filter(name -> !name.isEmpty())
                .or(() -> inventory.find(meter).flatMap(known -> known.line().map(LineAddress::protocol)))
                .map(AppData::mediaType)
                .filter(found -> !found.isEmpty());
        if (type.isEmpty()) {
            alerts.log(
                    "app data",
                    meter + ": " + path + " has no data format that is known (" + Gatekeeper.printable(named)
                            + "): it stays in the raw message");
        }
        return type;
    }

    private static String mediaType(String format) {
        String name = format.strip().toLowerCase(Locale.ROOT);
        return name.startsWith("application/") ? name : FORMATS.getOrDefault(name.replaceAll("[^a-z0-9]", ""), "");
    }

    private static boolean marked(byte[] bytes) {
        for (int i = 0; i + MARK.length <= bytes.length; i++) {
            if (bytes[i] == MARK[0] && bytes[i + 1] == MARK[1] && bytes[i + 2] == MARK[2]) {
                return true;
            }
        }
        return false;
    }

    /** RFC 8428: base name and name, {@code vs} for a text, {@code vd} for data; CBOR has numbers for the labels. */
    private static void senMl(Frame frame, List<Map.Entry<String, byte[]>> data, Map<String, String> formats)
            throws IOException {
        boolean cbor = frame.contentType().equals(ContentTypes.SENML_CBOR);
        if (!cbor && !frame.contentType().equals(ContentTypes.SENML_JSON)) {
            return;
        }
        JsonNode pack = (cbor ? CBOR : JSON).readTree(frame.bytes());
        String base = "";
        for (JsonNode entry : pack) {
            base = entry.path(cbor ? "-2" : "bn").asText(base);
            String path = base + entry.path(cbor ? "0" : "n").asText("");
            JsonNode text = entry.path(cbor ? "3" : "vs");
            JsonNode opaque = entry.path(cbor ? "8" : "vd");
            Matcher format = FORMAT.matcher(path);
            if (format.matches() && text.isTextual()) {
                formats.put(format.group(1), text.textValue());
            } else if (DATA.matcher(path).matches() && !opaque.isMissingNode()) {
                data.add(Map.entry(path, bytes(opaque)));
            }
        }
    }

    private static byte[] bytes(JsonNode opaque) throws IOException {
        return opaque.isBinary() ? opaque.binaryValue() : Base64.getUrlDecoder().decode(opaque.asText());
    }

    /** LwM2M Core 1.1, 7.4.3: from the target down to the resource instances. */
    private static void tlv(Frame frame, List<Map.Entry<String, byte[]>> data, Map<String, String> formats)
            throws IOException {
        level(frame.bytes(), 0, frame.bytes().length, frame.target(), data, formats);
    }

    private static void level(
            byte[] bytes,
            int from,
            int to,
            String path,
            List<Map.Entry<String, byte[]>> data,
            Map<String, String> formats)
            throws IOException {
        int at = from;
        while (at < to) {
            int head = bytes[at++] & 0xFF;
            int idBytes = (head & 0x20) == 0 ? 1 : 2;
            int lengthBytes = head >> 3 & 3;
            if (at + idBytes + lengthBytes > to) {
                throw new IOException("cut off");
            }
            int id = unsigned(bytes, at, idBytes);
            at += idBytes;
            int length = lengthBytes == 0 ? head & 7 : unsigned(bytes, at, lengthBytes);
            at += lengthBytes;
            if (length > to - at) {
                throw new IOException("cut off");
            }
            entry(bytes, head >> 6, id, at, length, path, data, formats);
            at += length;
        }
    }

    private static void entry(
            byte[] bytes,
            int kind,
            int id,
            int at,
            int length,
            String path,
            List<Map.Entry<String, byte[]>> data,
            Map<String, String> formats)
            throws IOException {
        String[] parts = path.split("/");
        String instance = parts.length > 2 ? parts[2] : "0";
        switch (kind) {
            case 0 -> level(bytes, at, at + length, "/19/" + id, data, formats);
            case 1 -> value(bytes, at, length, path + "/" + id, data, formats);
            case 2 -> level(bytes, at, at + length, "/19/" + instance + "/" + id, data, formats);
            default -> value(bytes, at, length, "/19/" + instance + "/" + id, data, formats);
        }
    }

    private static void value(
            byte[] bytes,
            int at,
            int length,
            String path,
            List<Map.Entry<String, byte[]>> data,
            Map<String, String> formats) {
        Matcher format = FORMAT.matcher(path);
        if (format.matches()) {
            formats.put(format.group(1), new String(bytes, at, length, StandardCharsets.UTF_8));
        } else if (DATA.matcher(path).matches()) {
            data.add(Map.entry(path, Arrays.copyOfRange(bytes, at, at + length)));
        }
    }

    private static int unsigned(byte[] bytes, int at, int length) {
        int value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
