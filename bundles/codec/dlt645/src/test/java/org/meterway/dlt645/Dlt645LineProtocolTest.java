// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Command.Operation;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.Dialogue.Done;
import org.meterway.api.line.Dialogue.Failed;
import org.meterway.api.line.Dialogue.Send;
import org.meterway.api.line.Dialogue.Step;
import org.meterway.api.line.Dialogue.Wait;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.LineAddress;

/** Dialogues with a small meter in memory, over a line with everything that lines have. */
class Dlt645LineProtocolTest {
    private static final Dlt645LineProtocol PROTOCOL = new Dlt645LineProtocol();
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private final List<String> questions = new ArrayList<>();
    private final Map<String, List<String>> answers = new HashMap<>();

    /** Password 020637 of level 02, as the vectors' relay commands have it. */
    private static final DialogueContext CONTEXT = new DialogueContext() {
        @Override
        public Optional<byte[]> key(String name) {
            return name.equals("password") ? Optional.of(Bench.bytes("020637")) : Optional.empty();
        }

        @Override
        public ZoneId timeZone() {
            return SHANGHAI;
        }

        @Override
        public Instant now() {
            return Bench.NOW;
        }

        @Override
        public long nextCounter(String name) {
            return 1;
        }

        @Override
        public byte[] random(int length) {
            return new byte[length];
        }
    };

    private static LineAddress address(String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return new LineAddress("line1", "dlt645", Bench.METER, map);
    }

    private static Command read(String... paths) {
        return paths.length == 1
                ? Command.read("m1", paths[0], Duration.ofSeconds(10))
                : new Command(
                        "m1", Operation.READ_COMPOSITE, List.of(paths), Map.of(), Map.of(), "", Duration.ofSeconds(10));
    }

    private static Command execute(String path, String argument) {
        return new Command(
                "m1", Operation.EXECUTE, List.of(path), Map.of(), Map.of(), argument, Duration.ofSeconds(10));
    }

    private static Command write(String path, Object value) {
        return new Command(
                "m1", Operation.WRITE, List.of(path), Map.of(path, value), Map.of(), "", Duration.ofSeconds(10));
    }

    /** To a question with this control code and these data the meter answers with these frames, one each time. */
    private void meter(int control, String plain, String... frames) {
        answers.put(Bench.frame(control, plain.replace(" ", "")), new ArrayList<>(List.of(frames)));
    }

    /** Carries a dialogue through; a question without an answer is met with silence, three times at most. */
    private Step run(Dialogue dialogue) {
        Step step = dialogue.start();
        int silences = 0;
        for (int i = 0; i < 50; i++) {
            if (!(step instanceof Send send)) {
                return step;
            }
            String sent = Bench.hex(send.bytes());
            assertTrue(sent.startsWith("FEFEFEFE68"), sent);
            String question = sent.substring(8);
            questions.add(question);
            List<String> left = answers.getOrDefault(question, List.of());
            String answer = !send.answered() || left.isEmpty() ? "" : left.remove(0);
            byte[] received = Bench.bytes(answer);
            step = received.length == 0 ? new Wait() : deliver(dialogue, received);
            if (step instanceof Wait) {
                if (++silences > 3) {
                    return new Failed("silence");
                }
                step = dialogue.silence(received);
            }
        }
        return new Failed("endless");
    }

    /** Byte by byte, as lines deliver. */
    private static Step deliver(Dialogue dialogue, byte[] received) {
        for (int length = 1; length < received.length; length++) {
            Step early = dialogue.received(java.util.Arrays.copyOf(received, length));
            if (!(early instanceof Wait)) {
                assertTrue(LinkFrame.find(java.util.Arrays.copyOf(received, length))
                                .size()
                        > 0);
                return early;
            }
        }
        return dialogue.received(received);
    }

    private static Done done(Step step) {
        return assertInstanceOf(Done.class, step, step.toString());
    }

    @Test
    void aQuantityIsReadByItsIdentifier() {
        meter(0x11, "00000100", Bench.answer("00010000", "56341200"));
        Done done = done(run(PROTOCOL.dialogue(read("1-0:1.8.0"), address(), CONTEXT)));
        assertEquals("2.05", done.answer().code());
        assertEquals(
                Map.of("1-0:1.8.0", new BigDecimal("1234560")), done.answer().values());
        assertArrayEquals(
                Bench.bytes(Bench.answer("00010000", "56341200")),
                done.frames().get(0).bytes());
        assertEquals("application/x.dlt645", done.frames().get(0).contentType());
    }

    @Test
    void everyReadableQuantityOfTheTablesFindsItsIdentifierAgain() {
        for (String[] pair : new String[][] {
            {"1-0:1.8.2", "00020100"}, {"1-0:2.8.0*3", "03000200"}, {"1-0:32.7.0", "00010102"},
            {"1-0:71.7.0", "00030202"}, {"1-0:61.7.0", "00030302"}, {"1-0:13.7.0", "00000602"},
            {"1-0:14.7.0", "02008002"}, {"1-0:15.8.0", "00000000"}, {"1-0:1.6.1", "00010101"},
            {"1-0:81.7.15", "00020702"}, {"1-0:52.7.5", "05020A02"}, {"DI:0201FF00", "00FF0102"}
        }) {
            questions.clear();
            run(PROTOCOL.dialogue(read(pair[0]), address(), CONTEXT));
            assertEquals(Bench.frame(0x11, pair[1]), questions.get(0), pair[0]);
        }
        run(PROTOCOL.dialogue(read("1-0:2.8.1"), address("edition", "1997"), CONTEXT));
        assertEquals(Bench.frame(0x01, "2190"), questions.get(questions.size() - 1));
    }

    @Test
    void noiseTornFramesAndOtherMetersDoNotDisturb() {
        String answer = Bench.answer("00010000", "56341200");
        String torn = answer.substring(0, 20);
        String wrong = answer.substring(0, answer.length() - 4) + "0016";
        String other = Bench.hex(LinkFrame.encode(Bench.bytes("000000000000"), 0x91, Bench.bytes("0000010001000000")));
        String otherItem = Bench.answer("02010100", "0022");
        String echo = Bench.frame(0x11, "00000100");
        meter(0x11, "00000100", "6800FF68" + torn, wrong, other + otherItem + echo + "FEFE68" + answer);
        Done done = done(run(PROTOCOL.dialogue(read("1-0:1.8.0"), address(), CONTEXT)));
        assertEquals(
                Map.of("1-0:1.8.0", new BigDecimal("1234560")), done.answer().values());
        assertEquals(3, questions.size());
    }

    @Test
    void silenceIsMetWithTheSameQuestion() {
        assertEquals(new Failed("silence"), run(PROTOCOL.dialogue(read("1-0:1.8.0"), address(), CONTEXT)));
        assertEquals(4, questions.size());
        assertEquals(1, questions.stream().distinct().count());
    }

    @Test
    void followUpFramesAreAskedForAndKeptTogether() {
        String first = Bench.frame(0xB1, "00FF0100 03000000 0100".replace(" ", ""));
        String second = Bench.frame(0xB2, "00FF0100 0000 02000000 05 01".replace(" ", ""));
        String third = Bench.frame(0x92, "00FF0100 000000 02".replace(" ", ""));
        meter(0x11, "00FF0100", first);
        // The answer to the second question gets lost once, and the old one comes again.
        meter(0x12, "00FF0100 01", second);
        meter(0x12, "00FF0100 02", second, third);
        Done done = done(run(PROTOCOL.dialogue(read("DI:0001FF00"), address(), CONTEXT)));
        assertEquals(
                "[1-0:1.8.0, 1-0:1.8.1, 1-0:1.8.2, 1-0:1.8.3]",
                done.answer().values().keySet().toString());
        assertEquals(first + second + third, Bench.hex(done.frames().get(0).bytes()));
        String old = Bench.frame(0xA1, "1F90 03000000 0100".replace(" ", ""));
        meter(0x01, "1F90", old);
        meter(0x02, "1F90", Bench.frame(0x82, "1F900000"));
        done = done(run(PROTOCOL.dialogue(read("DI:901F"), address("edition", "1997"), CONTEXT)));
        assertEquals("[1-0:1.8.0, 1-0:1.8.1]", done.answer().values().keySet().toString());
    }

    @Test
    void aRefusalIsAnAnswer() {
        meter(0x11, "00000100", Bench.frame(0xD1, "02"));
        Done done = done(run(PROTOCOL.dialogue(read("1-0:1.8.0"), address(), CONTEXT)));
        assertFalse(done.answer().success());
        assertEquals("4.04", done.answer().code());
        assertTrue(
                done.answer().text().contains("no requested data"),
                done.answer().text());
        meter(0x11, "00000100", Bench.frame(0xD1, "04"));
        assertEquals(
                "4.01",
                done(run(PROTOCOL.dialogue(read("1-0:1.8.0"), address(), CONTEXT)))
                        .answer()
                        .code());
    }

    @Test
    void severalQuantitiesAreReadOneAfterTheOther() {
        meter(0x11, "00000100", Bench.answer("00010000", "56341200"));
        meter(0x11, "00000200", Bench.frame(0xD1, "02"));
        meter(0x11, "00010102", Bench.answer("02010100", "0022"));
        Done done = done(run(PROTOCOL.dialogue(read("1-0:1.8.0", "1-0:2.8.0", "1-0:32.7.0"), address(), CONTEXT)));
        assertTrue(done.answer().success());
        assertEquals("[1-0:1.8.0, 1-0:32.7.0]", done.answer().values().keySet().toString());
        assertTrue(done.answer().text().startsWith("1-0:2.8.0: "), done.answer().text());
        assertEquals(2, done.frames().size());
    }

    @Test
    void aParameterIsReadAsText() {
        meter(0x11, "02040004", Bench.answer("04000402", "185560060000"));
        Done done = done(run(PROTOCOL.dialogue(read("DI:04000402"), address(), CONTEXT)));
        assertEquals(
                Map.of("DI:04000402", "meter number: 000006605518"),
                done.answer().values());
    }

    @Test
    void theClockIsReadAcrossMidnight() {
        meter(0x11, "01010004", Bench.answer("04000101", "05201126"), Bench.answer("04000101", "06211126"));
        meter(0x11, "02010004", Bench.answer("04000102", "595923"));
        Done done = done(run(PROTOCOL.dialogue(read("0-0:1.0.0"), address(), CONTEXT)));
        assertEquals(
                Map.of("0-0:1.0.0", Instant.parse("2026-11-20T15:59:59Z")),
                done.answer().values());
    }

    @Test
    void loadRecordsAreReadUntilTheEndOfTheRange() {
        String first = Dlt645AnswersTest.record("0008201126", "AA AA AA 01000000 00000000 00000000 00000000 AA AA AA")
                + Dlt645AnswersTest.record("0009201126", "AA AA AA 02000000 00000000 00000000 00000000 AA AA AA");
        String second = Dlt645AnswersTest.record("0010201126", "AA AA AA 03000000 00000000 00000000 00000000 AA AA AA");
        meter(0x11, "01000406 02 0008201126", Bench.answer("06040001", first));
        meter(0x11, "01000406 02 0109201126", Bench.answer("06040001", second));
        Command command = new Command(
                "m1",
                Operation.READ,
                List.of("1-0:1.8.0"),
                Map.of(),
                Map.of("from", "2026-11-20T00:00:00Z", "to", "2026-11-20T02:00:00Z"),
                "",
                Duration.ofMinutes(1));
        Done done = done(run(PROTOCOL.dialogue(command, address("records", "2"), CONTEXT)));
        assertEquals(2, done.frames().size());
        assertEquals("12 values", done.answer().text());
        assertEquals(2, questions.size());
        // The meter has no more than it has.
        answers.clear();
        meter(0x11, "01000406 02 0008201126", Bench.answer("06040001", first));
        meter(0x11, "01000406 02 0109201126", Bench.frame(0xD1, "02"));
        assertEquals(
                1,
                done(run(PROTOCOL.dialogue(command, address("records", "2"), CONTEXT)))
                        .frames()
                        .size());
    }

    @Test
    void theClockIsWrittenWithPasswordAndOperator() {
        meter(0x14, "01010004 02370602 04030201 05201126", Bench.frame(0x94, ""));
        meter(0x14, "02010004 02370602 04030201 451518", "", Bench.frame(0x94, ""));
        Step step = run(PROTOCOL.dialogue(
                write("0-0:1.0.0", Bench.NOW.plusSeconds(15)), address("operator", "01020304"), CONTEXT));
        assertEquals("2.04", done(step).answer().code());
        assertEquals(3, questions.size());
    }

    @Test
    void theClockIsBroadcastToAll() {
        Step step = run(PROTOCOL.dialogue(write("0-0:1.0.0", Bench.NOW), address("clock", "broadcast"), CONTEXT));
        assertTrue(done(step).answer().success());
        assertEquals(
                List.of(Bench.hex(LinkFrame.encode(Bench.bytes("999999999999"), 0x08, Bench.bytes("301518201126")))),
                questions);
    }

    @Test
    void theDisconnectorIsOrderedWithATimeUntilItIsValid() {
        meter(0x1C, "02370602 01000000 1A 00 302018201126", Bench.frame(0x9C, ""));
        Step step =
                run(PROTOCOL.dialogue(execute("0-0:96.3.10", "disconnect"), address("operator", "00000001"), CONTEXT));
        assertEquals("2.04", done(step).answer().code());
        meter(0x1C, "02370602 00000000 1B 00 302018201126", Bench.frame(0xDC, "04"));
        step = run(PROTOCOL.dialogue(execute("0-0:96.3.10", "connect"), address(), CONTEXT));
        assertEquals("4.01", done(step).answer().code());
        meter(0x1C, "02370602 00000000 1C 00 302518201126", Bench.frame(0x9C, ""));
        step = run(PROTOCOL.dialogue(
                execute("0-0:96.3.10", "connect"), address("connect", "direct", "validMinutes", "10"), CONTEXT));
        assertTrue(done(step).answer().success());
    }

    @Test
    void whatMustNotBeDoneTwiceIsNotRepeatedAfterSilence() {
        for (String[] order :
                new String[][] {{"0-0:96.3.10", "disconnect"}, {"0-0:96.130.0", ""}, {"0-0:10.0.1", ""}}) {
            questions.clear();
            Step step = run(PROTOCOL.dialogue(execute(order[0], order[1]), address(), CONTEXT));
            assertTrue(assertInstanceOf(Failed.class, step).reason().contains("not sent again"), step.toString());
            assertEquals(1, questions.size());
        }
        assertEquals(Bench.frame(0x19, "0237060200000000"), questions.get(0));
    }

    @Test
    void freezingIsConfirmedOrBroadcast() {
        meter(0x16, "99999999", Bench.frame(0x96, ""));
        assertTrue(done(run(PROTOCOL.dialogue(execute("0-0:96.130.0", ""), address(), CONTEXT)))
                .answer()
                .success());
        LineAddress all = new LineAddress("line1", "dlt645", "999999999999", Map.of());
        assertTrue(done(run(PROTOCOL.dialogue(execute("0-0:96.130.0", ""), all, CONTEXT)))
                .answer()
                .success());
    }

    @Test
    void aProbeFindsTheMeterAndItsAddress() {
        LineAddress any = new LineAddress("line1", "dlt645", "", Map.of());
        Dialogue dialogue = PROTOCOL.probe(any, CONTEXT);
        Send send = assertInstanceOf(Send.class, dialogue.start());
        assertEquals("FEFEFEFE68AAAAAAAAAAAA681300DF16", Bench.hex(send.bytes()));
        Done done = done(dialogue.received(Bench.bytes(Bench.frame(0x93, "129078563412"))));
        assertEquals(Map.of("address", Bench.METER), done.answer().values());
        meter(0x11, "00000100", Bench.frame(0xD1, "02"));
        assertTrue(done(run(PROTOCOL.probe(address(), CONTEXT))).answer().success());
        meter(0x01, "1090", Bench.answer("9010", "01000000"));
        assertTrue(done(run(PROTOCOL.probe(address("edition", "1997"), CONTEXT)))
                .answer()
                .success());
    }

    @Test
    void whatIsNotPossibleIsSaid() {
        LineAddress any = new LineAddress("line1", "dlt645", "AAAAAAAAAAAA", Map.of());
        DialogueContext keyless = new NoKey();
        assertRefused(() -> PROTOCOL.dialogue(read("1-0:99.99.9"), address(), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(read("DI:0001"), address(), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(execute("0-0:96.3.10", "disconnect"), any, CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(execute("0-0:96.3.10", "explode"), address(), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(execute("0-0:96.3.10", "disconnect"), address(), keyless));
        assertRefused(
                () -> PROTOCOL.dialogue(execute("0-0:96.3.10", "disconnect"), address("edition", "1997"), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(write("1-0:1.8.0", "5"), address(), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(read("1-0:1.8.0"), address("edition", "2099"), CONTEXT));
        assertRefused(() -> PROTOCOL.dialogue(read("1-0:1.8.0"), address("colour", "red"), CONTEXT));
        assertRefused(() -> PROTOCOL.probe(new LineAddress("line1", "dlt645", "12AA", Map.of()), CONTEXT));
        assertRefused(() -> PROTOCOL.probe(new LineAddress("line1", "dlt645", "1234567890123", Map.of()), CONTEXT));
    }

    private static void assertRefused(org.junit.jupiter.api.function.Executable executable) {
        String message =
                assertThrows(IllegalArgumentException.class, executable).getMessage();
        assertFalse(message.isBlank());
    }

    @Test
    void theStandardsSettingsComeFirst() {
        assertEquals("2400 8E1", PROTOCOL.settings().toString());
        assertEquals("1200 8E1", PROTOCOL.otherSettings().get(0).toString());
    }

    /** A meter without secrets. */
    private static final class NoKey implements DialogueContext {
        @Override
        public Optional<byte[]> key(String name) {
            return Optional.empty();
        }

        @Override
        public ZoneId timeZone() {
            return SHANGHAI;
        }

        @Override
        public Instant now() {
            return Bench.NOW;
        }

        @Override
        public long nextCounter(String name) {
            return 1;
        }

        @Override
        public byte[] random(int length) {
            return new byte[length];
        }
    }
}
