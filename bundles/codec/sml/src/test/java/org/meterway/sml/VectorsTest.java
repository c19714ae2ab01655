// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.sml.Decoding.decode;
import static org.meterway.sml.Decoding.hex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;

/** Frames of some twenty types of meters, every value compared exactly. */
class VectorsTest {
    static JsonNode files() throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("sml_frames.json")) {
            return new ObjectMapper().readTree(in).get("files");
        }
    }

    private static Stream<JsonNode> all(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @TestFactory
    Stream<DynamicTest> everyFrameDecodesToItsValues() throws IOException {
        return all(files()).flatMap(file -> all(file.get("frames"))
                .map(frame -> DynamicTest.dynamicTest(
                        file.get("id").asText(),
                        () -> assertEquals(
                                expected(frame),
                                found(decode(hex(frame.get("hex").asText())).readings())))));
    }

    @TestFactory
    Stream<DynamicTest> everyFrameIsRejectedWithAnyByteChanged() throws IOException {
        return all(files())
                .map(file -> DynamicTest.dynamicTest(file.get("id").asText(), () -> {
                    byte[] bytes = hex(file.at("/frames/0/hex").asText());
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] ^= 0x40;
                        assertThrows(FrameRejectedException.class, () -> decode(bytes));
                        bytes[i] ^= 0x40;
                    }
                }));
    }

    /** Numbers with a unit as "quantity value unit", in the frame's order. */
    private static List<String> expected(JsonNode frame) {
        List<String> expected = new ArrayList<>();
        for (JsonNode message : frame.get("messages")) {
            for (JsonNode value : message.path("values")) {
                if (value.has("raw") && value.path("unit").isTextual()) {
                    BigDecimal number = new BigDecimal(
                            value.get("raw").bigIntegerValue(),
                            -value.get("scaler").asInt());
                    expected.add(Obis.parse(value.get("obis").asText()) + " " + plain(number) + " "
                            + value.get("unit").asText());
                }
            }
        }
        return expected;
    }

    private static List<String> found(List<Reading> readings) {
        return readings.stream()
                .map(reading -> reading.quantity().obis() + " " + plain(reading.value()) + " "
                        + reading.quantity().unit().symbol())
                .toList();
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    @TestFactory
    Stream<DynamicTest> everyCaptureDecodesToTheValuesOfItsFrames() throws IOException {
        return all(files())
                .filter(file -> file.has("stream_hex"))
                .map(file -> DynamicTest.dynamicTest(file.get("id").asText(), () -> {
                    Decoded decoded = decode(hex(file.get("stream_hex").asText()));
                    HashSet<String> values = new HashSet<>(found(decoded.readings()));
                    for (JsonNode frame : file.get("frames")) {
                        assertTrue(values.containsAll(expected(frame)));
                    }
                    long lists = decoded.readings().stream()
                            .filter(reading ->
                                    reading.quantity().obis().toString().equals("1-0:1.8.0"))
                            .count();
                    assertEquals(file.get("frames_found").asLong(), lists);
                }));
    }

    @Test
    void theFramesOfACaptureAreAsOldAsTheMetersIndexTells() throws Exception {
        JsonNode file = all(files())
                .filter(one -> one.get("id").asText().equals("DZG_DVS-7420.2V.G2_mtr1"))
                .findFirst()
                .orElseThrow();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        all(file.get("frames"))
                .forEach(frame -> run.writeBytes(hex(frame.get("hex").asText())));
        List<Reading> power = decode(run.toByteArray()).readings().stream()
                .filter(reading -> reading.quantity().obis().toString().equals("1-0:16.7.0"))
                .toList();
        assertEquals(List.of(), decode(run.toByteArray()).unnamed());
        assertEquals(
                List.of(Decoding.RECEIVED.minusSeconds(1), Decoding.RECEIVED),
                power.stream().map(Reading::start).toList());
        assertEquals(List.of("1-0:16.7.0 6.22 W", "1-0:16.7.0 5.96 W"), found(power));
    }

    @Test
    void aPowerThatDzgMetersSendNegativeAgainstTheirOwnStatusIsSuspect() throws Exception {
        Map<String, Integer> quality = Map.of(
                "DZG_DVS-7412.2_jmberg", Quality.MEASURED | Quality.SUSPECT,
                "DZG_DVS-7420.2V.G2_mtr2_neg", Quality.MEASURED,
                "dzg_dwsb20_2th_2byte", Quality.MEASURED,
                "ISKRA_MT175_D1A52-V22-K0t", Quality.MEASURED);
        int checked = 0;
        for (JsonNode file : files()) {
            if (quality.containsKey(file.get("id").asText())) {
                Reading power = decode(hex(file.at("/frames/0/hex").asText())).readings().stream()
                        .filter(reading -> reading.quantity().obis().c() == 16)
                        .findFirst()
                        .orElseThrow();
                assertTrue(power.count() < 0);
                assertEquals(
                        quality.get(file.get("id").asText()),
                        power.quality(),
                        file.get("id").asText());
                checked++;
            }
        }
        assertEquals(quality.size(), checked);
    }
}
