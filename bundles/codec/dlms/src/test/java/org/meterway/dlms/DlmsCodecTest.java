// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/** Frames made by hand of what the collected ones lack, and bad input. */
class DlmsCodecTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f";
    private static final String AUTHENTICATION = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";
    private static final String TITLE = "4d4d4d0000bc614e";
    /** A notification without time: energy 12345 in 10 Wh. */
    private static final String PUSH = "0f00000001 00 0202 0101 0203 09060100010800ff 0600003039 02020f01161e 1600";

    private static Decoding keyed() {
        return new Decoding().key("ek", KEY).key("gak", AUTHENTICATION).key("System-Title", TITLE);
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    /** Security control, counter and protected bytes, as any conforming meter would send them. */
    private static byte[] sealed(int control, long counter, String plain, byte[] header, String key) {
        byte[] iv = Gcm.iv(Decoding.bytes(TITLE), counter);
        byte[] text = Decoding.bytes(plain);
        byte[] additional = Gcm.concat(new byte[] {(byte) control}, Decoding.bytes(AUTHENTICATION), header);
        byte[] body =
                switch (control & 0x30) {
                    case 0x30 -> Gcm.encrypt(Decoding.bytes(key), iv, additional, text);
                    case 0x20 -> Gcm.counterMode(Decoding.bytes(key), iv, text);
                    case 0x10 ->
                        Gcm.concat(
                                text, Gcm.encrypt(Decoding.bytes(key), iv, Gcm.concat(additional, text), new byte[0]));
                    default -> text;
                };
        return Gcm.concat(new byte[] {(byte) control}, Requests.u32(counter), body);
    }

    private static String general(int tag, int control, long counter, String plain, String key) {
        byte[] sealed = sealed(control, counter, plain, new byte[0], key);
        return hex(
                Gcm.concat(new byte[] {(byte) tag, 8}, Decoding.bytes(TITLE), Requests.length(sealed.length), sealed));
    }

    @Test
    void aPushedRegisterIsScaledExactly() throws Exception {
        assertEquals(List.of("1-0:1.8.0 123450 Wh"), new Decoding().values(PUSH));
    }

    @ParameterizedTest
    @MethodSource
    void everyNumberTypeIsRead(String type, String value) throws Exception {
        String push = "0f0000000100 0203 09060100010700ff " + type + " 02020fff161b";
        assertEquals(List.of("1-0:1.7.0 " + value + " W"), new Decoding().values(push));
    }

    static Stream<Arguments> everyNumberTypeIsRead() {
        return Stream.of(
                Arguments.of("05 fffffff6", "-1"),
                Arguments.of("06 ffffffff", "429496729.5"),
                Arguments.of("0d 42", "4.2"),
                Arguments.of("0f f6", "-1"),
                Arguments.of("10 ff38", "-20"),
                Arguments.of("11 ff", "25.5"),
                Arguments.of("12 ffff", "6553.5"),
                Arguments.of("14 fffffffffffffff6", "-1"),
                Arguments.of("15 0000000100000000", "429496729.6"),
                Arguments.of("17 41c80000", "2.5"),
                Arguments.of("18 4039000000000000", "2.5"));
    }

    @Test
    void aValueBeyondTheScaleIsRoundedAndSaysSo() throws Exception {
        Reading reading = new Decoding()
                .decode("0f0000000100 0203 09060100010700ff 0600000007 02020ff9161b")
                .readings()
                .get(0);
        assertEquals(List.of("measured", "rounded"), Quality.names(reading.quality()));
    }

    @Test
    void aValueBeyondSixtyFourBitsIsRejected() {
        FrameRejectedException rejected =
                new Decoding().reject("0f0000000100 0203 09060100010700ff 15 ffffffffffffffff 02020f10161b");
        assertEquals("value", rejected.field());
        assertEquals(16, rejected.offset());
    }

    @Test
    void unitsThatAreMultiplesBecomeTheBaseUnit() throws Exception {
        assertEquals(
                List.of("6-0:1.0.0 3600 s", "8-0:1.0.0 1.5 m3"),
                new Decoding()
                        .values("0f0000000100 0202"
                                + "0203 0906060001 0000ff 0600000001 02020f001605"
                                + "0203 0906080001 0000ff 06000005dc 02020f001613"));
    }

    @Test
    void objectDefinitionsNameTheValuesAfterThem() throws Exception {
        // As Landis+Gyr E450 push in Switzerland: the first definition is of the definitions themselves.
        String push = "0f00000001 0c07e80a1b0702 1e00 00ff8880 0205"
                + "0105"
                + "0204 120028 09060008190900ff 0f02 120000"
                + "0204 120008 09060000010000ff 0f02 120000"
                + "0204 120001 09060000600100ff 0f02 120000"
                + "0204 120003 09060100010700ff 0f02 120000"
                + "0204 120003 0906010001 0800ff 0f02 120000"
                + "090c07e80a1b07021e0000ff8880 0904 31323334 06000001f4 0600bc614e";
        Decoded decoded = new Decoding().decode(push);
        assertEquals(
                List.of("1-0:1.7.0 500 W", "1-0:1.8.0 12345678 Wh"),
                decoded.readings().stream().map(Decoding::text).toList());
        assertEquals(
                Instant.parse("2024-10-27T00:30:00Z"), decoded.readings().get(0).start());
    }

    @Test
    void attributesAreFoundInARowAndNested() throws Exception {
        String one = "120003 09060100010800ff 0f02 120bb8";
        String two = "120003 0906010020 0700ff 0f02 1208fc 02020fff1623";
        List<String> values = List.of("1-0:1.8.0 3000 Wh", "1-0:32.7.0 230 V");
        assertEquals(values, new Decoding().values("0f0000000100 0209 " + one + two));
        assertEquals(values, new Decoding().values("0f0000000100 0102 0204 " + one + "0205" + two));
    }

    @Test
    void descriptorsWithoutDataTypesAreFoundWithAndWithoutAroundThem() throws Exception {
        String list = "0102 0202 0003 0100010800ff 02 0600003039 0202 0001 00002a0000ff 02 0903454744";
        for (String around : List.of("", "021601", "02021601")) {
            assertEquals(List.of("1-0:1.8.0 12345 Wh"), new Decoding().values("0f0000000100" + around + list), around);
        }
    }

    @Test
    void theDeviceNameSaysWhoseDefaultsCount() throws Exception {
        String push = "0f0000000100 0204 0906 00002a0000ff 0907 %s 0906 010020 0700ff 12 0900";
        String kaifa = java.util.HexFormat.of().formatHex("KFM1200".getBytes());
        String other = java.util.HexFormat.of().formatHex("ISK1030".getBytes());
        assertEquals(List.of("1-0:32.7.0 230.4 V"), new Decoding().values(String.format(push, kaifa)));
        assertEquals(List.of("1-0:32.7.0 2304 V"), new Decoding().values(String.format(push, other)));
    }

    @Test
    void theTwoHoursOfAnAutumnNightAreToldApart() throws Exception {
        String summer = "0f00000001 0c07e80a1b07021e0000800080 0203 09060100010800ff 0600003039 02020f00161e";
        String winter = summer.replace("800080", "800000");
        Decoding vienna = new Decoding().zone("Europe/Vienna");
        assertEquals(
                Instant.parse("2024-10-27T00:30:00Z"),
                vienna.decode(summer).readings().get(0).start());
        assertEquals(
                Instant.parse("2024-10-27T01:30:00Z"),
                vienna.decode(winter).readings().get(0).start());
    }

    @Test
    void aTimeOnTheRegistersGridIsAnInterval() throws Exception {
        Register register = new Register(
                "", "Energy", Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), BigDecimal.ONE, Duration.ofMinutes(30), true);
        Decoding decoding = new Decoding().register(register);
        String push = "0f00000001 0c07e80a1b07021e0000000000 0203 09060100010800ff 0600003039 02020f00161e";
        assertEquals(
                Duration.ofMinutes(30), decoding.decode(push).readings().get(0).interval());
        assertEquals(
                Duration.ZERO,
                decoding.decode(push.replace("021e00", "021f00"))
                        .readings()
                        .get(0)
                        .interval());
    }

    @Test
    void anUnspecifiedTimeIsTheTimeOfReceipt() throws Exception {
        String push = "0f00000001 0cffffffffffffffffff8000ff 0203 09060100010800ff 0600003039 02020f00161e";
        assertEquals(
                Decoding.RECEIVED, new Decoding().decode(push).readings().get(0).start());
    }

    @Test
    void answersAreNamedByTheTarget() throws Exception {
        assertEquals(
                List.of("1-0:1.8.0 12345000 Wh"),
                new Decoding().target("3/1-0:1.8.0/2 scaler=3 unit=30").values("c401c1000600003039"));
        assertEquals(
                List.of("1-0:2.8.0 123450 Wh"),
                new Decoding().target("3/1-0:2.8.0/3; 3/1-0:2.8.0/2").values("c403c102 00 02020f01161e 00 0600003039"));
    }

    @Test
    void answersAreNamedByTheRequestInTheSameFrames() throws Exception {
        String request = "0001 0010 0001 000d c001c1 0003 0100010800ff 02 00";
        String scaler = "0001 0010 0001 000d c001c2 0003 0100010800ff 03 00";
        String answer = "0001 0001 0010 0009 c401c1000600003039";
        String scaled = "0001 0001 0010 000a c401c200 02020f00161e";
        assertEquals(List.of("1-0:1.8.0 12345 Wh"), new Decoding().values(request + answer + scaler + scaled));
    }

    @Test
    void anAnswerInBlocksIsJoined() throws Exception {
        String one = "0001 0001 0010 000d c402c1 00 00000001 00 03 060000";
        String two = "0001 0001 0010 000c c402c1 01 00000002 00 02 3039";
        Decoding decoding = new Decoding().target("3/1-0:1.8.0/2 unit=30");
        assertEquals(List.of("1-0:1.8.0 12345 Wh"), decoding.values(one + two));
        assertEquals(
                "block-number",
                decoding.reject(one + two.replace("00000002", "00000003")).field());
    }

    private static final String ROWS = "c401c100 0104"
            + "0204 090c07ea0b16070a0000 00ffc400 1100 06000003e8 0600000064"
            + "0204 00 1108 06000003f2 00"
            + "0204 00 1184 00 0600000032"
            + "0204 090c07ea0b16070b0f0000ffc400 1102 0600000410 00";
    private static final String PROFILE = "7/1-0:99.1.0/2 period=900"
            + " columns=8/0-0:1.0.0/2,1/0-0:96.10.1/2,3/1-0:1.8.0/2/1/30,3/1-0:1.29.0/2/0/30";

    @Test
    void aProfileRepeatsWhatIsLeftOut() throws Exception {
        List<Reading> readings = new Decoding().target(PROFILE).decode(ROWS).readings();
        assertEquals(
                List.of(
                        "1-0:1.8.0 10000 Wh",
                        "1-0:1.29.0 100 Wh",
                        "1-0:1.8.0 10100 Wh",
                        "1-0:1.29.0 100 Wh",
                        "1-0:1.8.0 10100 Wh",
                        "1-0:1.29.0 50 Wh",
                        "1-0:1.8.0 10400 Wh",
                        "1-0:1.29.0 50 Wh"),
                readings.stream().map(Decoding::text).toList());
        assertEquals(Instant.parse("2026-11-22T09:30:00Z"), readings.get(4).start());
        assertEquals(
                Instant.parse("2026-11-22T09:15:00Z"), readings.get(5).start(), "an interval begins a period before");
        assertEquals(Duration.ofMinutes(15), readings.get(5).interval());
        assertEquals(
                List.of("measured", "suspect", "power-fail"),
                Quality.names(readings.get(4).quality()));
        assertEquals(
                List.of("measured", "clock-invalid"),
                Quality.names(readings.get(6).quality()));
        assertEquals(Instant.parse("2026-11-22T10:15:00Z"), readings.get(6).start());
    }

    @Test
    void aProfileAsCompactArrayIsTheSame() throws Exception {
        String compact = "c401c100 13 02 04 09 11 06 06 2c"
                + "0c07ea0b16070a000000ffc400 00 000003e8 00000064"
                + "0c07ea0b16070a0f0000ffc400 08 000003f2 00000064";
        assertEquals(
                List.of("1-0:1.8.0 10000 Wh", "1-0:1.29.0 100 Wh", "1-0:1.8.0 10100 Wh", "1-0:1.29.0 100 Wh"),
                new Decoding().target(PROFILE).values(compact));
        assertEquals(
                "double-long-unsigned",
                new Decoding()
                        .target(PROFILE)
                        .reject(compact.replace(" 2c", " 2b"))
                        .field());
    }

    @Test
    void anEventNotificationIsReadWithItsTime() throws Exception {
        Decoded decoded = new Decoding().decode("c2 01 0c07ea0b16070a000000000000 0003 0100010800ff 02 0600003039");
        assertEquals("1-0:1.8.0 12345 Wh", Decoding.text(decoded.readings().get(0)));
        assertEquals(
                Instant.parse("2026-11-22T10:00:00Z"), decoded.readings().get(0).start());
    }

    @ParameterizedTest
    @MethodSource
    void everyProtectionIsTakenOff(String name, String frame, boolean authenticated) throws Exception {
        Decoded decoded = keyed().key("dedicated_key", KEY)
                .target("3/1-0:1.8.0/2 scaler=1 unit=30")
                .decode(frame);
        assertEquals("1-0:1.8.0 123450 Wh", Decoding.text(decoded.readings().get(0)), name);
        assertEquals(authenticated, decoded.invocation().isPresent(), name);
        decoded.invocation().ifPresent(invocation -> {
            assertEquals(TITLE, invocation.originator());
            assertEquals(4_000_000_000L, invocation.counter());
        });
    }

    static Stream<Arguments> everyProtectionIsTakenOff() {
        long counter = 4_000_000_000L;
        byte[] header = Decoding.bytes("080102030405060708 08" + TITLE + "08 4d4d4d0000000001 00 00");
        byte[] bare = Decoding.bytes("0102030405060708" + TITLE + "4d4d4d0000000001");
        byte[] response = sealed(0x30, counter, "c401c1000600003039", new byte[0], KEY);
        return Stream.of(
                Arguments.of("general-glo", general(0xdb, 0x30, counter, PUSH, KEY), true),
                Arguments.of("encrypted only", general(0xdb, 0x20, counter, PUSH, KEY), false),
                Arguments.of("authenticated only", general(0xdb, 0x10, counter, PUSH, KEY), true),
                Arguments.of("not protected", general(0xdb, 0x00, counter, PUSH, KEY), false),
                Arguments.of("broadcast", general(0xdb, 0x70, counter, PUSH, KEY), true),
                Arguments.of("general-ded", general(0xdc, 0x30, counter, PUSH, KEY), true),
                Arguments.of("general-ciphering", generalCiphering(counter, header, header), true),
                Arguments.of("general-ciphering without lengths", generalCiphering(counter, header, bare), true),
                Arguments.of(
                        "glo-get-response",
                        hex(Gcm.concat(new byte[] {(byte) 0xcc, (byte) response.length}, response)),
                        true),
                Arguments.of(
                        "ded-get-response",
                        hex(Gcm.concat(new byte[] {(byte) 0xd4, (byte) response.length}, response)),
                        true));
    }

    private static String generalCiphering(long counter, byte[] header, byte[] additional) {
        byte[] sealed = sealed(0x31, counter, PUSH, additional, KEY);
        return "dd" + hex(header) + "010000" + hex(Requests.length(sealed.length)) + hex(sealed);
    }

    @Test
    void theThirdSuiteHasLongKeys() throws Exception {
        String longKey = KEY + KEY;
        String frame = general(0xdb, 0x32, 7, PUSH, longKey);
        Decoding decoding = new Decoding().key("encryption_key", longKey).key("authentication_key", AUTHENTICATION);
        assertEquals(List.of("1-0:1.8.0 123450 Wh"), decoding.values(frame));
        assertEquals("security control", keyed().reject(frame).field());
    }

    @Test
    void aWrongKeyIsSaidAtTheTag() {
        String frame = general(0xdb, 0x30, 7, PUSH, KEY);
        for (Decoding wrong : List.of(
                keyed().key("ek", KEY.replace("0f", "0e")), keyed().key("gak", AUTHENTICATION.replace("df", "de")))) {
            FrameRejectedException rejected = wrong.reject(frame);
            assertEquals("authentication tag", rejected.field());
            assertEquals(frame.length() / 2 - 12, rejected.offset());
        }
        assertEquals(
                "authentication tag",
                keyed().reject(frame.replace("00000007", "00000008")).field());
    }

    @Test
    void aMissingKeyIsNamed() {
        String frame = general(0xdb, 0x30, 7, PUSH, KEY);
        assertTrue(new Decoding().reject(frame).reason().contains("encryption_key"));
        assertTrue(new Decoding().key("key", KEY).reject(frame).reason().contains("authentication_key"));
        assertTrue(keyed().reject(general(0xdc, 0x30, 7, PUSH, KEY)).reason().contains("dedicated_key"));
        String glo = "cc" + "19" + hex(sealed(0x30, 7, "c401c10006000030", new byte[0], KEY));
        assertEquals(
                "system title",
                new Decoding()
                        .key("ek", KEY)
                        .key("ak", AUTHENTICATION)
                        .reject(glo)
                        .field());
    }

    @Test
    void countersWithinAFrameMustRise() {
        String first = general(0xdb, 0x30, 8, PUSH, KEY);
        String second = general(0xdb, 0x30, 7, PUSH, KEY);
        String size = String.format("%04x", first.length() / 2);
        String head = "0001 0001 0001 " + size;
        assertEquals(
                "invocation counter",
                keyed().reject(head + first + head + second).field());
    }

    @ParameterizedTest
    @MethodSource
    void badInputIsRejectedWhereItIs(String frame, String field, int offset, String reason) {
        FrameRejectedException rejected = keyed().reject(frame);
        assertEquals(field + "@" + offset, rejected.field() + "@" + rejected.offset(), rejected.getMessage());
        assertTrue(rejected.reason().contains(reason), rejected.getMessage());
    }

    static Stream<Arguments> badInputIsRejectedWhereItIs() {
        String hdlc = "7ea01e410883133fcae6e7000f0000000100";
        return Stream.of(
                Arguments.of("", "frame", 0, "empty"),
                Arguments.of("7e", "frame format", 1, "ends"),
                Arguments.of(hdlc, "frame length", 1, "says 30 bytes"),
                Arguments.of("7eb007410883130000007e", "frame format", 1, "type 3"),
                Arguments.of("0001000100010100aa", "wrapper length", 6, "says 256 bytes"),
                Arguments.of("0002", "APDU", 0, "no APDU 00"),
                Arguments.of("6805066853ff1001670016", "start", 0, "68 L L 68"),
                Arguments.of("6805056853ff1001670016", "checksum", 9, "computed"),
                Arguments.of("6805056853ff000167ba16", "CI", 9, "last segment"),
                Arguments.of("ff00", "APDU", 0, "ff"),
                Arguments.of("0f00000001 05 0102030405", "date-time", 5, "12 were expected"),
                Arguments.of("0f00000001 0c07ea0d16070a000000000000 00", "month", 8, "no month 13"),
                Arguments.of("0f00000001 0c07ea021e070a000000000000 00", "date-time", 6, "no such day"),
                Arguments.of("0f00000001 0c07ea0216071c000000000000 00", "hour", 11, "no hour 28"),
                Arguments.of("0f00000001 00 02 84ffffffff", "structure", 7, "more than any frame"),
                Arguments.of("0f00000001 00 01 82ffff 00", "array", 6, "only 1 bytes follow"),
                Arguments.of("0f00000001 00 09 85 00", "octet-string", 7, "5 bytes"),
                Arguments.of("0f00000001 00 09 7f 00", "octet-string", 7, "says 127 bytes"),
                Arguments.of("0f00000001 00 07 00", "data type", 6, "no data type 7"),
                Arguments.of("0f00000001 00 0d fa", "bcd", 7, "digit above 9"),
                Arguments.of("0f00000001 00 00 00", "notification body", 7, "1 bytes follow"),
                Arguments.of("0f00000001 00 13 00 01 00", "compact-array contents", 9, "without any bytes"),
                Arguments.of("0f00000001 00 13 01ffff01ffff01ffff00 01 00", "data", 18, "more than"),
                Arguments.of("0f00000001 00 " + "0201".repeat(40) + "00", "data", 38, "deeper"),
                Arguments.of("db08" + TITLE + "05b000000001", "security control", 11, "compressed"),
                Arguments.of("db08" + TITLE + "053f00000001", "security control", 11, "no security suite"),
                Arguments.of("db08" + TITLE + "053000000001", "authentication tag", 16, "not there"),
                Arguments.of("db04" + "01020304" + "053000000001", "system title", 1, "4 bytes"),
                Arguments.of("e0400001000002c401", "block-number", 2, "last block"),
                Arguments.of("e0c00002000002c401", "block-number", 2, "1 was expected"),
                Arguments.of("c401c100 13 06 05 0000000100", "double-long-unsigned", 11, "ends"));
    }

    @Test
    void aTargetThatIsNoneIsRejected() {
        for (String wrong :
                List.of("hello", "3/1-0:1.8.0", "3/x/2", "3/1-0:1.8.0/2 scale=1", "title=00", "3/1-0:1.8.0/2 unit=x")) {
            assertEquals(
                    "target",
                    new Decoding().target(wrong).reject("c401c1000600003039").field(),
                    wrong);
        }
    }

    @Test
    void theTraceCoversEveryByteOfAPlainNotification() throws Exception {
        Decoding decoding = new Decoding();
        decoding.decode(PUSH);
        int at = 0;
        for (org.meterway.api.codec.Field field : decoding.fields) {
            assertEquals(at, field.offset(), field.toString());
            at = field.offset() + field.length();
        }
        assertEquals(Decoding.bytes(PUSH).length, at);
        assertTrue(decoding.fields.stream()
                .anyMatch(field -> field.meaning().equals("double-long-unsigned: 12345 = 1-0:1.8.0 123450 Wh")));
    }

    @Test
    void theMostLaboriousFrameIsBounded() throws Exception {
        // 60 KiB of rows of nothing: each cell is the value of the row before.
        StringBuilder rows =
                new StringBuilder("c401c100 01 82 3a98 0204 090c07ea0b16070a0000 00ffc400 1100 06000003e8 0600000064");
        rows.append("02040000 0000".repeat(14_999));
        List<Reading> readings = new Decoding()
                .untraced()
                .target(PROFILE)
                .decode(rows.toString())
                .readings();
        assertEquals(30_000, readings.size());
    }
}
