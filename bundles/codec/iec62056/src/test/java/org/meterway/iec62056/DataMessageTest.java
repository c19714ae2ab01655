// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.iec62056.Decoding.block;
import static org.meterway.iec62056.Decoding.decode;
import static org.meterway.iec62056.Decoding.rejected;
import static org.meterway.iec62056.Decoding.timed;
import static org.meterway.iec62056.Decoding.trace;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Quality;

class DataMessageTest {
    private static final String NOW = "2026-11-20T12:00:00.123Z 0";

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "1.8.0, 1-0:1.8.0",
        "1.8, 1-0:1.8.0",
        "1-0:1.8.0, 1-0:1.8.0",
        "1-1:1.8.2, 1-1:1.8.2",
        "1-0:1.8.0*255, 1-0:1.8.0",
        "1.8.0*01, 1-0:1.8.0*1",
        "1.8.1&02, 1-0:1.8.1*2",
        "1.8.0.255, 1-0:1.8.0",
        "128.8.0, 1-0:128.8.0"
    })
    void reducedCodesAreFullOnes(String written, String code) throws FrameRejectedException {
        assertEquals(List.of(code + " 12345 Wh " + NOW), timed(decode(block(written + "(012.345*kWh)\r\n!\r\n"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "F.F",
                "C.1",
                "1",
                "1.",
                ".1",
                "256.8.0",
                "1.8.0.0.0",
                "1-0:",
                "1:8.0",
                "1.8.0*",
                "A.8.0",
                "-1.8.0"
            })
    void otherCodesAreNamed(String written) throws FrameRejectedException {
        Decoded decoded = decode(block(written + "(1*kWh)\r\n!\r\n"));
        assertEquals(List.of(), decoded.readings());
        assertEquals(List.of(written), decoded.unnamed());
    }

    @ParameterizedTest
    @CsvSource({
        "0.9.1(131415)\\r\\n0.9.2(261120), 2026-11-20T12:14:15Z",
        "0.9.2(26-11-20)\\r\\n0.9.1(13:14:15), 2026-11-20T12:14:15Z",
        "0.9.1(0131415)\\r\\n0.9.2(0261120), 2026-11-20T12:14:15Z",
        "0.9.1(1131415)\\r\\n0.9.2(1260820), 2026-08-20T11:14:15Z",
        "0.9.1(13:14)\\r\\n0.9.2(2026-11-20), 2026-11-20T12:14:00Z",
        "0.9.4(261120131415), 2026-11-20T12:14:15Z",
        "1-0:0.9.1(131415)\\r\\n1-0:0.9.2(261120), 2026-11-20T12:14:15Z",
        "0.9.1(131415), 2026-11-20T12:00:00.123Z"
    })
    void theMetersClockIsTheTimeOfItsValuesWhereverItStands(String clock, String expected)
            throws FrameRejectedException {
        String readout = block("1.8.0(1*kWh)\r\n" + clock.replace("\\r\\n", "\r\n") + "\r\n!\r\n");
        assertEquals(List.of("1-0:1.8.0 1000 Wh " + expected + " 0"), timed(decode(readout)));
    }

    @ParameterizedTest
    @CsvSource({
        "(2611200015), 2026-11-19T23:15:00Z",
        "(1260820001500), 2026-08-19T22:15:00Z",
        "(26-11-20 00:15), 2026-11-19T23:15:00Z",
        "(0000000000), 2026-11-20T12:00:00.123Z",
        "'', 2026-11-20T12:00:00.123Z"
    })
    void aMaximumStandsAtItsOwnTime(String time, String expected) throws FrameRejectedException {
        Decoded decoded = decode(block("1.6.1(000.123*kW)" + time + "\r\n!\r\n"));
        assertEquals(List.of("1-0:1.6.1 123 W " + expected + " 0"), timed(decoded));
        assertEquals(Quality.MEASURED, decoded.readings().get(0).quality());
    }

    @Test
    void aBillingPeriodsValuesStandAtItsEndIfTheMeterSaysIt() throws FrameRejectedException {
        assertEquals(
                List.of(
                        "1-0:1.8.0*3 5000 Wh 2026-10-31T23:00:00Z 0",
                        "1-0:1.6.0*3 700 W 2026-10-12T08:30:00Z 0",
                        "1-0:1.8.0*2 4000 Wh " + NOW),
                timed(decode(block("1.8.0*03(5*kWh)\r\n1.6.0*03(0.7*kW)(2610121030)\r\n1.8.0*02(4*kWh)\r\n"
                        + "0.1.2*03(2611010000)\r\n!\r\n"))));
    }

    @Test
    void aListOfBillingPeriodsRepeatsOnlyWhatChanges() throws FrameRejectedException {
        assertEquals(
                List.of(
                        "1-0:1.8.1 5000 Wh " + NOW,
                        "1-0:1.8.1*12 4000 Wh " + NOW,
                        "1-0:1.8.1*11 3000 Wh " + NOW,
                        "1-0:1.6.1 700 W 2026-10-12T08:30:00Z 0",
                        "1-0:1.6.1*12 600 W 2026-09-12T08:30:00Z 0",
                        "1-0:1.6.1*11 500 W 2026-08-12T08:30:00Z 0"),
                timed(decode(block("1.8.1(5*kWh)\r\n1.8.1*12(4)\r\n*11(3)\r\n0.1.0(12)\r\n"
                        + "1.6.1(0.7*kW)(2610121030)\r\n1.6.1&12(0.6)(2609121030)\r\n&11(0.5)(2608121030)\r\n!\r\n"))));
    }

    @Test
    void aLoadProfileIsARowOfReadingsForEachPeriod() throws FrameRejectedException {
        Decoded decoded = decode(block("P.01(0261120001500)(00)(15)(2)(1.5)(kW)(1-0:2.8.0*255)(kWh)\r\n"
                + "(1.25)(100.5)\r\n(1.50)(-.-)\r\n"
                + "P.01(0261120004500)(82)(15)(1)(1.5)(kW)\r\n(0.00)\r\n"));
        assertEquals(
                List.of(
                        "1-0:1.5.0 1250 W 2026-11-19T23:00:00Z 900",
                        "1-0:2.8.0 100500 Wh 2026-11-19T23:15:00Z 900",
                        "1-0:1.5.0 1500 W 2026-11-19T23:15:00Z 900",
                        "1-0:1.5.0 0 W 2026-11-19T23:30:00Z 900"),
                timed(decoded));
        assertEquals(
                Quality.MEASURED | Quality.POWER_FAIL | Quality.CLOCK_INVALID,
                decoded.readings().get(3).quality());
    }

    @Test
    void aLoadProfileOverTheSpringHourGoesOnInElapsedTime() throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.8.0 1000 Wh 2026-03-29T00:30:00Z 3600", "1-0:1.8.0 2000 Wh 2026-03-29T01:30:00Z 3600"),
                timed(decode(block("P.01(0260329013000)(00)(60)(1)(1.8.0)(kWh)(1)(2)"))));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "P.01(0261320001500)(00)(15)(1)(1.5)(kW)(1)|P.01 (date and time)|6|no date and time",
                "P.01(3261120001500)(00)(15)(1)(1.5)(kW)(1)|P.01 (date and time)|6|season 3",
                "P.01(hello)(00)(15)(1)(1.5)(kW)(1)|P.01 (time)|6|expected a date",
                "P.01(0261120001500)(0g)(15)(1)(1.5)(kW)(1)|P.01 (status)|21|hexadecimal",
                "P.01(0261120001500)(00)(1441)(1)(1.5)(kW)(1)|P.01 (registration period)|25|0 to 1440",
                "P.01(0261120001500)(00)(15)(65)(1.5)(kW)(1)|P.01 (number of channels)|29|1 to 64",
                "P.01(0261120001500)(00)(15)(2)(1.5)(kW)(1)|P.01 (channels)|29|2 channels",
                "P.01(0261120001500)(00)(15)(2)(1.5)(kW)(2.5)(kW)(1)|P.01 (row)|50|1 of 2",
                "P.01(0261120001500)(00)(15)(1)(1.5)(kW)(x)|P.01 (value)|41|decimal number",
                "0.9.1(250000)~0.9.2(261120)|0.9.2 (date)|22|no date and time",
                "0.9.1(12)~0.9.2(261120)|0.9.2 (date)|18|expected YYMMDD",
                "1.6.0(1*kW)(2613120015)|1.6.0 (date and time)|13|no date and time",
                "1.8.0(12A*kWh)|1.8.0 (value)|7|decimal number"
            },
            delimiter = '|')
    void whatCannotBeIsRejectedWhereItStands(String data, String field, int offset, String reason) {
        rejected(block(data.replace("~", "\r\n") + "\r\n!\r\n"), field, offset, reason);
    }

    @Test
    void aReadoutInBlocksIsReadBlockByBlock() throws FrameRejectedException {
        String first = "\u00021.8.0(1*kWh)\r\n\u0004";
        int bcc = 0;
        for (char c : first.substring(1).toCharArray()) {
            bcc ^= c;
        }
        Decoded decoded = decode("/ABC5\\2TYPE\r\n" + first + (char) bcc + block("2.8.0(2*kWh)\r\n!\r\n"));
        assertEquals(List.of("1-0:1.8.0 1000 Wh", "1-0:2.8.0 2000 Wh"), Decoding.values(decoded));
    }

    @Test
    void anAnswerWithoutACodeIsWhatWasAskedFor() throws FrameRejectedException {
        byte[] bytes = ascii(block("(00012.5*kWh)"));
        Decoding.Context context = new Decoding.Context(Map.of(), Decoding.AMSTERDAM, Map.of());
        assertEquals(
                List.of("1-0:2.8.0 12500 Wh"),
                Decoding.values(new Iec62056Codec().decode(Decoding.frame(bytes, "1-0:2.8.0"), context)));
        assertTrue(context.fields.stream().anyMatch(field -> field.meaning().equals("1-0:2.8.0: 00012.5 kWh")));
    }

    @Test
    void anErrorMessageIsNoReading() throws FrameRejectedException {
        assertEquals(List.of(), decode(block("(ER12)")).readings());
        assertTrue(trace(ascii(block("(ER12)"))).contains("1 error message: ER12"));
    }

    @Test
    void aPasswordIsNotInTheTrace() throws FrameRejectedException {
        List<String> trace = trace(Wire.command("P1", ascii("(00000001)")));
        assertTrue(trace.contains("4 password"), trace.toString());
        assertTrue(trace.stream().noneMatch(field -> field.contains("0001")));
    }

    @Test
    void whatBreaksABlockIsRejected() {
        String good = block("1.8.0(1*kWh)\r\n!\r\n");
        rejected(good.substring(0, good.length() - 1) + "x", "BCC", good.length() - 1, "the block's characters give");
        rejected(good.substring(0, good.length() - 1), "end of message", good.length() - 1, "cut off");
        rejected(good.substring(0, 9), "end of message", 9, "cut off");
        rejected("\u00021.8.0(1\u00012*kWh)\u0003x", "block", 8, "control character 0x01");
        rejected(block("1.8.0(1*kWh)!x"), "end of data", 14, "only a line end");
        rejected("\u0001R5\u00021.8.0()", "end of message", 11, "no ETX");
        rejected("\u0001R5\u00021.8.0()\u0003~", "BCC", 12, "give");
        rejected("/?1234\r\n", "request message", 6, "expected '!'");
        rejected("\u0006092\r\n", "baud rate identification", 2, "0 to 6");
        rejected("/ABC" + "x".repeat(300) + "\r\n", "identification", 0, "no line end");
        rejected("/ABC5TYPE\r\n\r\n1.8.0(1*kWh)\u0007\r\n!\r\n", "telegram", 25, "control character 0x07");
    }

    @Test
    void aParityErrorIsFoundWhereThereIsNoOtherCheck() throws FrameRejectedException {
        byte[] push = Decoding.evenParity(ascii("/ABC5TYPE\r\n\r\n1.8.0(1*kWh)\r\n!\r\n"));
        assertEquals(List.of("1-0:1.8.0 1000 Wh"), Decoding.values(decode(push)));
        push[19] ^= 2;
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> decode(push));
        assertEquals("parity", rejected.field());
        assertEquals(19, rejected.offset());
    }

    @Test
    void aFrameOfTheMostValuesIsBounded() throws FrameRejectedException {
        StringBuilder data = new StringBuilder("P.01(0260101000000)(00)(1)(1)(1.5)(kW)");
        for (int i = 0; i < ReadingSink.MOST; i++) {
            data.append("(1.5)");
        }
        assertEquals(ReadingSink.MOST, decode(block(data.toString())).readings().size());
        FrameRejectedException rejected =
                assertThrows(FrameRejectedException.class, () -> decode(block(data + "(1.5)")));
        assertEquals("data block", rejected.field());
        rejected(block("1.8.0" + "(1*kWh)".repeat(1_025)), "1.8.0", 1, "at most 1024");
        rejected(block("1(1)").repeat(2_049), "capture", 2_048 * 7, "more than 2048 messages");
        assertEquals(
                "message",
                assertThrows(FrameRejectedException.class, () -> decode(new byte[(1 << 18) + 1]))
                        .field());
    }
}
