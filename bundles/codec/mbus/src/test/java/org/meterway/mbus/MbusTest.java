// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/** What records become, beyond the collected frames. */
class MbusTest {
    private static String text(Reading reading) {
        return reading.quantity() + " " + reading.value();
    }

    private static List<String> readings(String medium, String records) throws FrameRejectedException {
        return new Decoding()
                .decode(Decoding.records(medium, records)).readings().stream()
                        .map(MbusTest::text)
                        .toList();
    }

    private static FrameRejectedException rejected(String hex) {
        return assertThrows(FrameRejectedException.class, () -> new Decoding().decode(hex));
    }

    @ParameterizedTest
    @CsvSource({
        // medium, record, OBIS code with unit, value
        "02, 04 03 10270000, 1-0:1.8.0 Wh, 10000",
        "02, 84 10 04 10270000, 1-0:1.8.1 Wh, 100000",
        "02, 84 20 04 10270000, 1-0:1.8.2 Wh, 100000",
        "02, 04 83 3c 10270000, 1-0:2.8.0 Wh, 10000",
        "02, 04 83 3b 10270000, 1-0:1.8.0 Wh, 10000",
        "02, c4 01 03 10270000, 1-0:1.8.0*3 Wh, 10000",
        "02, 84 40 03 10270000, 1-1:1.8.0 Wh, 10000",
        "02, 04 fb 82 75 10270000, 1-0:3.8.0 varh, 1000000",
        "02, 02 2b e800, 1-0:1.7.0 W, 232",
        "02, 12 2b e800, 1-0:1.6.0 W, 232",
        "02, 02 fd c8 fc 01 e800, 1-0:32.7.0 V, 23.2",
        "02, 02 fd c8 fc 02 e800, 1-0:52.7.0 V, 23.2",
        "02, 02 fd c8 fc 03 e800, 1-0:72.7.0 V, 23.2",
        "02, 02 fd 48 e800, 1-0:12.7.0 V, 23.2",
        "02, 02 fd da fc 03 e800, 1-0:71.7.0 A, 2.32",
        "02, 02 fb 2d 8813, 1-0:14.7.0 Hz, 50",
        "03, 0c 13 78563412, 7-0:3.0.0 m3, 12345.678",
        "03, 0c 93 3e 78563412, 7-0:3.2.0 m3, 12345.678",
        "04, 04 0e 10270000, 6-0:1.0.0 J, 10000000000",
        "04, 04 fb 09 10270000, 6-0:1.0.0 J, 10000000000000",
        "04, 04 fb 0d 01000000, 6-0:1.0.0 J, 4186800",
        "04, 0b 3b 400200, 6-0:9.0.0 m3/h, 0.24",
        "04, 02 40 1027, 6-0:9.0.0 m3/h, 0.06",
        "04, 02 48 1027, 6-0:9.0.0 m3/h, 0.036",
        "04, 0a 5a 5507, 6-0:10.0.0 Cel, 75.5",
        "04, 0a 5e 55f7, 6-0:11.0.0 Cel, -75.5",
        "04, 0b 60 766001, 6-0:12.0.0 K, 16.076",
        "0a, 04 06 01000000, 5-0:1.0.0 Wh, 1000",
        "0d, 04 86 3c 01000000, 5-0:1.0.0 Wh, 1000",
        "06, 03 13 010000, 9-0:1.0.0 m3, 0.001",
        "07, 06 13 010000000000, 8-0:1.0.0 m3, 0.001",
        "07, 07 13 0100000000000000, 8-0:1.0.0 m3, 0.001",
        "07, 0e 13 563412000000, 8-0:1.0.0 m3, 123.456",
        "07, 03 13 ffffff, 8-0:1.0.0 m3, -0.001",
        "07, 05 16 0000403f, 8-0:1.0.0 m3, 0.75",
        "07, 05 16 cdcccc3d, 8-0:1.0.0 m3, 0.1",
        "07, 0d 13 c2 3412, 8-0:1.0.0 m3, 1.234",
        "07, 0d 13 d2 3412, 8-0:1.0.0 m3, -1.234",
        "07, 0d 13 e3 010000, 8-0:1.0.0 m3, 0.001",
        "07, 01 fb 20 64, 8-0:1.0.0 m3, 2.831685",
        "07, 02 93 75 1027, 8-0:1.0.0 m3, 1",
        "07, 02 93 7d 1027, 8-0:1.0.0 m3, 10000",
        "08, 0b 6e 563412, 4-0:1.0.0 1, 123456",
        "08, 4b 6e 563412, 4-0:1.0.0*1 1, 123456",
        "1b, 02 65 e803, 0-0:96.9.0 Cel, 10",
        "04, 02 fb 58 3075, 6-0:10.0.0 Cel, -1.111111"
    })
    void aRecordIsTheReadingOfItsMedium(String medium, String record, String quantity, String value) throws Exception {
        assertEquals(List.of(quantity + " " + value), readings(medium, record));
    }

    @ParameterizedTest
    @CsvSource({
        "07, 01 7b 01, Reserved VIF 7B: 1",
        "02, 02 fd c8 ff 01 e800, Voltage: 23.2 V",
        "07, 02 6c ffff, Time point (date): not valid",
        "07, 04 6d 80000000, Time point (date & time): not valid (IV set)",
        "07, 04 6d 3b 17 f1 15, Time point (date & time): 2015-05-17T23:59:00",
        "07, 06 6d 1e 2d 0e 3f 3c 00, Time point (date & time): 2025-12-31T14:45:30",
        "07, 03 6d 1e 2d 0e, Time point (date & time): 14:45:30",
        "07, 02 6c fffc, Time point (date): ****-12-31 (repeating)",
        "07, 0d fd 11 05 6f6c6c6568, Customer: hello",
        "07, 0d fd 0b f0 000102030405060708090a0b0c0d0e0f, Parameter set identification: 0F 0E 0D 0C",
        "07, 0c 13 785634a2, Volume: not a number (A2345678)",
        "07, 02 13 0080, Volume: not valid (-32768)",
        "07, 05 13 0000c07f, Volume: not valid (NaN)",
        "07, 04 fd 17 ffffffff, Error flags: 4294967295",
        "07, 04 fd 16 01020304, Password: not shown",
        "07, 00 13, 'Volume: no data'",
        "07, 0a 93 15 0000, 'record error: no data available'",
        "07, 02 fc 03 48 52 25 74 d411, %RH: 45.64",
        "07, 32 13 0100, 'Volume: 0.001 m3 (value during error state'",
        "07, 01 fd 09 07, Device type: 7 (Water)",
        "07, 01 ff 81 02 05, 'Manufacturer specific: 5 (instantaneous value, VIFE 81 02'",
        "07, 01 fd fd 02 05, Remaining battery life time: 5 months"
    })
    void whatHasNoObisCodeIsAField(String medium, String record, String meaning) throws Exception {
        Decoding decoding = new Decoding();
        Decoded decoded = decoding.decode(Decoding.records(medium, record));
        assertTrue(decoded.readings().isEmpty(), decoded.readings().toString());
        assertTrue(decoding.meanings().stream().anyMatch(field -> field.contains(meaning)), () -> decoding.meanings()
                .toString());
    }

    @ParameterizedTest
    @CsvSource({
        "07, 3f, DIF, 19, reserved",
        "07, 8f, DIF, 19, reserved",
        "07, 0d 13 ca 00, LVAR, 21, reserved",
        "07, 0d 13 fb 00, LVAR, 21, reserved",
        "07, 0d 13, LVAR, 21, ends",
        "07, 0d 13 bf 31, data of Volume, 21, needs 192 bytes",
        "07, 04 13 0100, data of Volume, 21, needs 4 bytes",
        "07, 02 6c 3e 12, Time point (date), 21, FEBRUARY 30",
        "07, 02 6c 3e 1d, Time point (date), 21, month 13",
        "07, 04 6d 3c 17 f1 15, Time point (date & time), 21, MinuteOfHour",
        "07, 04 6d 00 18 f1 15, Time point (date & time), 21, HourOfDay",
        "07, 03 6d 3d 2d 0e, Time point (date & time), 21, SecondOfMinute",
        "07, 0e 17 999999999999, data of Volume, 21, outside"
    })
    void aBrokenRecordIsRejectedWhereItIsBroken(String medium, String record, String field, int offset, String reason) {
        FrameRejectedException rejected = rejected(Decoding.records(medium, record));
        assertEquals(field + " " + offset, rejected.field() + " " + rejected.offset(), rejected.getMessage());
        assertTrue(rejected.reason().contains(reason), rejected.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'', frame, 0",
        "e6, start, 0",
        "10 40 01 41, short frame, 0",
        "10 40 01 42 16, checksum, 3",
        "10 40 01 41 17, stop, 4",
        "68 03 04 68 08 01 78 81 16, L repeated, 2",
        "68 03 03 69 08 01 78 81 16, start repeated, 3",
        "68 03 03 68 08 01 78 82 16, checksum, 7",
        "68 03 03 68 08 01 78 81 17, stop, 8",
        "68 03 03 68 08 01 78 81, L, 1",
        "68 ff ff 68 08 01 78 81 16, L, 1",
        "68 03 03 68 08 01 78 81 16 00, start, 9",
        "68 03 03 68 08 01 79 82 16, CI, 6",
        "68 03 03 68 08 01 8a 93 16, CI, 6",
        "68, L, 1"
    })
    void aBrokenFrameIsRejectedWhereItIsBroken(String hex, String field, int offset) {
        FrameRejectedException rejected = rejected(hex);
        assertEquals(field + " " + offset, rejected.field() + " " + rejected.offset(), rejected.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "e5, acknowledgement: E5",
        "10 5b 01 5c 16, C: 5B REQ_UD2",
        "10 40 fe 3e 16, A: 254 (any",
        "68 03 03 68 53 fe bd 0e 16, CI: BD set baud rate to 9600",
        "68 03 03 68 53 fe 50 a1 16, CI: 50 application reset",
        "68 04 04 68 08 01 71 05 7f 16, alarm: 05"
    })
    void aFrameWithoutDataHasNoReadings(String hex, String meaning) throws Exception {
        Decoding decoding = new Decoding();
        assertTrue(decoding.decode(hex).readings().isEmpty());
        assertTrue(
                decoding.meanings().stream().anyMatch(field -> field.startsWith(meaning)),
                decoding.meanings().toString());
    }

    @Test
    void theTimeOfAValueIsThatOfItsStorageNumber() throws Exception {
        String records = "04 13 01000000 44 13 02000000 84 01 13 03000000 04 6d 3b 17 f1 15 42 6c f115";
        List<Reading> readings =
                new Decoding().decode(Decoding.records("07", records)).readings();
        assertEquals(
                List.of(
                        Instant.parse("2015-05-17T23:59:00Z"),
                        Instant.parse("2015-05-17T00:00:00Z"),
                        Decoding.RECEIVED),
                readings.stream().map(Reading::start).toList());
    }

    @Test
    void timesAreOfTheMetersZoneAndItsSummerTimeFlagDecides() throws Exception {
        Decoding decoding = new Decoding();
        decoding.zone = ZoneId.of("Europe/Berlin");
        String value = "04 13 01000000 04 6d ";
        Reading standard = decoding.decode(Decoding.records("07", value + "3b 17 f1 15"))
                .readings()
                .get(0);
        Reading summer = decoding.decode(Decoding.records("07", value + "3b 97 f1 15"))
                .readings()
                .get(0);
        assertEquals(Instant.parse("2015-05-17T22:59:00Z"), standard.start());
        assertEquals(Instant.parse("2015-05-17T21:59:00Z"), summer.start());
    }

    @Test
    void aClockThatIsNotValidMarksTheValue() throws Exception {
        Reading reading = new Decoding()
                .decode(Decoding.records("07", "04 13 01000000 04 6d 80000000"))
                .readings()
                .get(0);
        assertEquals(Decoding.RECEIVED, reading.start());
        assertEquals(Quality.MEASURED | Quality.CLOCK_INVALID, reading.quality());
    }

    @Test
    void binaryFloatingPointIsRounded() throws Exception {
        Reading reading = new Decoding()
                .decode(Decoding.records("07", "05 16 cdcccc3d"))
                .readings()
                .get(0);
        assertEquals(Quality.MEASURED | Quality.ROUNDED, reading.quality());
    }

    @Test
    void aRegisterOfTheModelGivesUnitAndGrid() throws Exception {
        Decoding decoding = new Decoding();
        decoding.registers.put(
                "6-0:1.0.0",
                new Register(
                        "",
                        "Heat",
                        Quantity.of("6-0:1.0.0", Unit.WATT_HOUR),
                        BigDecimal.TEN,
                        Duration.ofHours(1),
                        true));
        Reading reading = decoding.decode(Decoding.records("04", "04 0e 10270000 04 6d 00 17 f1 15"))
                .readings()
                .get(0);
        assertEquals(Unit.WATT_HOUR, reading.quantity().unit());
        assertEquals(new BigDecimal("2777777.777778"), reading.value());
        assertEquals(Quality.MEASURED | Quality.ROUNDED, reading.quality());
        assertEquals(Duration.ofHours(1), reading.interval());
    }

    @Test
    void telegramsOfOneAnswerAreDecodedTogether() throws Exception {
        String first = Decoding.records("07", "04 13 01000000 1f");
        String second = Decoding.records("07", "44 13 02000000 04 6d 3b 17 f1 15");
        List<Reading> readings = new Decoding().decode(first + second).readings();
        assertEquals(2, readings.size());
        assertEquals(Instant.parse("2015-05-17T23:59:00Z"), readings.get(0).start());
    }

    @Test
    void aTelegramOfAnotherMeterInOneAnswerIsRejected() {
        String other = Decoding.frame("72 79563412 b405 01 07 2a 00 0000 44 13 02000000");
        String first = Decoding.records("07", "04 13 01000000 1f");
        FrameRejectedException rejected = rejected(first + other);
        assertEquals("identification", rejected.field());
        assertEquals(first.length() / 2 + 7, rejected.offset());
    }

    @Test
    void theSameQuantityTwiceIsOneReadingAndSaid() throws Exception {
        Decoded decoded = new Decoding().decode(Decoding.records("07", "04 13 01000000 04 13 02000000"));
        assertEquals(1, decoded.readings().size());
        assertEquals(List.of("Volume"), decoded.unnamed());
    }

    @Test
    void unnamedAreAtMostSixteen() throws Exception {
        StringBuilder storages = new StringBuilder();
        for (int storage = 0; storage < 15; storage++) {
            storages.append("81")
                    .append(HexFormat.of().toHexDigits((byte) storage))
                    .append("fd1c01");
            storages.append("c1")
                    .append(HexFormat.of().toHexDigits((byte) storage))
                    .append("fd1c01");
        }
        assertEquals(
                16,
                new Decoding()
                        .decode(Decoding.records("07", storages.toString()))
                        .unnamed()
                        .size());
    }

    @Test
    void theExampleOfOmsIsDecrypted() throws Exception {
        // OMS Specification vol. 2, annex N, gas meter example: key, address, access number and cipher text as there.
        Decoding decoding = new Decoding();
        decoding.keys.put("encryption_key", HexFormat.of().parseHex("0102030405060708090a0b0c0d0e0f11"));
        String cipher = "5923c95aaa26d1b2e7493b013ec4a6f6d3529b520edff0ea6defc99d6d69ebf3";
        String frame = Decoding.frame("72 78563412 9315 33 03 2a 00 2025" + cipher);
        Reading reading = decoding.decode(frame).readings().get(0);
        assertEquals("7-0:3.0.0 m3 28504.27", text(reading));
        assertEquals(Instant.parse("2008-05-31T23:50:00Z"), reading.start());
        assertTrue(decoding.fields.stream().anyMatch(field -> field.part().equals("decrypted")));

        FrameRejectedException missing = assertThrows(FrameRejectedException.class, () -> new Decoding().decode(frame));
        assertTrue(missing.getMessage().contains("encryption_key"), missing.getMessage());
        assertEquals(19, missing.offset());

        decoding.keys.put("encryption_key", new byte[16]);
        FrameRejectedException wrong = assertThrows(FrameRejectedException.class, () -> decoding.decode(frame));
        assertTrue(wrong.getMessage().contains("wrong encryption_key"), wrong.getMessage());

        decoding.keys.put("encryption_key", new byte[15]);
        assertThrows(FrameRejectedException.class, () -> decoding.decode(frame));
    }

    @ParameterizedTest
    @CsvSource({
        "72 78563412 9315 33 03 2a 00 2007 00, mode 7",
        "72 78563412 9315 33 03 2a 00 2004 00, mode 4",
        "72 78563412 9315 33 03 2a 00 2005 00, 2 encrypted blocks",
        "7a 2a 00 2005 00, short header"
    })
    void encryptionThatIsNotSupportedIsNamed(String fromCi, String reason) {
        FrameRejectedException rejected = rejected(Decoding.frame(fromCi));
        assertEquals("configuration", rejected.field());
        assertTrue(rejected.reason().contains(reason), rejected.reason());
    }

    @Test
    void otherHeadersAreRead() throws Exception {
        assertTrue(new Decoding()
                .decode(Decoding.frame("78 04 13 01000000"))
                .readings()
                .isEmpty());
        assertEquals(
                "8-0:1.0.0 m3 0.001",
                text(new Decoding()
                        .decode(Decoding.frame("78 01 fd 09 07 04 13 01000000"))
                        .readings()
                        .get(0)));
        assertEquals(
                List.of("Volume"),
                new Decoding()
                        .decode(Decoding.frame("7a 2a 00 0000 04 13 01000000"))
                        .unnamed());
        Decoding highFirst = new Decoding();
        assertEquals(
                "8-0:1.0.0 m3 0.001",
                text(highFirst
                        .decode(Decoding.frame("76 12345678 05b4 01 07 2a 00 0000 04 13 00000001"))
                        .readings()
                        .get(0)));
        assertTrue(highFirst.meanings().contains("identification: 12345678"));
    }

    @Test
    void theFixedStructureHasTwoCounters() throws Exception {
        Decoding decoding = new Decoding();
        List<Reading> readings = decoding.decode(Decoding.frame("73 78563412 0a 01 e9 7e 01000000 35010000"))
                .readings();
        assertEquals(
                List.of("8-0:1.0.0 m3 0.001", "8-0:1.0.0*1 m3 0.309"),
                readings.stream().map(MbusTest::text).toList());
        assertTrue(new Decoding()
                .decode(Decoding.frame("73 78563412 0a 00 c5 c6 0a000000 35010000")).readings().stream()
                        .map(MbusTest::text)
                        .toList()
                        .isEmpty());
    }

    @Test
    void aFrameLongerThanAnyAnswerIsRejectedUnread() {
        FrameRejectedException rejected = assertThrows(
                FrameRejectedException.class, () -> new Decoding().decode(new byte[MbusCodec.MOST_BYTES + 1]));
        assertEquals(-1, rejected.offset());
        assertFalse(rejected.reason().isEmpty());
    }
}
