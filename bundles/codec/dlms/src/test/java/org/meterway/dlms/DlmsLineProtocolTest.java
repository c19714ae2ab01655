// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Command;
import org.meterway.api.codec.Decoded;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.Dialogue.Done;
import org.meterway.api.line.Dialogue.Failed;
import org.meterway.api.line.Dialogue.LineFrame;
import org.meterway.api.line.Dialogue.Send;
import org.meterway.api.line.Dialogue.Step;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.reading.Reading;

/** Dialogues with a meter in memory, byte by byte, with noise, losses and others on the line. */
class DlmsLineProtocolTest {
    private static final String ENERGY = "1-0:1.8.0";
    private final TestMeter meter = new TestMeter();
    private final Context context = new Context();
    private final List<byte[]> said = new ArrayList<>();

    private static final class Context implements DialogueContext {
        final Map<String, byte[]> keys = new HashMap<>();
        final Map<String, Long> counters = new HashMap<>();

        @Override
        public Optional<byte[]> key(String name) {
            return Optional.ofNullable(keys.get(name));
        }

        @Override
        public ZoneId timeZone() {
            return ZoneId.of("Europe/Vienna");
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-11-22T12:00:00Z");
        }

        @Override
        public long nextCounter(String name) {
            return counters.merge(name, 1L, Long::sum);
        }

        @Override
        public byte[] random(int length) {
            return new byte[length];
        }
    }

    DlmsLineProtocolTest() {
        meter.objects.put("3/1-0:1.8.0/2", "0600003289");
        meter.objects.put("3/1-0:1.8.0/3", "02020f01161e");
        meter.clientChallenge = new byte[16];
    }

    private static LineAddress address(String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return new LineAddress("l1", "dlms", "", map);
    }

    private void keys() {
        context.keys.put("encryption_key", TestMeter.KEY);
        context.keys.put("authentication_key", TestMeter.AUTHENTICATION);
    }

    private Step read(LineAddress address, String path) {
        return run(
                new DlmsLineProtocol().dialogue(Command.read("m1", path, Duration.ofSeconds(9)), address, context),
                answer -> answer);
    }

    /** Runs a dialogue to its end; what the meter says passes the line, which may change it. */
    private Step run(Dialogue dialogue, UnaryOperator<byte[]> line) {
        Step step = dialogue.start();
        for (int steps = 0; steps < 300; steps++) {
            if (step instanceof Done || step instanceof Failed) {
                return step;
            }
            Send send = assertInstanceOf(Send.class, step);
            said.add(send.bytes());
            byte[] answer = line.apply(meter.answer(send.bytes()));
            step = new Dialogue.Wait();
            for (int length = 1; length <= answer.length && step instanceof Dialogue.Wait; length++) {
                step = dialogue.received(Arrays.copyOf(answer, length));
            }
            if (step instanceof Dialogue.Wait) {
                step = dialogue.silence(answer);
            }
        }
        throw new AssertionError("no end in 300 steps");
    }

    private List<Reading> decode(Done done) throws Exception {
        List<Reading> readings = new ArrayList<>();
        for (LineFrame frame : done.frames()) {
            Decoding decoding = new Decoding().target(frame.target()).zone("Europe/Vienna");
            context.keys.forEach(
                    (name, key) -> decoding.key(name, java.util.HexFormat.of().formatHex(key)));
            Decoded decoded = decoding.decode(frame.bytes());
            readings.addAll(decoded.readings());
        }
        return readings;
    }

    private static List<String> texts(List<Reading> readings) {
        return readings.stream().map(Decoding::text).toList();
    }

    @Test
    void aRegisterIsReadWithItsScalerAndItsFrameIsDecodedAlone() throws Exception {
        Done done = assertInstanceOf(Done.class, read(address(), ENERGY));
        assertEquals(Map.of(ENERGY, new BigDecimal("129370")), done.answer().values());
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
        assertEquals(
                List.of("SNRM", "AARQ", "GET 3/1-0:1.8.0/3 in list", "GET 3/1-0:1.8.0/2 in list", "DISC"), meter.log);
    }

    @Test
    void withoutListsEachAttributeIsAskedForAlone() throws Exception {
        meter.listAllowed = false;
        Done done = assertInstanceOf(Done.class, read(address(), ENERGY));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
        assertTrue(meter.log.contains("GET 3/1-0:1.8.0/2"));
    }

    @Test
    void aMeterThatRefusesListsIsAskedOneByOne() throws Exception {
        meter.listWorks = false;
        Done done = assertInstanceOf(Done.class, read(address(), ENERGY));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
        assertEquals("3/1-0:1.8.0/3; 3/1-0:1.8.0/2", done.frames().get(0).target());
    }

    @Test
    void theWrapperCarriesTheSame() throws Exception {
        meter.wrapper = true;
        meter.server = new byte[] {1};
        meter.client = new byte[] {16};
        Done done = assertInstanceOf(Done.class, read(address("transport", "wrapper"), ENERGY));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
        assertTrue(meter.log.contains("RLRQ"));
    }

    @Test
    void thePasswordOpensALowSecurityAssociation() {
        meter.password = "12345678";
        context.keys.put("password", "12345678".getBytes(StandardCharsets.US_ASCII));
        assertTrue(assertInstanceOf(Done.class, read(address("authentication", "low"), ENERGY))
                .answer()
                .success());
    }

    @Test
    void aWrongPasswordIsSaidAndTheMeterIsLeftDisconnected() {
        meter.password = "12345678";
        context.keys.put("password", "87654321".getBytes(StandardCharsets.US_ASCII));
        Failed failed = assertInstanceOf(Failed.class, read(address("authentication", "low"), ENERGY));
        assertTrue(failed.reason().contains("authentication failure"), failed.reason());
        assertTrue(meter.log.contains("DISC"));
    }

    @Test
    void gmacAndCipheringReadTheRegisterAndTheFrameIsDecodedAlone() throws Exception {
        meter.gmac = true;
        meter.ciphered = true;
        keys();
        Done done = assertInstanceOf(Done.class, read(address("authentication", "gmac"), ENERGY));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
        assertTrue(done.frames().get(0).target().startsWith("title=4d4d4d0000bc614e; 3/1-0:1.8.0/3"));
        assertTrue(meter.log.contains("ACTION 15/0-0:40.0.0/1"));
    }

    @Test
    void aCounterOfOursIsNeverUsedTwice() {
        meter.gmac = true;
        meter.ciphered = true;
        keys();
        assertInstanceOf(Done.class, read(address("authentication", "gmac"), ENERGY));
        // The meter keeps the highest it saw and fails the test if the next dialogue falls behind it.
        assertInstanceOf(Done.class, read(address("authentication", "gmac"), ENERGY));
        assertEquals(1, context.counters.size());
    }

    @Test
    void aMeterThatDoesNotProveItsKeysIsNotBelieved() {
        meter.gmac = true;
        meter.ciphered = true;
        meter.liesAboutChallenge = true;
        keys();
        Failed failed = assertInstanceOf(Failed.class, read(address("authentication", "gmac"), ENERGY));
        assertTrue(failed.reason().contains("does not prove"), failed.reason());
    }

    @Test
    void aServerCounterThatDoesNotRiseIsRefused() {
        meter.ciphered = true;
        meter.replaysCounter = true;
        keys();
        Failed failed = assertInstanceOf(Failed.class, read(address("ciphering", "on"), ENERGY));
        assertTrue(failed.reason().contains("invocation counter"), failed.reason());
    }

    @Test
    void anAnswerInTheClearIsRefusedWhenCipheringWasAgreed() {
        keys();
        Failed failed = assertInstanceOf(Failed.class, read(address("ciphering", "on"), ENERGY));
        assertTrue(failed.reason().contains("ciphered association"), failed.reason());
    }

    private void profile() {
        meter.objects.put(
                "7/1-0:99.1.0/3",
                "0103"
                        + "0204 120008 09060000010000ff 0f02 120000"
                        + "0204 120001 09060000600a01ff 0f02 120000"
                        + "0204 120003 09060100010800ff 0f02 120000");
        meter.objects.put("7/1-0:99.1.0/4", "0600000384");
        meter.objects.put(
                "7/1-0:99.1.0/2@1",
                "0103"
                        + "0203 090c07ea0b16070a0000 00ffc400 1100 06000003e8"
                        + "0203 00 00 06000003f2"
                        + "0203 00 1180 00");
    }

    @Test
    void aProfileIsReadByRangeInBlocksAndSegments() throws Exception {
        profile();
        meter.blockSize = 20;
        meter.information = 24;
        Command command = new Command(
                "m1",
                Command.Operation.READ,
                List.of("1-0:99.1.0"),
                Map.of(),
                Map.of("from", "2026-11-22T09:00:00Z", "to", "2026-11-22T10:00:00Z"),
                "",
                Duration.ofSeconds(9));
        Done done = assertInstanceOf(
                Done.class, run(new DlmsLineProtocol().dialogue(command, address(), context), answer -> answer));
        assertTrue(done.answer().success(), done.answer().text());
        assertTrue(meter.log.contains("GET 7/1-0:99.1.0/2 by 1"));
        List<Reading> readings = decode(done);
        assertEquals(List.of("1-0:1.8.0 10000 Wh", "1-0:1.8.0 10100 Wh", "1-0:1.8.0 10100 Wh"), texts(readings));
        assertEquals(Instant.parse("2026-11-22T09:30:00Z"), readings.get(2).start());
        assertEquals(Duration.ofMinutes(15), readings.get(2).interval());
        assertEquals(
                List.of("measured", "power-fail"),
                org.meterway.api.reading.Quality.names(readings.get(2).quality()));
    }

    @Test
    void aMeterWithoutRangesIsReadByEntries() throws Exception {
        profile();
        meter.objects.put("7/1-0:99.1.0/2@2", meter.objects.remove("7/1-0:99.1.0/2@1"));
        meter.objects.put("7/1-0:99.1.0/7", "0600000003");
        Command command = new Command(
                "m1",
                Command.Operation.READ,
                List.of("1-0:99.1.0"),
                Map.of(),
                Map.of("from", "2026-11-22T09:00:00Z"),
                "",
                Duration.ofSeconds(9));
        Done done = assertInstanceOf(
                Done.class, run(new DlmsLineProtocol().dialogue(command, address(), context), answer -> answer));
        assertEquals(3, decode(done).size());
        assertTrue(meter.log.contains("GET 7/1-0:99.1.0/2 by 2"));
    }

    @Test
    void theClockIsSetToTheTimeWhenItIsSent() {
        Command command = new Command(
                "m1",
                Command.Operation.WRITE,
                List.of("0-0:1.0.0"),
                Map.of("0-0:1.0.0", Instant.parse("2026-11-22T12:00:00Z")),
                Map.of(),
                "",
                Duration.ofSeconds(9));
        Done done = assertInstanceOf(
                Done.class, run(new DlmsLineProtocol().dialogue(command, address(), context), answer -> answer));
        assertEquals("2.04", done.answer().code());
        String sent = java.util.HexFormat.of().formatHex(said.get(2));
        assertTrue(sent.contains("c101c100080000010000ff0200090c07ea0b16070d000000ffc400"), sent);
    }

    @Test
    void theDisconnectorIsOpenedAndClosed() {
        for (String argument : List.of("disconnect", "connect")) {
            Command command = new Command(
                    "m1",
                    Command.Operation.EXECUTE,
                    List.of("0-0:96.3.10"),
                    Map.of(),
                    Map.of(),
                    argument,
                    Duration.ofSeconds(9));
            run(new DlmsLineProtocol().dialogue(command, address(), context), answer -> answer);
        }
        assertTrue(meter.log.containsAll(List.of("ACTION 70/0-0:96.3.10/1", "ACTION 70/0-0:96.3.10/2")));
    }

    @Test
    void anObjectThatIsNotThereIsNotFound() {
        Done done = assertInstanceOf(Done.class, read(address(), "1-0:99.99.9"));
        assertFalse(done.answer().success());
        assertEquals("4.04", done.answer().code());
        assertTrue(done.frames().isEmpty());
    }

    @Test
    void noiseAndOtherMetersBeforeTheAnswerAreNotHeard() throws Exception {
        byte[] noise = Decoding.bytes("00ff7ea0077e55aa7ea01903");
        TestMeter other = new TestMeter();
        other.server = new byte[] {0x05};
        byte[] foreign = other.frame(0x73, false, new byte[0]);
        Dialogue dialogue =
                new DlmsLineProtocol().dialogue(Command.read("m1", ENERGY, Duration.ofSeconds(9)), address(), context);
        Done done = assertInstanceOf(Done.class, run(dialogue, answer -> Gcm.concat(noise, foreign, answer)));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
    }

    @Test
    void everySecondAnswerLostOrGarbledIsAskedForAgain() throws Exception {
        meter.information = 16;
        int[] turn = {0};
        Dialogue dialogue =
                new DlmsLineProtocol().dialogue(Command.read("m1", ENERGY, Duration.ofSeconds(9)), address(), context);
        Done done = assertInstanceOf(Done.class, run(dialogue, answer -> {
            turn[0]++;
            if (turn[0] % 4 == 1) {
                return new byte[0];
            }
            if (turn[0] % 4 == 3 && answer.length > 12) {
                answer[answer.length / 2] ^= 1;
            }
            return answer;
        }));
        assertEquals(List.of("1-0:1.8.0 129370 Wh"), texts(decode(done)));
    }

    @Test
    void aLongQuestionIsSentInSegments() {
        context.keys.put("password", new byte[120]);
        Done done = assertInstanceOf(Done.class, read(address("authentication", "low"), ENERGY));
        assertTrue(done.answer().success());
        assertTrue(meter.log.contains("RR"), meter.log.toString());
    }

    @Test
    void theProbeEndsWhenAnyMeterAnswers() {
        Done done =
                assertInstanceOf(Done.class, run(new DlmsLineProtocol().probe(address(), context), answer -> answer));
        assertTrue(done.answer().success());
        assertEquals(List.of("SNRM", "DISC"), meter.log);
    }

    @Test
    void modeESignsOnAtThreeHundredBaudAndChanges() {
        Dialogue dialogue = new DlmsLineProtocol().probe(address("modeE", "on"), context);
        Send request = assertInstanceOf(Send.class, dialogue.start());
        assertEquals("/?!\r\n", new String(request.bytes(), StandardCharsets.US_ASCII));
        assertEquals("300 7E1", request.before().orElseThrow().toString());
        Send acknowledge =
                assertInstanceOf(Send.class, dialogue.received("/ISk5\\2M550\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("\u0006252\r\n", new String(acknowledge.bytes(), StandardCharsets.US_ASCII));
        Send snrm = assertInstanceOf(Send.class, dialogue.silence(new byte[0]));
        assertEquals("9600 8N1", snrm.before().orElseThrow().toString());
        assertEquals(0x7e, snrm.bytes()[0]);
    }

    @Test
    void wrongOptionsAreSaidBeforeAnythingIsSent() {
        for (LineAddress wrong : List.of(
                address("transport", "smoke"),
                address("clientSap", "0"),
                address("authentication", "low"),
                address("authentication", "gmac"),
                address("addressLength", "3"))) {
            assertThrows(IllegalArgumentException.class, () -> read(wrong, ENERGY));
        }
        assertTrue(said.isEmpty());
    }
}
