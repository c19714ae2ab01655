// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

class SenMlTest {
    static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00.123Z");
    private static final Register ENERGY = register("/10243/*/15", "1-0:1.8.0", Unit.WATT_HOUR, "1000", 1800);
    private static final Register POWER = register("", "1-0:1.7.0", Unit.WATT, "1", 0);
    static final DecodeContext NAMES = name -> Optional.ofNullable(Map.of(
                    "/10243/0/15",
                    ENERGY,
                    "1-0:1.8.0",
                    register("", "1-0:1.8.0", Unit.WATT_HOUR, "1", 1800),
                    "1-0:1.7.0",
                    POWER,
                    "/3305/0/5800",
                    POWER)
            .get(name));

    private static Register register(String path, String obis, Unit unit, String factor, int interval) {
        return new Register(
                path, obis, Quantity.of(obis, unit), new BigDecimal(factor), Duration.ofSeconds(interval), false);
    }

    static Decoded json(String text) throws FrameRejectedException {
        return decode(new SenMlJsonCodec(), text.getBytes(StandardCharsets.UTF_8));
    }

    static Decoded cbor(String hex) throws FrameRejectedException {
        return decode(new SenMlCborCodec(), HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static Decoded decode(Codec codec, byte[] bytes) throws FrameRejectedException {
        String type = codec.contentTypes().iterator().next();
        return codec.decode(new Frame("m1", "test", type, "", RECEIVED, bytes), NAMES);
    }

    private static Reading one(Decoded decoded) {
        assertEquals(1, decoded.readings().size());
        return decoded.readings().get(0);
    }

    private static FrameRejectedException rejected(String json) {
        return assertThrows(FrameRejectedException.class, () -> json(json));
    }

    @Test
    void aLoadProfileOfAnLwm2mMeterBecomesReadingsOnTheGrid() throws FrameRejectedException {
        // [{bn "/10243/0/15", bt 1795132800, t 0, v 1.5}, {t 1800, v 1500 x 10^-3}, {t 1801, v half 2.5}]
        Decoded decoded = cbor("83 a4 21 6b 2f31303234332f302f3135 22 1a 6aff8d80 06 00 02 fb3ff8000000000000"
                + "a2 06 19 0708 02 c4 82 22 19 05dd" + "a2 06 19 0709 02 f9 4100");
        assertEquals(
                List.of(
                        reading("2026-11-20T00:00:00Z", 1800, 1_500_000_000L),
                        reading("2026-11-20T00:30:00Z", 1800, 1_501_000_000L),
                        reading("2026-11-20T00:30:01Z", 0, 2_500_000_000L)),
                decoded.readings());
        assertEquals(List.of(), decoded.unnamed());
    }

    private static Reading reading(String start, int interval, long count) {
        return new Reading(
                ENERGY.quantity(), Instant.parse(start), Duration.ofSeconds(interval), count, Quality.MEASURED);
    }

    @Test
    void aBareValueIsInTheRegistersUnitAndAStatedUnitWins() throws FrameRejectedException {
        assertEquals(
                1_500_000_000L, one(json("[{\"n\":\"/10243/0/15\",\"v\":1.5}]")).count());
        assertEquals(
                1_500_000_000L,
                one(json("[{\"n\":\"/10243/0/15\",\"u\":\"kWh\",\"v\":1.5}]")).count());
        assertEquals(
                1_500_000L,
                one(json("[{\"n\":\"/10243/0/15\",\"u\":\"Wh\",\"v\":1.5}]")).count());
        assertEquals(
                1_000_000L,
                one(json("[{\"n\":\"/10243/0/15\",\"bu\":\"J\",\"v\":3600}]")).count());
    }

    @Test
    void aPathBelowAnAlternatePathIsThatOfTheObject() throws FrameRejectedException {
        assertEquals(
                1_500_000_000L,
                one(json("[{\"bn\":\"/lwm2m/10243/0/\",\"n\":\"15\",\"v\":1.5}]"))
                        .count());
        assertEquals(
                1_500_000_000L,
                one(json("[{\"n\":\"/a-1/b/10243/0/15\",\"v\":1.5}]")).count());
        rejected("[{\"n\":\"/lwm2m/10243//15\",\"v\":1.5}]");
        rejected("[{\"n\":\"lwm2m/10243/0/15\",\"v\":1.5}]");
    }

    @Test
    void aUnitWithoutAnExactDecimalIsRoundedAndSaysSo() throws FrameRejectedException {
        Reading third = one(json("[{\"n\":\"/10243/0/15\",\"u\":\"J\",\"v\":1200}]"));
        assertEquals(333_333L, third.count());
        assertEquals(Quality.MEASURED | Quality.ROUNDED, third.quality());
    }

    @Test
    void aUnitOfAnotherQuantityIsRejectedByName() {
        FrameRejectedException wrong = rejected("[{\"n\":\"/10243/0/15\",\"u\":\"V\",\"v\":230}]");
        assertEquals("record 0 (/10243/0/15) u", wrong.field());
        assertTrue(wrong.reason().contains("'V' is no unit of 1-0:1.8.0 Wh"), wrong.reason());
    }

    @Test
    void aSumOfPowerOverTimeIsEnergy() throws FrameRejectedException {
        assertEquals(
                1_000_000L,
                one(json("[{\"n\":\"1-0:1.8.0\",\"u\":\"W\",\"bs\":3000,\"s\":600}]"))
                        .count());
        assertTrue(
                rejected("[{\"n\":\"1-0:1.8.0\",\"u\":\"V\",\"s\":1}]").reason().contains("sum over seconds"));
        assertTrue(rejected("[{\"n\":\"1-0:1.8.0\",\"s\":1}]").reason().contains("unit"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "urn:dev:ow:10e2073a01080063:1-0:1.7.0",
                "urn:dev:mac:0024befffe804ff1_1-0:1.7.0",
                "1-0:1.7.0",
                "1-0:1.7.0.255",
                "/3305/0/5800",
                "3305/0/5800"
            })
    void namesResolveByPathOrByTheObisCodeAtTheirEnd(String name) throws FrameRejectedException {
        int cut = name.length() / 2;
        Decoded decoded =
                json("[{\"bn\":\"" + name.substring(0, cut) + "\",\"n\":\"" + name.substring(cut) + "\",\"v\":7}]");
        assertEquals(POWER.quantity(), one(decoded).quantity());
        assertEquals(7_000_000L, one(decoded).count());
    }

    @Test
    void unknownPathsAreNamedAndUnknownNamesRejected() throws FrameRejectedException {
        Decoded decoded = json("[{\"n\":\"/3/0/9\",\"v\":95},{\"n\":\"3/0/9\",\"v\":95},{\"n\":\"/3/0/9\",\"v\":96},"
                + "{\"n\":\"note\",\"vs\":\"hello\"}]");
        assertEquals(List.of("/3/0/9", "3/0/9", "note"), decoded.unnamed());
        assertEquals(
                "record 0 (voltage) n",
                rejected("[{\"n\":\"voltage\",\"v\":230}]").field());
        assertEquals(
                "record 0 (1-0:99.8.0) n",
                rejected("[{\"n\":\"1-0:99.8.0\",\"v\":230}]").field());
        assertEquals(
                "record 0 (1-0:1.8.999) n",
                rejected("[{\"n\":\"1-0:1.8.999\",\"v\":230}]").field());
    }

    @Test
    void atMostSixteenNamesAreListed() throws FrameRejectedException {
        StringBuilder pack = new StringBuilder("[");
        for (int i = 0; i < 40; i++) {
            pack.append(i == 0 ? "" : ",").append("{\"n\":\"/3/0/").append(i).append("\",\"v\":1}");
        }
        assertEquals(16, json(pack + "]").unnamed().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"vs\":\"1\"", "\"vb\":true", "\"vd\":\"MA\"", "\"vlo\":\"66:0\""})
    void aRegisterNeedsANumber(String value) {
        assertTrue(rejected("[{\"n\":\"1-0:1.8.0\"," + value + "}]").reason().contains("needs a number"));
    }

    @Test
    void timesBelowTwoToThe28AreRelativeToReceipt() throws FrameRejectedException {
        assertEquals(RECEIVED, one(json("[{\"n\":\"1-0:1.8.0\",\"v\":1}]")).start());
        assertEquals(
                RECEIVED.minusSeconds(5),
                one(json("[{\"n\":\"1-0:1.8.0\",\"v\":1,\"t\":-5}]")).start());
        assertEquals(
                RECEIVED.plusSeconds((1 << 28) - 1),
                one(json("[{\"n\":\"1-0:1.8.0\",\"v\":1,\"t\":268435455}]")).start());
        assertEquals(
                Instant.ofEpochSecond(1 << 28),
                one(json("[{\"n\":\"1-0:1.8.0\",\"v\":1,\"bt\":268435450,\"t\":6}]"))
                        .start());
    }

    @ParameterizedTest
    @CsvSource({
        "1276020076.0014, 1276020076001",
        "1276020076.0015, 1276020076002",
        "1.276020076001e9, 1276020076001",
        "1276020076, 1276020076000"
    })
    void timesAreRoundedToMilliseconds(String time, long expected) throws FrameRejectedException {
        assertEquals(
                Instant.ofEpochMilli(expected),
                one(json("[{\"n\":\"1-0:1.8.0\",\"v\":1,\"t\":" + time + "}]")).start());
    }

    @Test
    void timesWrittenAsDecimalFractionsAreAccepted() throws FrameRejectedException {
        // bn "1-0:1.8.0", t 4([0, 1276020076]) and then 4([-3, 1276020076001]), v 1
        Decoded decoded = cbor("82 a3 21 69 312d303a312e382e30 06 c4 82 00 1a 4c0e856c 02 01"
                + "a2 06 c4 82 22 1b 0000012918b92de1 02 01");
        assertEquals(
                Instant.ofEpochSecond(1276020076L), decoded.readings().get(0).start());
        assertEquals(
                Instant.ofEpochMilli(1276020076001L), decoded.readings().get(1).start());
    }

    @Test
    void anEpochTagOnATimeIsAccepted() throws FrameRejectedException {
        Decoded decoded = cbor("81 a3 00 69 312d303a312e382e30 06 c1 1a 4c0e856c 02 01");
        assertEquals(Instant.ofEpochSecond(1276020076L), one(decoded).start());
    }

    @ParameterizedTest
    @CsvSource({
        // value item, count of millionths of a watt
        "1863, 99000000",
        "3862, -99000000",
        "f93c01, 1000977", // 1 + 2^-10 is 1.0009766 in its shortest single-precision form
        "fa3f99999a, 1200000",
        "fb3ff3333333333333, 1200000",
        "fb400921fb54442d18, 3141593",
        "c482221904b0, 1200000",
        "c48221c24104, 40000",
        "c482 21 c34103, -40000",
        "c5822003, 1500000",
        "c5820103, 6000000",
        "c24103, 3000000",
        "c34103, -4000000",
        "d9d9f703, 3000000",
        "fb8000000000000000, 0",
        "fb0000000000000001, 0",
        "c4823903e701, 0"
    })
    void everyKindOfCborNumberIsExact(String item, long count) throws FrameRejectedException {
        assertEquals(
                count, one(cbor("81 a2 00 69 312d303a312e372e30 02 " + item)).count());
    }

    @Test
    void onlyWhatTheScaleCannotHoldIsMarkedRounded() throws FrameRejectedException {
        assertEquals(Quality.MEASURED, quality("fb3ff3333333333333"));
        assertEquals(Quality.MEASURED, quality("fa3f99999a"));
        assertEquals(Quality.MEASURED | Quality.ROUNDED, quality("fb400921fb54442d18"));
        assertEquals(Quality.MEASURED | Quality.ROUNDED, quality("fb0000000000000001"));
        assertEquals(
                Quality.MEASURED | Quality.ROUNDED,
                one(json("[{\"n\":\"1-0:1.7.0\",\"v\":0.0000001}]")).quality());
        assertEquals(
                Quality.MEASURED,
                one(json("[{\"n\":\"1-0:1.7.0\",\"v\":0.1000000000}]")).quality());
    }

    private static int quality(String item) throws FrameRejectedException {
        return one(cbor("81 a2 00 69 312d303a312e372e30 02 " + item)).quality();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f97c00",
                "f97e00",
                "fa7f800000",
                "fb7ff8000000000000",
                "f4",
                "f6",
                "6131",
                "80",
                "1bffffffffffffffff",
                "c48218640a",
                "c5821903e801",
                "c482f9000001",
                "c48101",
                "c25f4101ff",
                "1c",
                "c1c1c1c1c1c101"
            })
    void whatIsNoNumberOrTooLargeIsRejected(String item) {
        FrameRejectedException wrong =
                assertThrows(FrameRejectedException.class, () -> cbor("81 a2 00 69 312d303a312e372e30 02 " + item));
        assertTrue(wrong.field().startsWith("record 0 (1-0:1.7.0) v"), wrong.getMessage());
        assertTrue(wrong.offset() >= 0, wrong.getMessage());
    }

    @Test
    void theLargestCountFitsAndOneMoreDoesNot() throws FrameRejectedException {
        assertEquals(
                Long.MAX_VALUE,
                one(json("[{\"n\":\"1-0:1.7.0\",\"v\":9223372036854.775807}]")).count());
        assertEquals(
                Long.MIN_VALUE,
                one(json("[{\"n\":\"1-0:1.7.0\",\"v\":-9223372036854.775808}]")).count());
        FrameRejectedException wrong = rejected("[{\"n\":\"1-0:1.7.0\",\"v\":9223372036854.775808}]");
        assertEquals("record 0 (1-0:1.7.0) v", wrong.field());
        assertEquals(1, wrong.offset());
    }

    @Test
    void baseValuesAreAddedExactly() throws FrameRejectedException {
        Decoded decoded = json("[{\"bn\":\"1-0:1.7.0\",\"bv\":20},{\"v\":0.1},{\"v\":-0.1,\"bv\":30},{\"v\":1e-6}]");
        assertEquals(
                List.of(20_100_000L, 29_900_000L, 30_000_001L),
                decoded.readings().stream().map(Reading::count).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"v\":1}]",
                "[{\"n\":\"1-0:1.7.0\"}]",
                "[{}]",
                "[{\"n\":\"\",\"v\":1}]",
                "[{\"n\":\"-a\",\"v\":1}]",
                "[{\"n\":\"a b\",\"v\":1}]",
                "[{\"n\":\"1-0:1.8.0*255\",\"v\":1}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"v\":2}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"vs\":\"a\"}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"bver\":11}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"bver\":0}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"bver\":5},{\"n\":\"1-0:1.7.0\",\"v\":1,\"bver\":6}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"more_\":1}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":\"1\"}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":NaN}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1e99999999999}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1e31}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1e400}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"t\":1e15}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1,\"t\":1e30}]",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1},",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1}] []",
                "[{\"n\":\"1-0:1.7.0\",\"v\":1}",
                "[[]]",
                "{\"n\":\"1-0:1.7.0\",\"v\":1}",
                "",
                "null"
            })
    void whatRfc8428ForbidsIsRejected(String pack) {
        rejected(pack);
    }

    @Test
    void whatIsUnknownIsIgnored() throws FrameRejectedException {
        assertEquals(
                1_000_000L,
                one(json("[{\"n\":\"1-0:1.7.0\",\"v\":1,\"x\":{\"y\":[1,{\"z\":2}]},\"ut\":3600}]"))
                        .count());
        // 0: name, 2: 1, 99: {1: [_ 1, 2]}, "x": tag 0 text
        assertEquals(
                1_000_000L,
                one(cbor("81 a4 00 69 312d303a312e372e30 02 01 1863 a101 9f0102ff 6178 c0 6131"))
                        .count());
    }

    @Test
    void aRecordOfBasesOnlySetsThem() throws FrameRejectedException {
        assertEquals(
                1,
                json("[{\"bn\":\"1-0:1.7.0\",\"bver\":10},{\"v\":1}]")
                        .readings()
                        .size());
        assertEquals(0, json("[{\"bn\":\"1-0:1.7.0\"}]").readings().size());
    }

    @Test
    void theRejectionNamesRecordAndByte() {
        FrameRejectedException wrong = rejected("[{\"n\":\"1-0:1.7.0\",\"v\":1},{\"n\":\"1-0:1.7.0\",\"v\":true}]");
        assertEquals("record 1 (1-0:1.7.0) v", wrong.field());
        assertEquals(46, wrong.offset());
        assertEquals("must be a number", wrong.reason());
    }

    @Test
    void indefiniteMapsArraysAndTextsAreRead() throws FrameRejectedException {
        assertEquals(
                1_000_000L,
                one(cbor("9f bf 00 7f 64 312d303a 65 312e372e30 ff 02 01 ff ff"))
                        .count());
    }

    @Test
    void aPackIsBoundedInRecordsAndNesting() {
        String tooMany = "[" + "{\"n\":\"/1/1\",\"v\":1},".repeat(10_000) + "{\"n\":\"/1/1\",\"v\":1}]";
        assertTrue(rejected(tooMany).field().startsWith("record 10000"));
        assertThrows(FrameRejectedException.class, () -> cbor("81a101" + "81".repeat(40) + "01"));
        assertThrows(FrameRejectedException.class, () -> cbor("81a11863" + "81".repeat(40) + "01"));
        rejected("[{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}]");
        rejected("[{\"n\":\"" + "a".repeat(513) + "\",\"v\":1}]");
        rejected("[{\"n\":\"1-0:1.7.0\",\"v\":" + "1".repeat(200) + "}]");
    }
}
