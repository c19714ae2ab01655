// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.meterway.api.codec.FrameRejectedException;

/** The examples of RFC 8428 and LwM2M Core and those of two public implementations, at the level of resolved records. */
class SenMlVectorsTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(com.fasterxml.jackson.databind.node.JsonNodeFactory.withExactBigDecimals(false));

    /** Valid CBOR that the vectors' own decoder could not read: indefinite arrays and maps (RFC 8949, 3.2.2). */
    private static final Set<String> INDEFINITE =
            Set.of("wakaama-senml_cbor_test_30-buffer", "wakaama-senml_cbor_test_31-buffer");

    record Resolved(String name, Pack.Kind kind, String value, long timeMs, String unit) {}

    @TestFactory
    Stream<DynamicTest> everyPackIsResolvedOrRejectedAsPublished() throws IOException {
        return vectors("senml_vectors.json")
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> check(vector)));
    }

    private static Stream<JsonNode> vectors(String file) throws IOException {
        try (InputStream in = SenMlVectorsTest.class.getResourceAsStream("/" + file)) {
            JsonNode root = JSON.readTree(in);
            return StreamSupport.stream((root.isArray() ? root : root.get("items")).spliterator(), false);
        }
    }

    private static void check(JsonNode vector) throws FrameRejectedException {
        String id = vector.get("id").asText();
        boolean cbor = vector.get("format").asText().startsWith("senml-cbor");
        byte[] bytes = cbor
                ? HexFormat.of().parseHex(vector.get("hex").asText())
                : text(vector).getBytes(StandardCharsets.UTF_8);
        if (INDEFINITE.contains(id)) {
            assertEquals(List.of(new Resolved("/34/0/2", Pack.Kind.STRING, "", NOW_MS, null)), read(cbor, bytes));
        } else if (invalid(vector)) {
            assertThrows(FrameRejectedException.class, () -> read(cbor, bytes), id);
        } else {
            assertEquals(expected(vector.get("decoded")), read(cbor, bytes), id);
        }
    }

    private static String text(JsonNode vector) {
        return vector.has("text")
                ? vector.get("text").asText()
                : vector.get("json").asText();
    }

    private static boolean invalid(JsonNode vector) {
        if (vector.path("valid").asBoolean(true) && vector.path("complete").asBoolean(true)) {
            for (JsonNode record : vector.get("decoded")) {
                // The vectors' list shows what was written, also where RFC 8428 forbids it.
                boolean value = Stream.of("v", "vs", "vb", "vd", "vlo", "s").anyMatch(record::has);
                boolean must = iterable(record.fieldNames()).anyMatch(name -> name.endsWith("_"));
                if (!value || must || record.path("bver").asInt(10) > 10) {
                    return true;
                }
            }
            return false;
        }
        return true;
    }

    private static <T> Stream<T> iterable(java.util.Iterator<T> all) {
        List<T> list = new ArrayList<>();
        all.forEachRemaining(list::add);
        return list.stream();
    }

    private static List<Resolved> expected(JsonNode records) {
        String baseName = "";
        String baseUnit = null;
        BigDecimal baseTime = BigDecimal.ZERO;
        BigDecimal baseValue = BigDecimal.ZERO;
        List<Resolved> expected = new ArrayList<>();
        for (JsonNode record : records) {
            baseName = record.path("bn").asText(baseName);
            baseUnit = record.path("bu").asText(baseUnit);
            baseTime = record.has("bt") ? record.get("bt").decimalValue() : baseTime;
            baseValue = record.has("bv") ? record.get("bv").decimalValue() : baseValue;
            BigDecimal time = baseTime.add(record.has("t") ? record.get("t").decimalValue() : BigDecimal.ZERO);
            long ms = time.movePointRight(3).longValue();
            long absolute = time.compareTo(BigDecimal.valueOf(1 << 28)) < 0 ? NOW_MS + ms : ms;
            Pack.Kind kind = record.has("v")
                    ? Pack.Kind.NUMBER
                    : record.has("vs")
                            ? Pack.Kind.STRING
                            : record.has("vb") ? Pack.Kind.BOOLEAN : record.has("vd") ? Pack.Kind.DATA : Pack.Kind.LINK;
            String value =
                    switch (kind) {
                        case NUMBER -> plain(record.get("v").decimalValue().add(baseValue));
                        case STRING -> record.get("vs").asText();
                        case BOOLEAN -> record.get("vb").asText();
                        case LINK -> record.get("vlo").asText();
                        default -> "";
                    };
            expected.add(new Resolved(
                    baseName + record.path("n").asText(""),
                    kind,
                    value,
                    absolute,
                    record.path("u").asText(baseUnit)));
        }
        return expected;
    }

    private static List<Resolved> read(boolean cbor, byte[] bytes) throws FrameRejectedException {
        List<Resolved> found = new ArrayList<>();
        Pack pack = new Pack(
                NOW_MS,
                record -> found.add(new Resolved(
                        record.name(),
                        record.kind(),
                        switch (record.kind()) {
                            case NUMBER -> plain(record.value().toBigDecimal());
                            case STRING, LINK -> record.string();
                            case BOOLEAN -> String.valueOf(record.bool());
                            default -> "";
                        },
                        record.timeMs(),
                        record.unit())));
        if (cbor) {
            CborRecords.read(bytes, pack);
        } else {
            JsonRecords.read(bytes, pack);
        }
        return found;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    @TestFactory
    Stream<DynamicTest> everyCborItemIsReadAsWhatItIs() throws IOException {
        return vectors("cbor_items.json")
                .map(item -> DynamicTest.dynamicTest(
                        item.get("test").asText() + " " + item.get("hex").asText(), () -> checkItem(item)));
    }

    private static void checkItem(JsonNode item) throws FrameRejectedException {
        byte[] bytes = HexFormat.of().parseHex(item.get("hex").asText());
        JsonNode value = item.get("value");
        boolean whole = item.get("complete").asBoolean();
        CborReader cbor = new CborReader(bytes);
        if (value.isNumber() && whole) {
            Decimal number = new Decimal();
            cbor.number(number);
            BigDecimal expected = value.decimalValue();
            assertEquals(
                    width(bytes) == 8 || width(bytes) == 0
                            ? plain(expected.setScale(Math.min(expected.scale(), 40), java.math.RoundingMode.HALF_EVEN))
                            : plain(new BigDecimal(Float.toString(expected.floatValue()))),
                    plain(number.toBigDecimal()));
            assertTrue(cbor.atEnd());
        } else if (value.isTextual() && whole && cbor.type() == CborReader.TEXT) {
            assertEquals(value.asText(), cbor.text("text"));
        } else if (value.isTextual() && Set.of("inf", "-inf", "nan").contains(value.asText())) {
            assertThrows(FrameRejectedException.class, () -> cbor.number(new Decimal()));
        } else if (value.isBoolean()) {
            assertEquals(value.asBoolean(), cbor.bool());
        }
        // Whatever it is, as the value of an unknown label it is passed over without a trace.
        CborReader skipped = new CborReader(bytes);
        skipped.skip();
        assertTrue(skipped.atEnd() || !whole);
    }

    private static int width(byte[] bytes) {
        return switch (bytes[0] & 255) {
            case 0xf9 -> 2;
            case 0xfa -> 4;
            case 0xfb -> 8;
            default -> 0;
        };
    }

    @Test
    void aPackWithoutRecordsHasNone() throws FrameRejectedException {
        assertEquals(List.of(), read(true, new byte[] {(byte) 0x80}));
        assertEquals(List.of(), read(false, "[]".getBytes(StandardCharsets.UTF_8)));
    }
}
