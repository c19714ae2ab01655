// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.iec62056.Decoding.decode;
import static org.meterway.iec62056.Decoding.p1;
import static org.meterway.iec62056.Decoding.timed;
import static org.meterway.iec62056.Decoding.trace;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

class P1Test {
    private static final String NOW = "0-0:1.0.0(261120121500W)\n";
    private static final String ENERGY = "1-0:1.8.1(000004.426*kWh)\n";

    @ParameterizedTest
    @CsvSource({
        "261025021500S, 2026-10-25T00:15:00Z",
        "261025021500W, 2026-10-25T01:15:00Z",
        "261025021500, 2026-10-25T00:15:00Z",
        "260329021500S, 2026-03-29T00:15:00Z",
        "260329033000S, 2026-03-29T01:30:00Z",
        "260701120000W, 2026-07-01T11:00:00Z",
        "260701120000S, 2026-07-01T10:00:00Z",
        "2610250215, 2026-10-25T00:15:00Z",
        "1261025021500, 2026-10-25T00:15:00Z",
        "0261025021500, 2026-10-25T01:15:00Z",
        "2261025021500, 2026-10-25T02:15:00Z",
        "26-10-25 02:15, 2026-10-25T00:15:00Z",
        "2026-10-25 02:15:30, 2026-10-25T00:15:30Z",
        "261024240000, 2026-10-24T22:00:00Z"
    })
    void theSeasonFlagWinsTheHourThatComesTwice(String stamp, String expected) throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.8.1 4426 Wh " + expected + " 0"),
                timed(decode(p1("0-0:1.0.0(" + stamp + ")\n" + ENERGY))));
    }

    @ParameterizedTest
    @CsvSource({
        "260701120000S, 2026-07-01T10:00:00Z",
        "261201120000W, 2026-12-01T11:00:00Z",
        "261201120000, 2026-12-01T12:00:00Z",
        "0261201120000, 2026-12-01T12:00:00Z"
    })
    void inUtcTheLettersMeanCentralEuropeanTimeAndSeasonDigitsNothing(String stamp, String expected)
            throws FrameRejectedException {
        byte[] bytes = p1("0-0:1.0.0(" + stamp + ")\n" + ENERGY).getBytes(StandardCharsets.ISO_8859_1);
        Decoded decoded = decode(bytes, new Decoding.Context(Map.of(), java.time.ZoneOffset.UTC, Map.of()));
        assertEquals(List.of("1-0:1.8.1 4426 Wh " + expected + " 0"), timed(decoded));
    }

    @Test
    void eachSubMeterHasItsChannelAndItsOwnTime() throws FrameRejectedException {
        Decoded decoded = decode(p1(NOW + ENERGY
                + "0-1:24.1.0(003)\n0-1:24.2.1(261120120000W)(00112.384*m3)\n"
                + "0-2:24.1.0(004)\n0-2:24.2.1(261120120500W)(12785.333*GJ)\n"
                + "0-3:24.2.3(261120120000W)(00001.001*m3)\n"));
        assertEquals(
                List.of(
                        "1-0:1.8.1 4426 Wh 2026-11-20T11:15:00Z 0",
                        "0-1:24.2.1 112.384 m3 2026-11-20T11:00:00Z 0",
                        "0-2:24.2.1 12785333000000 J 2026-11-20T11:05:00Z 0",
                        "0-3:24.2.3 1.001 m3 2026-11-20T11:00:00Z 0"),
                timed(decoded));
    }

    @Test
    void aSubMeterThatNeverReportedHasNoValidTime() throws FrameRejectedException {
        Decoded decoded = decode(p1(NOW + "0-1:24.2.1(632525252525S)(00000.000*m3)\n"));
        assertEquals(List.of("0-1:24.2.1 0 m3 2026-11-20T11:15:00Z 0"), timed(decoded));
        assertEquals(
                Quality.MEASURED | Quality.CLOCK_INVALID,
                decoded.readings().get(0).quality());
        assertEquals(
                List.of(),
                decode(p1(NOW + "0-1:24.2.1(632525252525S)(00000.000)\n")).readings());
    }

    @Test
    void theGasProfileOfDsmr3IsAReadingOnItsGrid() throws FrameRejectedException {
        String start =
                "/ISk5\\2MT382-1000\r\n\r\n0-1:24.1.0(03)\r\n0-1:24.3.0(090212160000)(00)(60)(1)(0-1:24.2.1)(m3)";
        List<String> expected = List.of("0-1:24.2.1 1.001 m3 2009-02-12T15:00:00Z 3600");
        assertEquals(expected, timed(decode(start + "\r\n(00001.001)\r\n0-1:24.4.0(1)\r\n!\r\n")));
        assertEquals(expected, timed(decode(start + "(00001.001)\r\n!\r\n")));
    }

    @Test
    void thePeaksOfTheBelgianMonthsStandAtTheirTimes() throws FrameRejectedException {
        Decoded decoded = decode(p1(NOW + "1-0:1.4.0(02.351*kW)\n1-0:1.6.0(261109134558W)(02.589*kW)\n"
                + "0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(261101000000W)(261023192538S)(03.695*kW)"
                + "(261001000000S)(260905122139S)(05.980*kW)\n"));
        assertEquals(
                List.of(
                        "1-0:1.4.0 2351 W 2026-11-20T11:15:00Z 0",
                        "1-0:1.6.0 2589 W 2026-11-09T12:45:58Z 0",
                        "1-0:1.6.0 3695 W 2026-10-23T17:25:38Z 0",
                        "1-0:1.6.0 5980 W 2026-09-05T10:21:39Z 0"),
                timed(decoded));
    }

    @Test
    void theHungarianEndOfMonthIsNineteenRegisters() throws Exception {
        byte[] telegram =
                VectorsTest.bytes(VectorsTest.json("p1_telegrams.json").at("/telegrams/6"));
        List<String> month = timed(decode(telegram)).stream()
                .filter(value -> value.contains("2023-06-30T22:00:00Z"))
                .toList();
        assertEquals(19, month.size());
        assertEquals("1-0:1.8.0 40777 Wh 2023-06-30T22:00:00Z 0", month.get(0));
        assertEquals("1-0:15.8.0 183027 Wh 2023-06-30T22:00:00Z 0", month.get(12));
        assertEquals("1-0:2.6.2 3400 W 2023-06-30T22:00:00Z 0", month.get(18));
    }

    @Test
    void theModelsGridBecomesTheInterval() throws FrameRejectedException {
        Register register = new Register(
                "",
                "",
                Quantity.of("1-0:1.8.1", Unit.WATT_HOUR),
                java.math.BigDecimal.ONE,
                Duration.ofMinutes(15),
                true);
        byte[] bytes = p1(NOW + ENERGY).getBytes(StandardCharsets.ISO_8859_1);
        Decoded decoded = decode(
                bytes, new Decoding.Context(Map.of(), ZoneId.of("Europe/Brussels"), Map.of("1-0:1.8.1", register)));
        assertEquals(List.of("1-0:1.8.1 4426 Wh 2026-11-20T11:15:00Z 900"), timed(decoded));
    }

    @Test
    void countersAndPowerFactorsNeedNoUnit() throws FrameRejectedException {
        assertEquals(
                List.of("0-0:96.7.21 13 1", "1-0:32.32.0 2 1", "1-0:13.7.0 0.98 1"),
                Decoding.values(decode(p1(NOW + "0-0:96.7.21(00013)\n1-0:32.32.0(00002)\n1-0:13.7.0(0.980)\n"
                        + "0-0:96.14.0(0002)\n1-3:0.2.8(50)\n"))));
    }

    @Test
    void moreDigitsThanTheScaleHoldsAreRoundedAndSaySo() throws FrameRejectedException {
        Decoded decoded = decode(p1(NOW + "1-0:1.8.0(0052185.7825309123*kWh)\n1-0:2.8.0(00019949.3221493*kWh)\n"));
        assertEquals(List.of("1-0:1.8.0 52185782.530912 Wh", "1-0:2.8.0 19949322.1493 Wh"), Decoding.values(decoded));
        assertEquals(
                List.of(Quality.MEASURED | Quality.ROUNDED, Quality.MEASURED),
                decoded.readings().stream().map(reading -> reading.quality()).toList());
    }

    @Test
    void everyByteIsInTheTrace() throws FrameRejectedException {
        String telegram = p1("0-0:96.1.1(4B384547303034303436333935353037)\n" + ENERGY);
        assertEquals(
                List.of(
                        "0 start",
                        "1 manufacturer: ISK",
                        "4 baud rate identification: 5 (9600 baud)",
                        "5 mode E",
                        "7 identification: M550T-1012",
                        "17 line end",
                        "21 address: 0-0:96.1.1",
                        "31 0-0:96.1.1: 4B384547303034303436333935353037 (\"K8EG004046395507\")",
                        "65 line end",
                        "67 address: 1-0:1.8.1",
                        "76 1-0:1.8.1: 000004.426 kWh",
                        "92 line end",
                        "94 end of data",
                        "95 CRC: " + telegram.substring(95, 99),
                        "99 line end"),
                trace(telegram.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aDamagedTelegramInACaptureOfGoodOnesIsPassedOver() throws FrameRejectedException {
        String good = p1(NOW + ENERGY);
        String later = p1("0-0:1.0.0(261120121600W)\n" + ENERGY);
        String damaged = p1("0-0:1.0.0(261120121530W)\n" + ENERGY).replace("4.426", "4.427");
        Decoded decoded = decode(good + damaged + later);
        assertEquals(2, decoded.readings().size());
        assertEquals(List.of("damaged message at byte " + good.length()), decoded.unnamed());
        assertEquals(
                2,
                decode("26*kWh)\r\n!1234\r\n" + good + later + good.substring(0, 60))
                        .readings()
                        .size());
        assertThrows(FrameRejectedException.class, () -> decode(good + damaged));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "0-0:1.0.0(261320121500W)|0-0:1.0.0 (date and time)|31|no date and time '261320121500W'",
                "0-0:1.0.0(260229121500W)|0-0:1.0.0 (date and time)|31|no date and time",
                "0-0:1.0.0(261120241500W)|0-0:1.0.0 (date and time)|31|no date and time",
                "0-1:24.2.1(261120126100W)(1.0*m3)|0-1:24.2.1 (date and time)|32|no date and time",
                "1-0:1.8.1(00x4.426*kWh)|1-0:1.8.1 (value)|31|decimal number",
                "1-0:1.8.1(0.0.4*kWh)|1-0:1.8.1 (value)|31|decimal number",
                "1-0:1.8.1(99999999999999999999*kWh)|value|31|outside",
                "1-0:1.8.1|data set|21|expected '('",
                "1-0:1.8.1)|data set|21|expected '('",
                "1-0:1.8.1(4|data set value|30|no ')'",
                "0-1:24.3.0(090212160000)(00)(60)(9)(0-1:24.2.1)(m3)(1)|0-1:24.3.0 (channels)|54|9 channels",
                "0-1:24.3.0(090212160000)(00)(60)(999999999)(0-1:24.2.1)(m3)(1)|0-1:24.3.0 (number of channels)|54|1 to 64",
                "0-1:24.3.0(090212160000)(00)(6x)(1)(0-1:24.2.1)(m3)(1)|0-1:24.3.0 (registration period)|50|0 to 1440"
            },
            delimiter = '|')
    void whatCannotBeIsRejectedWhereItStands(String line, String field, int offset, String reason) {
        Decoding.rejected(p1(line + "\n"), field, offset, reason);
    }

    @Test
    void unknownUnitsAndPlaceholdersAreNamed() throws FrameRejectedException {
        Decoded decoded =
                decode(p1("1-0:1.8.9(001*furlong)\n1-0:1.8.8(----*kWh)\n1-0:1.8.7(12785.111*)\nF.F(1*kWh)\n"));
        assertEquals(List.of("1-0:1.8.9", "1-0:1.8.8", "1-0:1.8.7", "F.F"), decoded.unnamed());
        assertEquals(List.of(), decoded.readings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "1-0:1.8.1(1*kWh)\r\n!\r\n", "/", "//", "/\r\n", "\u0003", "!1234\r\n"})
    void whatIsNoMessageIsRejected(String text) {
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> decode(text));
        assertEquals("start character", rejected.field());
    }

    @Test
    void everyTruncationIsRejected() {
        String whole = p1(NOW + ENERGY);
        int bang = whole.indexOf('!');
        for (int length = 30; length < whole.length() - 2; length++) {
            String cut = whole.substring(0, length);
            // Without any digit of its CRC a telegram is one of DSMR 3.
            if (length != bang + 1 && !cut.endsWith("!0")) {
                assertThrows(FrameRejectedException.class, () -> decode(cut), () -> "cut at " + cut.length());
            }
        }
    }

    @Test
    void encryptedTelegramsAreReadOneAfterTheOther() throws Exception {
        byte[] one = HexFormat.of()
                .parseHex(VectorsTest.json("p1_encrypted.json").get("hex").asText());
        byte[] two = Arrays.copyOf(one, one.length + 40);
        System.arraycopy(one, 0, two, one.length, 40);
        Map<String, String> keys = Map.of("encryption_key", "aa".repeat(16));
        assertEquals(16, decode(two, keys).readings().size());
        Decoding.Context context = new Decoding.Context(keys, Decoding.AMSTERDAM, Map.of());
        decode(one, context);
        assertTrue(context.fields.stream()
                .anyMatch(field ->
                        field.part().equals("decrypted") && field.meaning().equals("1-0:1.8.0: 006545766 Wh")));
    }

    @Test
    void anEncryptedTelegramWithTheWrongKeyOrChangedBytesIsRejected() throws Exception {
        byte[] frame = HexFormat.of()
                .parseHex(VectorsTest.json("p1_encrypted.json").get("hex").asText());
        encrypted(frame, Map.of(), "cipher text", 0, "no encryption_key");
        encrypted(frame, Map.of("encryption_key", "ab".repeat(16)), "authentication tag", frame.length - 12, "wrong");
        Map<String, String> right = Map.of("encryption_key", "aa".repeat(16));
        encrypted(
                frame,
                Map.of("encryption_key", "aa".repeat(16), "authentication_key", "01".repeat(16)),
                "authentication tag",
                frame.length - 12,
                "wrong");
        encrypted(frame, Map.of("encryption_key", "aaaa"), "cipher text", 0, "16 bytes, has 2");
        byte[] changed = frame.clone();
        changed[100] ^= 1;
        encrypted(changed, right, "authentication tag", frame.length - 12, "changed");
        byte[] counter = frame.clone();
        counter[17] ^= 1;
        encrypted(counter, right, "authentication tag", frame.length - 12, "changed");
        encrypted(Arrays.copyOf(frame, 400), right, "length", 10, "is 498, only 387 bytes follow");
        byte[] huge = frame.clone();
        huge[11] = (byte) 0xff;
        encrypted(huge, right, "length", 10, "only");
        byte[] none = frame.clone();
        none[13] = 0;
        encrypted(none, right, "security control", 13, "was 00");
    }

    private static void encrypted(byte[] frame, Map<String, String> keys, String field, int offset, String reason) {
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> decode(frame, keys));
        assertEquals(field, rejected.field());
        assertEquals(offset, rejected.offset(), rejected.getMessage());
        assertTrue(rejected.reason().contains(reason), rejected.reason());
    }
}
