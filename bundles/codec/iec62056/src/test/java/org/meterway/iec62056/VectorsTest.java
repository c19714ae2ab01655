// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.reading.Reading;

/** Telegrams and messages of real meters and of public test suites, every value compared exactly. */
class VectorsTest {
    /** What the units of the vectors are in base units: power of ten and symbol. */
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("kWh", "3 Wh"),
            Map.entry("Wh", "0 Wh"),
            Map.entry("kvarh", "3 varh"),
            Map.entry("kVArh", "3 varh"),
            Map.entry("varh", "0 varh"),
            Map.entry("kW", "3 W"),
            Map.entry("W", "0 W"),
            Map.entry("kvar", "3 var"),
            Map.entry("kVAr", "3 var"),
            Map.entry("var", "0 var"),
            Map.entry("V", "0 V"),
            Map.entry("A", "0 A"),
            Map.entry("Hz", "0 Hz"),
            Map.entry("m3", "0 m3"),
            Map.entry("GJ", "9 J"));

    /** Why each vector that must be rejected is. */
    private static final Map<String, String> WRONG = Map.of(
            "basjes-TestCRCValidator-1", "CRC",
            "basjes-TestDsmrParser-0", "CRC",
            "basjes-TestDsmrParser-1", "CRC",
            "basjes-TestDsmrParserOnBadTelegram-0", "end of telegram",
            "basjes-TestDsmrParserOnSpecification50-0", "CRC",
            "lvzon-p1-example-4.0", "CRC",
            "bad-crc-v5", "CRC",
            "bad-truncated", "end of message");

    static byte[] resource(String name) throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(resource(name));
    }

    private static Stream<JsonNode> telegrams(boolean valid) throws IOException {
        return StreamSupport.stream(json("p1_telegrams.json").get("telegrams").spliterator(), false)
                .filter(vector -> vector.get("valid").asBoolean() == valid);
    }

    static byte[] bytes(JsonNode vector) {
        return vector.get("telegram").asText().getBytes(StandardCharsets.ISO_8859_1);
    }

    @TestFactory
    Stream<DynamicTest> everyTelegramDecodesToItsValues() throws IOException {
        return telegrams(true)
                .map(vector -> DynamicTest.dynamicTest(
                        vector.get("id").asText(), () -> check(vector, Decoding.decode(bytes(vector)))));
    }

    @TestFactory
    Stream<DynamicTest> everyTelegramDecodesAlsoWithLineFeedsOnly() throws IOException {
        return telegrams(true)
                .filter(vector -> !vector.get("id").asText().equals("jonkerj-kamstrup_mc66"))
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> {
                    byte[] lines = vector.get("telegram")
                            .asText()
                            .replace("\r\n", "\n")
                            .getBytes(StandardCharsets.ISO_8859_1);
                    assertEquals(
                            Decoding.decode(bytes(vector)).readings(),
                            Decoding.decode(lines).readings());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyDamagedTelegramIsRejectedForItsReason() throws IOException {
        return telegrams(false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> {
                    FrameRejectedException rejected =
                            assertThrows(FrameRejectedException.class, () -> Decoding.decode(bytes(vector)));
                    assertEquals(WRONG.get(vector.get("id").asText()), rejected.field());
                    assertTrue(rejected.offset() > 0, "offset " + rejected.offset());
                }));
    }

    private static void check(JsonNode vector, Decoded decoded) {
        JsonNode objects = vector.get("objects");
        String clock = objects.path("0-0:1.0.0").path(0).path(0).asText("");
        Instant now = clock.isEmpty() ? Decoding.RECEIVED : time(clock);
        Set<Reading> explained = new HashSet<>();
        List<String> missing = new ArrayList<>();
        objects.fields().forEachRemaining(object -> {
            Address address = Address.parse(object.getKey());
            if (address.c() == 98 || address.c() == 99) {
                return;
            }
            for (JsonNode occurrence : object.getValue()) {
                String stamp = "";
                for (JsonNode item : occurrence) {
                    if (item.isTextual()) {
                        stamp = item.asText();
                        continue;
                    }
                    if (!UNITS.containsKey(item.get("unit").asText())) {
                        continue;
                    }
                    String[] unit = UNITS.get(item.get("unit").asText()).split(" ");
                    BigDecimal value =
                            new BigDecimal(item.get("text").asText()).scaleByPowerOfTen(Integer.parseInt(unit[0]));
                    Instant at = stamp.isEmpty() ? now : time(stamp);
                    String obis = address.obis(
                                    Units.of(item.get("unit").asText()).base())
                            .toString();
                    List<Reading> found = decoded.readings().stream()
                            .filter(reading -> reading.quantity()
                                            .obis()
                                            .toString()
                                            .equals(obis)
                                    && reading.quantity().unit().symbol().equals(unit[1])
                                    && reading.value().compareTo(value) == 0
                                    && reading.start().equals(at))
                            .toList();
                    if (found.size() != 1) {
                        missing.add(object.getKey() + " " + item + " at " + at);
                    }
                    explained.addAll(found);
                }
            }
        });
        assertEquals(List.of(), missing);
        assertEquals(objects.toString().contains("\"unit\""), !explained.isEmpty());
        for (Reading reading : decoded.readings()) {
            String obis = reading.quantity().obis().toString();
            boolean count = obis.matches("0-0:96\\.7\\..*|1-0:[357]2\\.3[26]\\.0|1-0:[1357]3\\.7\\.0");
            boolean history = objects.has("0-0:98.1.0") && !reading.start().equals(now);
            boolean heat = objects.isEmpty(); // tested by itself
            boolean gas = obis.startsWith("0-1:24.2.1"); // in the profile of DSMR 3, tested by itself
            assertTrue(explained.contains(reading) || count || history || gas || heat, () -> "unexpected " + reading);
        }
    }

    /** Central European time by S and W, independently of the codec. */
    private static Instant time(String stamp) {
        String zone = stamp.endsWith("S") ? "+02:00" : "+01:00";
        return java.time.OffsetDateTime.parse(String.format(
                        "20%s-%s-%sT%s:%s:%s%s",
                        stamp.substring(0, 2),
                        stamp.substring(2, 4),
                        stamp.substring(4, 6),
                        stamp.substring(6, 8),
                        stamp.substring(8, 10),
                        stamp.substring(10, 12),
                        zone))
                .toInstant();
    }

    @Test
    void theHeatMeterDecodesToEnergyVolumeAndHours() throws Exception {
        JsonNode vector = telegrams(true)
                .filter(v -> v.get("id").asText().equals("jonkerj-kamstrup_mc66"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of("6-0:6.8.255 433650000000 J", "6-0:6.26.255 3052.95 m3", "6-0:6.31.255 395524800 s"),
                Decoding.values(Decoding.decode(bytes(vector))));
    }

    @Test
    void everyTelegramOfACaptureIsDecoded() throws Exception {
        byte[] stream = resource("p1_stream_sample.txt");
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        Decoded all = Decoding.decode(stream);
        assertEquals(60, text.split("0-0:1\\.0\\.0").length - 1);
        List<Reading> one = new ArrayList<>();
        for (String telegram : text.split("(?=/ISK5)")) {
            one.addAll(Decoding.decode(telegram.getBytes(StandardCharsets.ISO_8859_1))
                    .readings());
        }
        assertEquals(one.size(), all.readings().size());
        assertEquals(one, all.readings());
        // A capture that begins and ends in the middle of telegrams has two fewer.
        Decoded inner = Decoding.decode(Arrays.copyOfRange(stream, 300, stream.length - 300));
        assertEquals(
                58,
                inner.readings().stream()
                        .filter(reading -> reading.quantity().obis().toString().equals("1-0:1.7.0"))
                        .count());
    }

    @Test
    void theEncryptedTelegramDecodesToItsPlainText() throws Exception {
        JsonNode vector = json("p1_encrypted.json");
        byte[] frame = HexFormat.of().parseHex(vector.get("hex").asText());
        Map<String, String> key =
                Map.of("encryption_key", vector.at("/keys/encryption_key").asText());
        Decoded decoded = Decoding.decode(frame, key);
        byte[] plain = vector.get("plain_telegram").asText().getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(Decoding.decode(plain).readings(), decoded.readings());
        assertEquals(16, decoded.readings().size());
        Invocation invocation = decoded.invocation().orElseThrow();
        assertEquals("53595354454D4944", invocation.originator());
        assertEquals(0x10000001L, invocation.counter());
    }

    @TestFactory
    Stream<DynamicTest> everyMessageOfADialogueIsRead() throws IOException {
        return StreamSupport.stream(json("iec62056_21.json").get("vectors").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("id").asText(), () -> message(vector)));
    }

    private static void message(JsonNode vector) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(vector.get("hex").asText());
        assertEquals(vector.get("text").asText(), new String(bytes, StandardCharsets.ISO_8859_1));
        if (!vector.path("valid").asBoolean(true)) {
            FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> Decoding.decode(bytes));
            assertEquals("BCC", rejected.field());
            assertEquals(bytes.length - 1, rejected.offset());
            return;
        }
        Decoded decoded = Decoding.decode(bytes);
        List<String> values = new ArrayList<>();
        vector.get("expected").fields().forEachRemaining(expected -> {
            if (expected.getValue().has("unit")) {
                values.add(expected.getKey());
            }
        });
        switch (vector.get("id").asText()) {
            case "readout-constructed" ->
                assertEquals(
                        List.of(
                                "1-0:1.8.0 1234567 Wh",
                                "1-0:1.8.1 834001 Wh",
                                "1-0:1.8.2 400566 Wh",
                                "1-0:2.8.0 12345 Wh",
                                "1-0:32.7.0 230.1 V",
                                "1-0:31.7.0 1.25 A"),
                        Decoding.values(decoded));
            case "readout-mini" -> assertEquals(List.of("3:14", "4:15"), decoded.unnamed());
            default -> assertEquals(List.of(), decoded.readings());
        }
        assertTrue(values.size() <= decoded.readings().size());
        // The same as an 8-bit port sees it.
        byte[] parity = Decoding.evenParity(bytes);
        assertEquals(decoded.readings(), Decoding.decode(parity).readings());
        assertEquals(Decoding.trace(bytes), Decoding.trace(parity));
    }
}
