// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.sml.Decoding.decode;
import static org.meterway.sml.Decoding.entry;
import static org.meterway.sml.Decoding.frame;
import static org.meterway.sml.Decoding.hex;
import static org.meterway.sml.Decoding.list;
import static org.meterway.sml.Decoding.message;
import static org.meterway.sml.Decoding.rejected;
import static org.meterway.sml.Decoding.timed;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

class SmlTest {
    private static final String ENERGY = "0100010800ff";
    private static final String NONE = "01";
    private static final String WH = "62 1e";
    /** 2026-11-20T11:45:00Z. */
    private static final String QUARTER = "65 6b0032bc";

    private static byte[] one(String scaler, String value) {
        return frame(list(NONE, entry(ENERGY, NONE, NONE, WH, scaler, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "62 ff, 255",
        "52 ff, -1",
        "53 8000, -32768",
        "63 8000, 32768",
        "54 ffffff, -1",
        "64 010203, 66051",
        "54 7fffff, 8388607",
        "66 0100000000, 4294967296",
        "56 ff00000000, -4294967296",
        "67 010000000000, 1099511627776",
        "58 ffffffffffff85, -123",
        "59 ffffffffffffff85, -123",
        "69 0000000000000080, 128",
        "8605 00, 0"
    })
    void numbersOfAnyLengthAreRead(String value, String expected) throws FrameRejectedException {
        if (value.startsWith("86")) {
            // A length field longer than it needs to be: 2 bytes of field and 4 of value less one would be wrong.
            assertEquals(List.of("1-0:1.8.0 7 Wh 2026-11-20T12:00:00.123Z 0"), timed(decode(one(NONE, "e0 03 07"))));
            return;
        }
        assertEquals(
                List.of("1-0:1.8.0 " + expected + " Wh 2026-11-20T12:00:00.123Z 0"),
                timed(decode(one("52 00", value))));
    }

    @ParameterizedTest
    @CsvSource({"52 ff, 1.5", "52 03, 15000", "52 fa, 0.000015", "62 ff, 1.5", "01, 15", "52 00, 15"})
    void theScalerIsAPowerOfTen(String scaler, String expected) throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.8.0 " + expected + " Wh 2026-11-20T12:00:00.123Z 0"),
                timed(decode(one(scaler, "62 0f"))));
    }

    @Test
    void moreDigitsThanTheScaleHoldsAreRounded() throws FrameRejectedException {
        Decoded decoded = decode(one("52 f9", "62 0f"));
        assertEquals(2, decoded.readings().get(0).count());
        assertEquals(
                Quality.MEASURED | Quality.ROUNDED, decoded.readings().get(0).quality());
    }

    @ParameterizedTest
    @CsvSource({
        "01, 2026-11-20T12:00:00.123Z",
        "72 62 01 65 00001000, 2026-11-20T12:00:00.123Z",
        "65 00001000, 2026-11-20T12:00:00.123Z",
        "72 62 02 65 6b0032bc, 2026-11-20T11:45:00Z",
        "72 62 02 65 00000000, 2026-11-20T12:00:00.123Z",
        "72 62 03 73 65 6b0032bc 53 003c 53 003c, 2026-11-20T11:45:00Z"
    })
    void aTimeIsAnInstantOrAnIndexThatIsNone(String time, String expected) throws FrameRejectedException {
        List<String> value = List.of("1-0:1.8.0 15 Wh " + expected + " 0");
        assertEquals(value, timed(decode(frame(list(time, entry(ENERGY, NONE, NONE, WH, NONE, "62 0f"))))));
        assertEquals(value, timed(decode(frame(list(NONE, entry(ENERGY, NONE, time, WH, NONE, "62 0f"))))));
    }

    @Test
    void anIndexBeforeTheListsOwnIsThatMuchEarlier() throws FrameRejectedException {
        byte[] bytes =
                frame(list("72 62 01 65 00001000", entry(ENERGY, NONE, "72 62 01 65 00000ff6", WH, NONE, "62 0f")));
        assertEquals(List.of("1-0:1.8.0 15 Wh 2026-11-20T11:59:50.123Z 0"), timed(decode(bytes)));
    }

    @Test
    void theModelsGridBecomesTheIntervalAndItsUnitServesWhereThereIsNone() throws FrameRejectedException {
        Register energy = new Register(
                "", "", Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), BigDecimal.ONE, Duration.ofMinutes(15), true);
        Register factor =
                new Register("", "", Quantity.of("1-0:13.7.0", Unit.ONE), BigDecimal.ONE, Duration.ZERO, false);
        byte[] bytes = frame(list(
                "72 62 02" + QUARTER,
                entry(ENERGY, NONE, NONE, WH, NONE, "62 0f"),
                entry("01000d0700ff", NONE, NONE, NONE, "52 fe", "62 62")));
        assertEquals(
                List.of("1-0:1.8.0 15 Wh 2026-11-20T11:45:00Z 900", "1-0:13.7.0 0.98 1 2026-11-20T11:45:00Z 0"),
                timed(decode(bytes, new Decoding.Context(Map.of("1-0:1.8.0", energy, "1-0:13.7.0", factor)))));
        assertEquals(List.of("1-0:13.7.0"), decode(bytes).unnamed());
    }

    @Test
    void escapedDataIsReadAndOffsetsStayThoseOfTheFrame() throws FrameRejectedException {
        String identification = "0a 1b1b1b1b1b1b1b1b1b";
        byte[] bytes = frame(list(
                NONE,
                entry("0100600100ff", NONE, NONE, NONE, NONE, identification),
                entry(ENERGY, NONE, NONE, WH, NONE, "65 1b1b1b1b")));
        assertTrue(bytes.length > 70);
        Decoding.Context context = new Decoding.Context(Map.of());
        assertEquals(List.of("1-0:1.8.0 454761243 Wh 2026-11-20T12:00:00.123Z 0"), timed(decode(bytes, context)));
        assertTrue(context.fields.stream()
                .anyMatch(field -> field.length() == 18 && field.meaning().startsWith("value: 1b1b1b1b1b1b1b1b1b")));
    }

    @Test
    void dataThatEndsInTheEscapesByteIsReadWholly() throws FrameRejectedException {
        // A list signature of 1b bytes right before the rest, at every alignment.
        for (int length = 1; length < 13; length++) {
            String signature = String.format("0%x", length + 1 & 15) + "1b".repeat(length);
            byte[] bytes = frame(message("0201", "71" + signature));
            assertEquals(List.of(), decode(bytes).readings());
        }
    }

    @Test
    void allSixGroupsOfACodeCount() throws FrameRejectedException {
        byte[] bytes = frame(list(NONE, entry("010208030405", NONE, NONE, WH, NONE, "62 0f")));
        assertEquals(List.of("1-2:8.3.4*5 15 Wh 2026-11-20T12:00:00.123Z 0"), timed(decode(bytes)));
    }

    @Test
    void theOtherChecksumIsAccepted() throws FrameRejectedException {
        byte[] bytes = frame(list(NONE, entry(ENERGY, NONE, NONE, WH, NONE, "62 0f")), true);
        assertEquals(1, decode(bytes).readings().size());
    }

    @Test
    void aBareFileIsRead() throws FrameRejectedException {
        assertEquals(
                1,
                decode(hex(list(NONE, entry(ENERGY, NONE, NONE, WH, NONE, "62 0f"))))
                        .readings()
                        .size());
    }

    @Test
    void statusWordsAreExplained() throws FrameRejectedException {
        byte[] bytes = frame(list(
                NONE,
                entry(ENERGY, "65 001c6904", NONE, WH, NONE, "62 0f"),
                entry("0100020800ff", "63 01a2", NONE, WH, NONE, "62 0f"),
                entry("0100010801ff", "65 001c0304", NONE, WH, NONE, "62 0f")));
        Decoding.Context context = new Decoding.Context(Map.of());
        Decoded decoded = decode(bytes, context);
        List<String> status = context.fields.stream()
                .map(field -> field.meaning())
                .filter(meaning -> meaning.startsWith("status"))
                .toList();
        assertEquals(
                List.of(
                        "status: 1861892 (0x1c6904, running, energy flows out, energy flows out on L2, energy flows out"
                                + " on L3, voltage on L1, voltage on L2, voltage on L3)",
                        "status: 418 (0x1a2, energy flows out)",
                        "status: 1835780 (0x1c0304, running, magnetic tampering, voltage on L1, voltage on L2, voltage"
                                + " on L3)"),
                status);
        assertEquals(
                List.of(Quality.MEASURED, Quality.MEASURED, Quality.MEASURED | Quality.SUSPECT),
                decoded.readings().stream().map(reading -> reading.quality()).toList());
    }

    @Test
    void valuesThatAreNoNumbersAreInTheTraceOnly() throws FrameRejectedException {
        byte[] bytes = frame(list(
                NONE,
                entry("0100603201 01", NONE, NONE, "62 00", "52 00", "04 484c59"),
                entry("0100605a02 01", NONE, NONE, NONE, NONE, "42 01"),
                entry("0100600500 ff", NONE, NONE, NONE, NONE, "65 001c0104"),
                entry("0100010800 ff", NONE, NONE, NONE, NONE, "72 62 01 72 62 02 62 03"),
                entry("0100010801 ff", NONE, NONE, "62 fe", NONE, "62 03")));
        Decoded decoded = decode(bytes);
        assertEquals(List.of(), decoded.readings());
        assertEquals(List.of("1-0:1.8.1 in unit 254"), decoded.unnamed());
    }

    @Test
    void theRowsOfAProfilePackAreReadingsOnItsGrid() throws FrameRejectedException {
        String row = "74 72 62 02 65 6b00%s 62 00 72 72 %s 01 72 %s 01 01";
        byte[] bytes = frame(message(
                "0301",
                "78 04 010203 72 62 02" + QUARTER + "63 0384 71 07 81 81 c7 86 10 ff"
                        + "72 73 07 0100010800ff 62 1e 52 ff 73 07 0100010500ff 62 1b 52 00"
                        + "72" + String.format(row, "32bc", "63 03e8", "62 64")
                        + String.format(row, "3640", "63 03f2", "62 28")
                        + "01 01"));
        assertEquals(
                List.of(
                        "1-0:1.8.0 100 Wh 2026-11-20T11:45:00Z 900",
                        "1-0:1.5.0 100 W 2026-11-20T11:30:00Z 900",
                        "1-0:1.8.0 101 Wh 2026-11-20T12:00:00Z 900",
                        "1-0:1.5.0 40 W 2026-11-20T11:45:00Z 900"),
                timed(decode(bytes)));
    }

    @Test
    void aProfileListIsOnePeriod() throws FrameRejectedException {
        byte[] bytes = frame(message(
                "0401",
                "79 04 010203 72 62 02" + QUARTER + "63 0384 71 07 8181c78610ff 72 62 02" + QUARTER + "62 00"
                        + "71 75 07 0100010800ff 62 1e 52 ff 63 03e8 01 01 01"));
        assertEquals(List.of("1-0:1.8.0 100 Wh 2026-11-20T11:45:00Z 900"), timed(decode(bytes)));
    }

    @Test
    void requestsParametersAndAttentionAreInTheTrace() throws FrameRejectedException {
        byte[] bytes = frame(message("0100", "77 01 04 010203 02 01 04 040506 03 6162 03 7071 01")
                + message("0700", "75 01 04 010203 03 6162 03 7071 07 0100620affff")
                + message("0501", "73 04 010203 71 07 8181c78205ff 73 07 8181c78205ff 72 62 01 03 6162 01")
                + message("ff01", "74 04 010203 07 8181c7c7fe03 03 6f6b 01")
                + message("1234", "72 01 62 01")
                + message("0201", "71 01"));
        Decoding.Context context = new Decoding.Context(Map.of());
        Decoded decoded = decode(bytes, context);
        assertEquals(List.of("SML message 1234"), decoded.unnamed());
        List<String> meanings =
                context.fields.stream().map(field -> field.meaning()).toList();
        assertTrue(meanings.contains("reqFileId: 01"), meanings.toString());
        assertTrue(meanings.contains("attentionMsg: 6f6b (\"ok\")"));
        assertTrue(meanings.contains("parameterTree: 6162 (\"ab\")"));
        assertEquals(2, meanings.stream().filter("password: not shown"::equals).count());
        assertTrue(meanings.stream().noneMatch(meaning -> meaning.contains("pq")));
    }

    @Test
    void aDamagedFrameBetweenGoodOnesIsPassedOver() throws FrameRejectedException {
        byte[] good = one(NONE, "62 0f");
        byte[] damaged = one(NONE, "62 10");
        damaged[30] ^= 1;
        byte[] run = new byte[3 * good.length + 20];
        System.arraycopy(good, 20, run, 0, good.length - 20);
        int at = good.length - 20;
        System.arraycopy(damaged, 0, run, at, good.length);
        System.arraycopy(good, 0, run, at + good.length, good.length);
        System.arraycopy(good, 0, run, at + 2 * good.length, 40);
        Decoded decoded = decode(run);
        assertEquals(1, decoded.readings().size());
        assertEquals(List.of("damaged frame at byte " + at), decoded.unnamed());
    }

    @Test
    void whatBreaksTheTransportIsRejected() {
        byte[] good = one(NONE, "62 0f");
        rejected(new byte[0], "start of transport", 0, "there is none");
        rejected(hex("0102"), "start of transport", 0, "there is none");
        rejected(hex("1b1b1b1b02020202 76 00 00 00 1b1b1b1b1a000000"), "transport version", 4, "was 02020202");
        rejected(Arrays.copyOf(good, good.length - 1), "end of transport", good.length - 1, "cut off");
        byte[] crc = good.clone();
        crc[good.length - 1] ^= 1;
        rejected(crc, "transport CRC", good.length - 2, "the frame's bytes give");
        byte[] flipped = good.clone();
        flipped[20] ^= 1;
        rejected(flipped, "transport CRC", good.length - 2, "the frame's bytes give");
        byte[] padding = good.clone();
        padding[good.length - 3] = 4;
        rejected(fixed(padding), "padding", good.length - 3, "0 to 3 bytes, was 4");
        byte[] escape = hex("1b1b1b1b01010101 1b1b1b1b 05000000 1b1b1b1b1a000000");
        rejected(escape, "escape sequence", 12, "was 05");
        byte[] two = Arrays.copyOf(good, 2 * good.length - 8);
        System.arraycopy(good, 0, two, good.length - 8, good.length);
        assertEquals(1, assertNotRejected(two).unnamed().size());
        rejected(Arrays.copyOf(two, two.length - 8), "end of transport", good.length - 8, "another frame begins");
        rejected(fixed(hex("1b1b1b1b010101011b1b1b1b1a000000")), "SML file", 8, "no message");
    }

    private static Decoded assertNotRejected(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (FrameRejectedException rejected) {
            throw new AssertionError(rejected);
        }
    }

    private static byte[] fixed(byte[] bytes) {
        int crc = Crc16.x25(bytes, 0, bytes.length - 2);
        bytes[bytes.length - 2] = (byte) crc;
        bytes[bytes.length - 1] = (byte) (crc >> 8);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "75 02 01 62 00 62 00 72 63 02 01 71 01 63 00 00 00|SML message|8|list of 6",
                "76 62 01 62 00 62 00 72 63 02 01 71 01 63 00 00 00|transactionId|9|octet string",
                "76 02 01 01 62 00 72 63 02 01 71 01 63 00 00 00|groupNo|11|a number, was not set",
                "76 02 01 62 00 62 00 73 63 02 01 71 01 63 00 00 00|messageBody|15|list of 2",
                "76 02 01 62 00 62 00 72 63 02 01 71 01 63 00 00 00|message crc16|21|give",
                "76 02 01 62 00 62 00 72 63 02 01 71 01 64 00 00 00 00|message crc16|21|2 bytes",
                "76 02 01 62 00 62 00 72 63 07 01 76 01 01 01 01 01 01|GetListResponse|19|list of 7",
                "76 02 01 62 00 62 00 72 63 02 01 71 0f 01|CloseResponse|20|length of 15",
                "76 02 01 62 00 62 00 72 63 02 01 7f|CloseResponse|19|list of 15",
                "76 02 01 62 00 62 00 72 63 02 01 ff 8f 8f 0f|CloseResponse|19|only",
                "76 02 01 62 00 62 00 72 63 02 01 ff 8f 8f 8f 0f|CloseResponse|19|at most 4 bytes",
                "76 02 01 62 00 62 00 72 63 02 01 81 5f|CloseResponse|20|more of the length",
                "76 02 01 62 00 62 00 72 63 02 01 71 23 0102|CloseResponse|20|none of SML",
                "76 02 01 62 00 62 00 72 63 02 01 71 6a 01020304050607080910|CloseResponse|20|none of SML",
                "76 02 01 62 00 62 00 72 63 02 01 71 00|CloseResponse|20|the message ends",
                "76 02 01 62 00 62 00 72 63 02 01|CloseResponse|19|the file ends"
            },
            delimiter = '|')
    void whatBreaksAMessageIsRejectedWhereItStands(String messages, String field, int offset, String reason) {
        rejected(frame(messages), field, offset, reason);
    }

    @Test
    void whatBreaksAListIsRejectedWhereItStands() {
        rejected(frame(list(NONE, "77 04 010203 01 01 01 01 01 01")), "objName", 30, "6 bytes");
        rejected(
                frame(list("72 62 04 65 00000001", entry(ENERGY, NONE, NONE, WH, NONE, "62 0f"))),
                "actSensorTime choice",
                27,
                "3 (localTimestamp), was 4");
        rejected(frame(list("73 01 01 01")), "actSensorTime", 26, "list of 2");
        rejected(frame(list(NONE, entry(ENERGY, NONE, NONE, "63 0000", NONE, "62 0f"))), "unit", 39, "one byte");
        rejected(frame(list(NONE, entry(ENERGY, NONE, NONE, WH, "53 0000", "62 0f"))), "scaler", 41, "one byte");
        rejected(
                frame(list(NONE, entry(ENERGY, NONE, NONE, WH, "52 7f", "62 0f"))),
                "value of 1-0:1.8.0",
                43,
                "is outside");
        String end = message("0201", "71 01");
        rejected(frame(end.substring(0, end.length() - 2) + "01"), "endOfSmlMsg", 24, "expected 00");
    }

    @Test
    void listsNestedWithoutEndAreRejectedBeforeTheyCost() {
        rejected(frame("76 02 01 62 00 62 00 72 63 02 01" + "71".repeat(50_000) + "01"), "CloseResponse", 51, "nested");
    }

    @Test
    void everyTruncationIsRejected() {
        byte[] good = one(NONE, "62 0f");
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(FrameRejectedException.class, () -> decode(cut));
        }
    }
}
