// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

class CodecTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:07:00Z");
    /** Every path is a register in Wh at its default scale, on a grid of half an hour. */
    private static final DecodeContext ALL = name -> Optional.of(new Register(
            name, name, Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), BigDecimal.ONE, Duration.ofMinutes(30), false));

    private static Decoded decode(Codec codec, String target, byte[] bytes) throws FrameRejectedException {
        return decode(codec, target, bytes, NOW, ALL);
    }

    private static Decoded decode(Codec codec, String target, byte[] bytes, Instant at, DecodeContext names)
            throws FrameRejectedException {
        String type = target.startsWith("cbor:")
                ? "application/cbor"
                : codec.contentTypes().stream()
                        .sorted()
                        .reduce((one, other) -> other)
                        .orElseThrow();
        return codec.decode(new Frame("m", "lwm2m", type, target.replace("cbor:", ""), at, bytes), names);
    }

    private static List<String> values(Decoded decoded) {
        return decoded.readings().stream()
                .map(each -> each.value().toPlainString())
                .toList();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @ParameterizedTest
    @CsvSource({
        "21.5, 21.5",
        "-0.1, -0.1",
        "1e3, 1000",
        "007, 7",
        "' 5\n', 5",
        "123456789012.123456, 123456789012.123456"
    })
    void textIsExact(String text, String value) throws Exception {
        Decoded decoded = decode(new TextCodec(), "/3303/0/5700", text.getBytes(UTF_8));
        assertEquals(List.of(value), values(decoded));
        assertEquals(Quality.MEASURED, decoded.readings().get(0).quality());
        assertEquals(NOW, decoded.readings().get(0).start());
        assertEquals(Duration.ZERO, decoded.readings().get(0).interval());
    }

    @Test
    void moreDigitsThanTheScaleHoldsAreRoundedAndSaidToBe() throws Exception {
        Reading reading = decode(new TextCodec(), "/3303/0/5700", "0.12345678".getBytes(UTF_8))
                .readings()
                .get(0);
        assertEquals("0.123457", reading.value().toPlainString());
        assertEquals(Quality.MEASURED | Quality.ROUNDED, reading.quality());
    }

    @Test
    void aValueExactlyOnTheGridIsAnIntervalValue() throws Exception {
        Instant half = Instant.parse("2026-11-22T10:30:00Z");
        Reading reading = decode(new TextCodec(), "/3303/0/5700", "1".getBytes(UTF_8), half, ALL)
                .readings()
                .get(0);
        assertEquals(Duration.ofMinutes(30), reading.interval());
    }

    @Test
    void theRegistersFactorIsApplied() throws Exception {
        Reading reading = decode(new TextCodec(), "/3/0/9", "1.5".getBytes(UTF_8), NOW, TestModels::resolve)
                .readings()
                .get(0);
        assertEquals("1500", reading.value().toPlainString());
    }

    @Test
    void aPathWithoutARegisterIsNoted() throws Exception {
        Decoded decoded = decode(new TextCodec(), "/3/0/0", "ACME".getBytes(UTF_8), NOW, TestModels::resolve);
        assertEquals(List.of("/3/0/0"), decoded.unnamed());
        assertTrue(decoded.readings().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "1,5", "NaN", "1e999999999", "1e400", "0x10", "--1"})
    void whatIsNoNumberIsRefused(String text) {
        assertThrows(FrameRejectedException.class, () -> decode(new TextCodec(), "/3303/0/5700", text.getBytes(UTF_8)));
    }

    @Test
    void tlvIntegersAreExactAndFloatsTheirShortestDecimal() throws Exception {
        // OMA LwM2M TS 1.0.2, 6.4.3.3: battery levels and voltages in instances; names of the sources' vector files.
        assertEquals(List.of("100"), values(decode(new TlvCodec(), "/3/0", hex("c10964"))));
        assertEquals(
                List.of("3800", "5000"),
                values(decode(new TlvCodec(), "/3/0/7", hex("8807084200 0ed842011388".replace(" ", "")))));
        assertEquals(List.of("0.1"), values(decode(new TlvCodec(), "/3303/0", hex("e416443dcccccd"))));
        assertEquals(List.of("0.1"), values(decode(new TlvCodec(), "/3303/0", hex("e81644083fb999999999999a"))));
        assertEquals(
                List.of("1234567.875"),
                values(decode(new TlvCodec(), "/3303/0", hex("e816440841" + "32d687e0000000"))));
    }

    @Test
    void tlvOfAnObjectNamesItsInstances() throws Exception {
        Decoded decoded = decode(
                new TlvCodec(),
                "/3303",
                hex("080007e4164441ac0000" + "080107e4164441ac0000"),
                NOW,
                TestModels::resolve);
        assertEquals(List.of("21.5", "21.5"), values(decoded));
        decoded = decode(new TlvCodec(), "/3303", hex("080007e4164441ac0000"), NOW, name -> {
            assertEquals("/3303/0/5700", name);
            return Optional.empty();
        });
        assertEquals(List.of("/3303/0/5700"), decoded.unnamed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1", // cut off
                "c809ff64", // longer than there is
                "c30964aabb", // an integer of three bytes
                "e416447fc00000", // not a number
                "08000508000208000000", // an instance in an instance
                "4100ff" // a resource instance out of place
            })
    void brokenTlvIsRefused(String bytes) {
        assertThrows(
                FrameRejectedException.class,
                () -> decode(new TlvCodec(), bytes.startsWith("e4") ? "/3303/0" : "/3/0", hex(bytes)));
    }

    @ParameterizedTest
    @CsvSource({
        "a2190ce9a200a11916a8fb40938a000000000001a11916a8fbc028800000000000190d03a100a1191644fb4045000000000000, '1250.5 -12.25 42'",
        "a1820300a206a20001010507a200190ed801191388, '1 5 3800 5000'",
        "bf830d181a01182aff, 42",
        "a183190ce7001916443903e7, -1000",
        "a183190ce7001916" + "44f93e00, 1.5",
        "a183190ce7001916" + "44fa3dcccccd, 0.1",
        "a183190ce7001916" + "44c48221196ab3, 273.15"
    })
    void lwm2mCborIsExact(String bytes, String values) throws Exception {
        assertEquals(List.of(values.split(" ")), values(decode(new CborCodec(), "", hex(bytes))));
    }

    @Test
    void plainCborIsTheValueOfItsTarget() throws Exception {
        assertEquals(List.of("42"), values(decode(new CborCodec(), "cbor:/3303/0/5700", hex("182a"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a1",
                "a10000",
                "00",
                "a183190ce70019164461",
                "a183190ce7001916446161",
                "a1190ce7a100a1191644a100a10001",
                "a183190ce700191644fb7ff0000000000000",
                "a183190ce70019164401ff",
                "bf",
                "9f",
                "a183190ce7001b000000010000000000"
            })
    void brokenLwm2mCborIsRefused(String bytes) {
        assertThrows(FrameRejectedException.class, () -> decode(new CborCodec(), "", hex(bytes)));
    }

    @Test
    void oldJsonHasTimesAndExactDecimals() throws Exception {
        String json = "{\"bn\":\"/3303/0/\",\"bt\":1795341600,\"e\":["
                + "{\"n\":\"5700\",\"v\":0.1,\"t\":-1800},{\"n\":\"5700\",\"v\":20.25}]}";
        Decoded decoded = decode(new JsonCodec(), "/3303/0", json.getBytes(UTF_8));
        assertEquals(List.of("0.1", "20.25"), values(decoded));
        assertEquals(
                List.of(Instant.ofEpochSecond(1795339800), Instant.ofEpochSecond(1795341600)),
                decoded.readings().stream().map(Reading::start).toList());
        assertEquals(Duration.ofMinutes(30), decoded.readings().get(0).interval());
    }

    @Test
    void oldJsonWithoutABaseNameIsUnderItsTarget() throws Exception {
        String json = "{\"e\":[{\"v\":7,\"t\":-5}]}";
        Reading reading = decode(new JsonCodec(), "/3303/0/5700", json.getBytes(UTF_8), NOW, TestModels::resolve)
                .readings()
                .get(0);
        assertEquals(NOW.minusSeconds(5), reading.start());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"e\":1}",
                "{\"e\":[{\"sv\":\"x\"}]}",
                "{\"e\":[{\"v\":1,\"t\":1e99}]}",
                "{\"e\":[]} x",
                "{\"e\":[{\"v\":1e999999999}]}",
                "{\"e\":[{\"v\":1,\"t\":\"x\"}]}"
            })
    void brokenJsonIsRefused(String json) {
        assertThrows(FrameRejectedException.class, () -> decode(new JsonCodec(), "/3303/0/5700", json.getBytes(UTF_8)));
    }

    @Test
    void rubbishIsDecodedOrRefusedAndNothingElse() {
        Random random = new Random(1);
        for (Codec codec : List.of(new TextCodec(), new TlvCodec(), new CborCodec(), new JsonCodec())) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                try {
                    decode(codec, "/3303/0", bytes);
                } catch (FrameRejectedException refused) {
                    assertTrue(refused.getMessage().length() > 3);
                }
            }
        }
    }
}
