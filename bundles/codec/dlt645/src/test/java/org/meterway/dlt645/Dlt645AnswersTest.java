// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/** Answers to reads, made by hand after the tables of the standard. */
class Dlt645AnswersTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    /** A model with half-hourly registers of every quantity in Wh. */
    private static final RegisterNames HALF_HOURLY = name -> name.equals("1-0:1.8.0") || name.equals("1-0:32.7.0")
            ? Optional.of(new Register(
                    "",
                    name,
                    Quantity.of(name, name.equals("1-0:1.8.0") ? Unit.WATT_HOUR : Unit.VOLT),
                    java.math.BigDecimal.ONE,
                    Duration.ofMinutes(30),
                    false))
            : Optional.empty();

    private static List<String> values(String identifier, String data) throws FrameRejectedException {
        return Bench.decode(Bench.answer(identifier, data)).values();
    }

    @ParameterizedTest
    @CsvSource({
        // combined active energy may be negative; the others use all digits
        "00000000, 56341280, 1-0:15.8.0 -1234560 Wh",
        "00010000, 56341280, 1-0:1.8.0 801234560 Wh",
        "00020000, 01000000, 1-0:2.8.0 10 Wh",
        "00030000, 01000080, 1-0:3.8.0 -10 varh",
        "00040000, 01000000, 1-0:4.8.0 10 varh",
        "00050000, 01000000, 1-0:5.8.0 10 varh",
        "00080200, 01000000, 1-0:8.8.2 10 varh",
        "00090000, 01000000, 1-0:9.8.0 10 VAh",
        "000A0000, 01000000, 1-0:10.8.0 10 VAh",
        "00150000, 01000000, 1-0:21.8.0 10 Wh",
        "002A0000, 01000000, 1-0:42.8.0 10 Wh",
        "00450000, 01000000, 1-0:69.8.0 10 VAh",
        "00013F00, 01000000, 1-0:1.8.63 10 Wh",
        "00010001, 01000000, 1-0:1.8.0*1 10 Wh",
        "0002040C, 01000000, 1-0:2.8.4*12 10 Wh",
        "00900100, 50010000, 0-0:19.10.2 1500 Wh",
        "02010200, 0122, 1-0:52.7.0 220.1 V",
        "02020200, 015080, 1-0:51.7.0 -5.001 A",
        "02030200, 010080, 1-0:41.7.0 -0.1 W",
        "02040300, 010000, 1-0:63.7.0 0.1 var",
        "02050100, 001001, 1-0:29.7.0 1100 VA",
        "02060000, 0090, 1-0:13.7.0 -1 1",
        "02060300, 9909, 1-0:73.7.0 0.999 1",
        "02070100, 0018, 1-0:81.7.4 180 deg",
        "02070200, 0512, 1-0:81.7.15 120.5 deg",
        "02070300, 9935, 1-0:81.7.26 359.9 deg",
        "02080100, 2501, 1-0:32.7.124 1.25 %",
        "02090300, 2501, 1-0:71.7.124 1.25 %",
        "020A0103, 2501, 1-0:32.7.3 1.25 %",
        "020B0315, 2501, 1-0:71.7.21 1.25 %",
        "02800001, 000100, 1-0:91.7.0 0.1 A",
        "02800004, 341285, 1-0:1.4.0 -5123.4 W",
        "02800007, 5580, 0-0:96.9.0 -5.5 Cel",
        "02800008, 6003, 0-0:96.6.3 3.6 V",
        "0280000A, 10000000, 0-0:96.6.0 600 s",
        "03110000, 070000, 0-0:96.7.21 7 1",
        "03300000, 120000, 0-0:96.2.0 12 1",
        "03300D00, 010000, 0-0:96.20.0 1 1",
        "10010001, 020000, 1-0:32.40.0 2 1",
        "10030002, 020000, 1-0:72.41.0 120 s",
        "1D000001, 030000, 0-0:96.15.29 3 1",
        // 1997
        "9110, 01000000, 1-0:3.8.0 10 varh",
        "9140, 01000000, 1-0:8.8.0 10 varh",
        "9150, 01000000, 1-0:6.8.0 10 varh",
        "9412, 01000000, 1-0:1.8.2*1 10 Wh",
        "9820, 01000000, 1-0:2.8.0*2 10 Wh",
        "A010, 341200, 1-0:1.6.0 123.4 W",
        "A411, 341200, 1-0:1.6.1*1 123.4 W",
        "B622, 5001, 1-0:51.7.0 1.5 A",
        "B630, 341200, 1-0:1.7.0 123.4 W",
        "B641, 0150, 1-0:23.7.0 50010 var",
        "B650, 9909, 1-0:13.7.0 0.999 1",
        "B212, 0300, 0-0:96.2.0 3 1"
    })
    void oneValueOfOneIdentifier(String identifier, String data, String value) throws FrameRejectedException {
        assertEquals(List.of(value), values(identifier, data));
    }

    @Test
    void aBlockOfTariffsHasTheTotalFirst() throws FrameRejectedException {
        assertEquals(
                List.of("1-0:2.8.0 30 Wh", "1-0:2.8.1 10 Wh", "1-0:2.8.2 20 Wh"),
                values("0002FF00", "03000000 01000000 02000000"));
        assertEquals(List.of("1-0:1.8.0*3 30 Wh", "1-0:1.8.1*3 10 Wh"), values("0001FF03", "03000000 01000000"));
    }

    @Test
    void aBlockOfSettlementDaysBeginsWithToday() throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.8.0 30 Wh", "1-0:1.8.0*1 20 Wh", "1-0:1.8.0*2 10 Wh"),
                values("000100FF", "03000000 02000000 01000000"));
    }

    @Test
    void blocksOfPhases() throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.7.0 300 W", "1-0:21.7.0 -100 W", "1-0:41.7.0 200 W", "1-0:61.7.0 200 W"),
                values("0203FF00", "003000 001080 002000 002000"));
        assertEquals(
                List.of("1-0:13.7.0 1 1", "1-0:33.7.0 -0.5 1", "1-0:53.7.0 0 1", "1-0:73.7.0 1 1"),
                values("0206FF00", "0010 0085 0000 0010"));
        assertEquals(
                List.of("1-0:32.7.0 220 V", "1-0:52.7.0 221 V", "1-0:72.7.0 222 V"), values("B61F", "2002 2102 2202"));
        assertEquals(
                List.of("1-0:1.7.0 300 W", "1-0:21.7.0 100 W", "1-0:41.7.0 100 W", "1-0:61.7.0 100 W"),
                values("B63F", "003000 001000 001000 001000 0050 0050"));
    }

    @Test
    void aBlockOfHarmonicsHasTwentyOne() throws FrameRejectedException {
        List<String> values = values("020A01FF", "0100".repeat(21));
        assertEquals(21, values.size());
        assertEquals("1-0:32.7.1 0.01 %", values.get(0));
        assertEquals("1-0:32.7.21 0.01 %", values.get(20));
    }

    @Test
    void aDemandHasTheTimeItOccurredIn() throws FrameRejectedException {
        List<Reading> readings = Bench.decode(
                        Bench.answer("0101FF00", "341200 3015110616 000000 0000000000"),
                        SHANGHAI,
                        name -> Optional.empty())
                .decoded()
                .readings();
        assertEquals("1-0:1.6.0 123.4 W", Bench.text(readings.get(0)));
        assertEquals(Instant.parse("2016-06-11T07:30:00Z"), readings.get(0).start());
        assertEquals("1-0:1.6.1 0 W", Bench.text(readings.get(1)));
        assertEquals(Bench.NOW, readings.get(1).start());
    }

    @Test
    void whatTheMeterDoesNotKnowIsNoReading() throws FrameRejectedException {
        assertEquals(List.of("1-0:32.7.0 220 V"), values("0201FF00", "0022 FFFF EEEE"));
        assertEquals(List.of(), values("00010000", "FFFFFFFF"));
    }

    @Test
    void aValueOnTheModelsGridHasItsInterval() throws FrameRejectedException {
        String record = record("3115110616", "0022 0022 0022 000100 000100 000100 0050 AA AA AA AA AA AA");
        List<Reading> readings = Bench.decode(Bench.answer("06000002", record), ZoneOffset.UTC, HALF_HOURLY)
                .decoded()
                .readings();
        assertEquals(Duration.ZERO, readings.get(0).interval());
        record = record("3015110616", "0022 0022 0022 000100 000100 000100 0050 AA AA AA AA AA AA");
        readings = Bench.decode(Bench.answer("06000002", record), ZoneOffset.UTC, HALF_HOURLY)
                .decoded()
                .readings();
        assertEquals(Duration.ofMinutes(30), readings.get(0).interval());
        assertEquals(Duration.ZERO, readings.get(1).interval());
        assertEquals(Instant.parse("2016-06-11T15:30:00Z"), readings.get(0).start());
    }

    /** A load record with this time and these classes. */
    static String record(String time, String classes) {
        byte[] body = Bench.bytes(time + classes);
        byte[] head = {(byte) 0xA0, (byte) 0xA0, (byte) body.length};
        int sum = 0;
        for (byte b : Access.concat(head, body)) {
            sum += b;
        }
        return Bench.hex(Access.concat(head, body, new byte[] {(byte) sum, (byte) 0xE5}));
    }

    @Test
    void loadRecordsFollowEachOther() throws FrameRejectedException {
        String data = record("0001110616", "AA AA AA 01000000 00000000 00000000 00000000 AA AA AA")
                + record("0002110616", "AA AA AA 02000000 00000000 00000000 00000000 AA AA AA");
        List<Reading> readings = Bench.decode(Bench.answer("06000001", data), SHANGHAI, name -> Optional.empty())
                .decoded()
                .readings();
        assertEquals(8, readings.size());
        assertEquals("1-0:1.8.0 10 Wh", Bench.text(readings.get(0)));
        assertEquals(Instant.parse("2016-06-10T17:00:00Z"), readings.get(0).start());
        assertEquals("1-0:1.8.0 20 Wh", Bench.text(readings.get(4)));
        assertEquals(Instant.parse("2016-06-10T18:00:00Z"), readings.get(4).start());
    }

    @Test
    void aLoadRecordOfOneClassMayComeWithoutTheOthers() throws FrameRejectedException {
        assertEquals(
                List.of("1-0:1.8.0 10 Wh", "1-0:2.8.0 0 Wh", "1-0:3.8.0 0 varh", "1-0:4.8.0 0 varh"),
                values("06040001", record("0001110616", "01000000 00000000 00000000 00000000 AA")));
        assertEquals(
                List.of("1-0:32.7.0 220 V", "1-0:31.7.0 0.1 A", "1-0:14.7.0 50 Hz"),
                values("06010001", record("0001110616", "0022 000100 0050 AA AA AA AA AA AA")));
        assertEquals(List.of(), values("06000001", ""));
    }

    @Test
    void aCurveHasTheTimeOfItsFirstValueAndTheModelsInterval() throws FrameRejectedException {
        String answer = Bench.answer("06100601", "0001110616 01000000 02000000 03000000");
        List<Reading> readings =
                Bench.decode(answer, ZoneOffset.UTC, HALF_HOURLY).decoded().readings();
        assertEquals(
                List.of("1-0:1.8.0 10 Wh", "1-0:1.8.0 20 Wh", "1-0:1.8.0 30 Wh"),
                readings.stream().map(Bench::text).toList());
        assertEquals(Instant.parse("2016-06-11T02:00:00Z"), readings.get(2).start());
        Bench.Result unknown = Bench.decode(answer);
        assertEquals(List.of("1-0:1.8.0 10 Wh"), unknown.values());
        assertTrue(
                unknown.decoded().unnamed().get(0).contains("interval"),
                unknown.decoded().unnamed().toString());
        assertEquals(
                List.of(
                        "1-0:32.7.0 220 V",
                        "1-0:52.7.0 221 V",
                        "1-0:72.7.0 222 V",
                        "1-0:32.7.0 223 V",
                        "1-0:52.7.0 224 V",
                        "1-0:72.7.0 225 V"),
                Bench.decode(
                                Bench.answer("061001FF", "0001110616 0022 1022 2022 3022 4022 5022"),
                                ZoneOffset.UTC,
                                HALF_HOURLY)
                        .values());
    }

    @Test
    void frozenValuesHaveTheTimeOfTheirBlock() throws FrameRejectedException {
        String data = "0000091015 AA 03000000 01000000 02000000 AA 00000000 AA AA AA AA AA AA AA"
                + " 341200 3015081015 AA AA 003000 001000 001000 001000 000000 000000 000000 000000 AA";
        List<Reading> readings =
                Bench.decode(Bench.answer("0506FF01", data)).decoded().readings();
        assertEquals(
                List.of(
                        "1-0:1.8.0 30 Wh",
                        "1-0:1.8.1 10 Wh",
                        "1-0:1.8.2 20 Wh",
                        "1-0:2.8.0 0 Wh",
                        "1-0:1.6.0 123.4 W",
                        "1-0:1.7.0 300 W"),
                readings.stream().limit(6).map(Bench::text).toList());
        assertEquals(13, readings.size());
        assertEquals(Instant.parse("2015-10-09T00:00:00Z"), readings.get(0).start());
        assertEquals(Quality.MEASURED, readings.get(0).quality());
        assertEquals(Instant.parse("2015-10-08T15:30:00Z"), readings.get(4).start());
        assertEquals(
                List.of("1-0:1.8.0 30 Wh", "1-0:2.8.0 10 Wh"),
                values("0504FF01", "0013091015 AA 03000000 AA 01000000 AA"));
    }

    @Test
    void frozenValuesWithoutATimeAreSuspect() throws FrameRejectedException {
        Reading yesterday = Bench.decode(Bench.answer("05060102", "03000000"))
                .decoded()
                .readings()
                .get(0);
        assertEquals(Instant.parse("2026-11-19T00:00:00Z"), yesterday.start());
        assertEquals(Quality.MEASURED | Quality.SUSPECT, yesterday.quality());
        Reading hour = Bench.decode(Bench.answer("05040101", "03000000"))
                .decoded()
                .readings()
                .get(0);
        assertEquals(Instant.parse("2026-11-20T10:00:00Z"), hour.start());
        String exchange = Bench.answer("05060002", "0500191126") + "FEFE" + Bench.answer("05060102", "03000000");
        Reading timed = Bench.decode(exchange).decoded().readings().get(0);
        assertEquals(Instant.parse("2026-11-19T00:05:00Z"), timed.start());
        assertEquals(Quality.MEASURED, timed.quality());
    }

    @Test
    void framesThatFollowAreReassembled() throws FrameRejectedException {
        String first = Bench.frame(0xB1, "00FF0100 03000000 0100");
        String second = Bench.frame(0xB2, "00FF0100 0000 02000000 05 01");
        String third = Bench.frame(0x92, "00FF0100 000000 02");
        Bench.Result whole = Bench.decode(first + "FEFEFEFE" + second + third);
        assertEquals(
                List.of("1-0:1.8.0 30 Wh", "1-0:1.8.1 10 Wh", "1-0:1.8.2 20 Wh", "1-0:1.8.3 50 Wh"), whole.values());
        assertTrue(whole.fields().stream().anyMatch(field -> field.part().equals("reassembled")));
        // Questions between the answers, as a line's log has them, change nothing.
        String log = Bench.frame(0x11, "00FF0100")
                + first
                + Bench.frame(0x12, "00FF010001")
                + second
                + Bench.frame(0x12, "00FF010002")
                + third;
        assertEquals(whole.values(), Bench.decode(log).values());
        // What is complete of an incomplete answer counts.
        assertEquals(List.of("1-0:1.8.0 30 Wh"), Bench.decode(first).values());
        assertEquals(
                List.of("1-0:1.8.0 30 Wh", "1-0:1.8.1 10 Wh", "1-0:1.8.2 20 Wh"),
                Bench.decode(first + second).values());
        assertEquals(List.of(), Bench.decode(third).values());
        String old = Bench.frame(0xA1, "1F90 03000000 0100") + Bench.frame(0x82, "1F90 0000");
        assertEquals(
                List.of("1-0:1.8.0 30 Wh", "1-0:1.8.1 10 Wh"), Bench.decode(old).values());
    }

    @Test
    void blocksOf1997MayEndWithTheirSeparator() throws FrameRejectedException {
        assertEquals(List.of("1-0:1.8.0 30 Wh", "1-0:1.8.1 10 Wh"), values("901F", "03000000 01000000 AA"));
    }

    @Test
    void severalFramesAreAllDecoded() throws FrameRejectedException {
        String frames = Bench.answer("00010000", "01000000") + "FEFEFE" + Bench.answer("02010100", "0022");
        assertEquals(
                List.of("1-0:1.8.0 10 Wh", "1-0:32.7.0 220 V"),
                Bench.decode(frames).values());
        String twice = Bench.answer("02010100", "0022") + Bench.answer("02010100", "0122");
        assertEquals(List.of("1-0:32.7.0 220.1 V"), Bench.decode(twice).values());
    }

    @Test
    void unknownIdentifiersAreNamedAndLeftAlone() throws FrameRejectedException {
        Bench.Result result = Bench.decode(Bench.answer("0A0B0C0D", "010203"));
        assertEquals(List.of(), result.values());
        assertEquals(List.of("0A0B0C0D"), result.decoded().unnamed());
    }

    @ParameterizedTest
    @CsvSource({
        "04000501, 0C00, 'clock battery low, reading battery low'",
        "04000503, 5000, 'relay open, relay command: open'",
        "04000101, 06291218, 2018-12-29 weekday 6",
        "04000102, 000000, 00:00:00",
        "0400010C, 55532106291218, 2018-12-29 weekday 6 21:53:55",
        "04000B01, 0001, 'day 01T00'",
        "04000703, 08, '2400'",
        "03300401, 01020304 000000010126 000500010126, '2026-01-01T00:05:00'",
        "03010101, 000000000000, none",
        "10010101, 595923311226, '2026-12-31T23:59:59'",
        "04000C01, 12345602, password: (not shown)",
        "0400040B, 00000000000058534444, 'DDSX'",
        "C021, 02, 'phase B failed'",
        "B210, 30151106, '06-11T15:30'"
    })
    void whatIsNoQuantityIsInTheTrace(String identifier, String data, String text) throws FrameRejectedException {
        Bench.Result result = Bench.decode(Bench.answer(identifier, data));
        assertEquals(List.of(), result.values());
        assertTrue(result.trace().contains(text), result.trace());
    }
}
