// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Reading;

/** Frames of real meters and of other implementations: all decode to what is published, or are rejected for the right reason. */
class Dlt645VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(com.fasterxml.jackson.databind.node.JsonNodeFactory.withExactBigDecimals(true));

    /** The OBIS codes of the identifiers whose values are published. */
    private static final Map<String, List<String>> OBIS = Map.ofEntries(
            Map.entry("00000000", List.of("1-0:15.8.0")),
            Map.entry("00010000", List.of("1-0:1.8.0")),
            Map.entry("00010100", List.of("1-0:1.8.1")),
            Map.entry("00010200", List.of("1-0:1.8.2")),
            Map.entry("00010300", List.of("1-0:1.8.3")),
            Map.entry("0001FF00", List.of("1-0:1.8.0", "1-0:1.8.1", "1-0:1.8.2", "1-0:1.8.3", "1-0:1.8.4")),
            Map.entry("00900200", List.of("0-0:19.10.0")),
            Map.entry("01010000", List.of("1-0:1.6.0")),
            Map.entry("02010100", List.of("1-0:32.7.0")),
            Map.entry("02010300", List.of("1-0:72.7.0")),
            Map.entry("0201FF00", List.of("1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0")),
            Map.entry("02020100", List.of("1-0:31.7.0")),
            Map.entry("02030000", List.of("1-0:1.7.0")),
            Map.entry("02040000", List.of("1-0:3.7.0")),
            Map.entry("02050000", List.of("1-0:9.7.0")),
            Map.entry("02800002", List.of("1-0:14.7.0")),
            Map.entry("9000", List.of("1-0:15.8.0")),
            Map.entry("9010", List.of("1-0:1.8.0")),
            Map.entry("9020", List.of("1-0:2.8.0")),
            Map.entry("B611", List.of("1-0:32.7.0")));

    /** Field and offset of each rejection. */
    private static final Map<String, String> REJECTIONS = Map.of(
            "y07-bad-end", "end 19",
            "y07-bad-68", "second start 7",
            "y07-bad-len", "length 9",
            "y07-trunc", "data 14",
            "y07-only-fe", "frame 4",
            "y07-bad-cs-2", "checksum 18",
            "y07-97-badcs", "checksum 14");

    /** Words of the publication beside the trace's. */
    private static final Map<String, String> WORDS = Map.of(
            "password error / not authorised", "password error or not authorised",
            "other error", "other error",
            "no requested data", "no requested data");

    @TestFactory
    Stream<DynamicTest> everyFrameIsDecodedOrRejectedAsPublished() throws IOException {
        return vectors().map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> check(vector)));
    }

    @Test
    void allAreThere() throws IOException {
        assertEquals(98, vectors().count());
    }

    static Stream<JsonNode> vectors() throws IOException {
        try (InputStream in = Dlt645VectorsTest.class.getResourceAsStream("dlt645_frames.json")) {
            return StreamSupport.stream(JSON.readTree(in).get("vectors").spliterator(), false);
        }
    }

    private static void check(JsonNode vector) throws FrameRejectedException {
        String id = vector.get("id").asText();
        String hex = vector.get("hex").asText();
        if (!vector.get("valid").asBoolean()) {
            FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> Bench.decode(hex), id);
            assertEquals(REJECTIONS.get(id), rejected.field() + " " + rejected.offset(), rejected.getMessage());
            return;
        }
        Bench.Result result = Bench.decode(hex);
        assertCovered(result.fields(), Bench.bytes(hex).length);
        JsonNode parsed = vector.get("parsed");
        assertTrue(
                result.trace()
                        .contains("address: " + parsed.get("address").asText().toUpperCase()),
                result.trace());
        assertTrue(result.trace().contains("control: " + parsed.get("control").asText()), result.trace());
        JsonNode expected = vector.path("expected");
        assertEquals(expectedValues(expected), values(result), result.trace());
        texts(expected, result.trace());
    }

    /** Every byte is in exactly one field, in order. */
    private static void assertCovered(List<Field> fields, int length) {
        int at = 0;
        for (Field field : fields) {
            if (field.part().isEmpty()) {
                assertEquals(at, field.offset(), field.toString());
                at = field.offset() + field.length();
            }
        }
        assertEquals(length, at);
    }

    private static List<String> values(Bench.Result result) {
        return result.decoded().readings().stream()
                .map(Dlt645VectorsTest::shown)
                .toList();
    }

    private static String shown(Reading reading) {
        return reading.quantity().obis() + " " + reading.value().toPlainString();
    }

    private static List<String> expectedValues(JsonNode expected) {
        if (expected.has("record")) {
            return List.of(
                    "1-0:32.7.0 220.5",
                    "1-0:52.7.0 220.6",
                    "1-0:72.7.0 220.7",
                    "1-0:31.7.0 1.5",
                    "1-0:51.7.0 1.6",
                    "1-0:71.7.0 1.7",
                    "1-0:14.7.0 50",
                    "1-0:1.7.0 123.4",
                    "1-0:21.7.0 41.1",
                    "1-0:41.7.0 41.1",
                    "1-0:61.7.0 41.2",
                    "1-0:3.7.0 0",
                    "1-0:23.7.0 0",
                    "1-0:43.7.0 0",
                    "1-0:63.7.0 0",
                    "1-0:13.7.0 1",
                    "1-0:33.7.0 1",
                    "1-0:53.7.0 1",
                    "1-0:73.7.0 1",
                    // The publication calls the last two q1 and q2; annex B has combined reactive energy 1 and 2 here.
                    "1-0:1.8.0 123456780",
                    "1-0:2.8.0 0",
                    "1-0:3.8.0 110",
                    "1-0:4.8.0 120");
        }
        List<String> values = new ArrayList<>();
        JsonNode published = expected.has("values") ? expected.get("values") : JSON.createArrayNode();
        if (expected.has("value")) {
            published = JSON.createArrayNode().add(expected.get("value").decimalValue());
        }
        for (int i = 0; i < published.size(); i++) {
            if (!published.get(i).isNull()) {
                BigDecimal value = published.get(i).decimalValue();
                boolean kilo = expected.get("unit").asText().startsWith("k");
                BigDecimal inUnit =
                        value.multiply(BigDecimal.valueOf(kilo ? 1000 : 1)).stripTrailingZeros();
                values.add(OBIS.get(expected.get("di").asText()).get(i) + " " + inUnit.toPlainString());
            }
        }
        return values;
    }

    private static void texts(JsonNode expected, String trace) {
        for (String name : Set.of("di", "date", "time", "text", "timestamp", "error_word", "command", "occurred")) {
            if (expected.has(name)) {
                assertTrue(trace.contains(expected.get(name).asText()), name + " of " + expected + " in\n" + trace);
            }
        }
        if (expected.has("weekday")) {
            assertTrue(trace.contains("weekday " + expected.get("weekday").asText()), trace);
        }
        expected.path("error_bits").forEach(bit -> assertTrue(trace.contains(WORDS.get(bit.asText())), trace));
    }
}
