// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Answer;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;

class ExchangeTest {
    private static final LineSettings SETTINGS = LineSettings.of(9_600, 8, Parity.NONE, 1)
            .withTimeouts(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(500));
    private static final byte[] ANSWER = Plain.bytes("<7 a=1>");

    private final Traffic traffic = new Traffic();

    private Outcome run(VirtualLine line, Dialogue dialogue, boolean echo) throws IOException {
        return run(line, dialogue, echo, 10, 60);
    }

    private Outcome run(VirtualLine line, Dialogue dialogue, boolean echo, int budgetSeconds, int limitSeconds)
            throws IOException {
        long deadline = line.getAsLong() + TimeUnit.SECONDS.toNanos(limitSeconds);
        long budget = TimeUnit.SECONDS.toNanos(budgetSeconds);
        return new Exchange(line, line, SETTINGS, settings -> settings, echo, budget, deadline, traffic).run(dialogue);
    }

    private static Dialogue question() {
        return new Plain.Question("7", "a", true);
    }

    private static String frame(Outcome outcome) {
        Dialogue.Done done = assertInstanceOf(Outcome.Answered.class, outcome).done();
        return new String(done.frames().get(0).bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void anAnswerInPiecesIsPutTogether() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) ->
                on.later(30, Plain.bytes("<7 ")).later(120, Plain.bytes("a=")).later(200, Plain.bytes("1>")));
        assertEquals("<7 a=1>", frame(run(line, question(), false)));
        assertEquals(1, line.sent.size());
    }

    @Test
    void theLineIsLeftAloneForTheTurnaroundBeforeSending() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(10, ANSWER));
        run(line, question(), false);
        assertEquals(List.of("0 set 9600 8N1", "20 set 9600 8N1", "20 sent 5"), line.log);
    }

    @Test
    void aLateAnswerToAnEarlierQuestionIsDroppedBeforeAsking() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(10, ANSWER));
        line.later(0, Plain.bytes("<7 a=9>")).later(15, Plain.bytes("<7 a=8>"));
        assertEquals("<7 a=1>", frame(run(line, question(), false)));
        assertEquals("35 sent 5", line.log.get(line.log.size() - 1));
        assertEquals(14, traffic.discarded.sum());
    }

    @Test
    void somebodyWhoNeverStopsIsTalkedOver() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(50, ANSWER));
        for (int i = 0; i < 200; i++) {
            line.later(i * 5, (byte) 0x55);
        }
        assertEquals("<7 a=1>", frame(run(line, question(), false)));
        assertEquals(1, line.sent.size());
    }

    @Test
    void aFewBytesOfNoiseDoNotCutTheWaitForTheAnswerShort() throws IOException {
        VirtualLine line = new VirtualLine(
                (bytes, on) -> on.later(5, (byte) 0, (byte) 0xff).later(450, ANSWER));
        assertEquals("<7 a=1>", frame(run(line, question(), false)));
        assertEquals(1, line.sent.size());
    }

    @Test
    void ofAnAnswerThatStopsTheQuestionIsRepeatedAfterTheInterByteTimeout() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {
            if (on.sent.size() == 1) {
                on.later(30, Plain.bytes("<7 a=12345"));
            } else {
                on.later(30, ANSWER);
            }
        });
        assertEquals("<7 a=1>", frame(run(line, question(), false)));
        assertEquals(List.of("20 sent 5", "170 sent 5"), sendings(line));
    }

    private static List<String> sendings(VirtualLine line) {
        return line.log.stream().filter(entry -> entry.contains("sent")).toList();
    }

    @Test
    void aSilentMeterIsAskedAsOftenAsTheSettingsSayAndNoMore() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {});
        Outcome.Silent silent = assertInstanceOf(Outcome.Silent.class, run(line, question(), false));
        assertEquals("no answer to 3 questions", silent.reason());
        assertEquals(3, line.sent.size());
    }

    @Test
    void aMeterThatBabblesIsGivenUpWhenItsBudgetIsUsed() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {
            for (int i = 0; i < 60_000; i++) {
                on.later(i, (byte) 0x55);
            }
        });
        Outcome.Silent silent = assertInstanceOf(Outcome.Silent.class, run(line, question(), false, 2, 60));
        assertEquals("it used up its time", silent.reason());
        assertTrue(line.millis() <= 14_100, line.millis() + " ms");
    }

    @Test
    void aLongAnswerOfASlowMeterIsNotCutByTheBudget() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {
            byte[] answer = Plain.bytes("<7 a=" + "1".repeat(5_000) + ">");
            for (int i = 0; i < answer.length; i++) {
                on.later(50 + i * 10_000L / 9_600, answer[i]);
            }
        });
        assertEquals(5_006, frame(run(line, question(), false, 1, 60)).length());
    }

    @Test
    void progressRenewsTheBudgetButNotTheDeadline() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(400, (byte) 'x'));
        Dialogue endless = new Steps() {
            @Override
            public Step received(byte[] received) {
                return Send.of(new byte[] {'n'});
            }
        };
        assertEquals(
                "the time for it is over",
                assertInstanceOf(Outcome.Silent.class, run(line, endless, false, 1, 5))
                        .reason());
        assertTrue(line.sent.size() > 5);
    }

    @Test
    void ourOwnEchoIsNoAnswer() throws IOException {
        for (boolean expected : new boolean[] {true, false}) {
            VirtualLine line = new VirtualLine(
                    (bytes, on) -> on.later(1, bytes[0]).later(2, rest(bytes)).later(40, ANSWER));
            List<String> heard = new ArrayList<>();
            Dialogue dialogue = new Recorded(question(), heard);
            assertEquals("<7 a=1>", frame(run(line, dialogue, expected)));
            assertEquals(List.of("<7 a=1>"), heard);
        }
    }

    private static byte[] rest(byte[] bytes) {
        return java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
    }

    @Test
    void anEchoBehindNoiseIsFound() throws IOException {
        VirtualLine line = new VirtualLine(
                (bytes, on) -> on.later(1, (byte) 0).later(2, bytes).later(40, ANSWER));
        List<String> heard = new ArrayList<>();
        assertEquals("<7 a=1>", frame(run(line, new Recorded(question(), heard), true)));
        assertEquals(List.of("<7 a=1>"), heard);
    }

    @Test
    void anEchoThatIsNotWhatWasSentIsACollisionAndTheQuestionIsRepeated() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {
            if (on.sent.size() == 1) {
                on.later(1, Plain.bytes("?~~!x"));
            } else {
                on.later(1, bytes).later(40, ANSWER);
            }
        });
        assertEquals("<7 a=1>", frame(run(line, question(), true)));
        assertEquals(2, line.sent.size());
        assertEquals(1, traffic.collisions.sum());
    }

    @Test
    void theRateChangesBeforeSendingAndWithNothingToSendLosesNothing() throws IOException {
        LineSettings fast = SETTINGS.withBaud(19_200);
        Dialogue changing = new Steps() {
            @Override
            public Step start() {
                return new Send(new byte[] {1, 2}, Optional.of(SETTINGS.withBaud(300)), false);
            }

            @Override
            public Step silence(byte[] received) {
                return new Send(new byte[0], Optional.of(fast), true);
            }

            @Override
            public Step received(byte[] received) {
                return received.length < 2 ? new Wait() : new Failed("got " + received.length);
            }
        };
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(80, (byte) 3).later(100, (byte) 4));
        assertEquals(
                "got 2",
                assertInstanceOf(Outcome.Broken.class, run(line, changing, false))
                        .reason());
        // two characters of ten bits at 300 baud are on their way for 67 ms, and 20 ms of turnaround follow
        assertEquals(List.of("0 set 9600 8N1", "20 set 300 8N1", "20 sent 2", "106 set 19200 8N1"), line.log);
    }

    @Test
    void whatCameBeforeTheRateChangedIsHeardAfterIt() throws IOException {
        Dialogue changing = new Steps() {
            private boolean changed;

            @Override
            public Step start() {
                return new Send(new byte[] {1, 2}, Optional.empty(), false);
            }

            @Override
            public Step silence(byte[] received) {
                changed = true;
                return new Send(new byte[0], Optional.of(SETTINGS.withBaud(19_200)), true);
            }

            @Override
            public Step received(byte[] received) {
                return changed ? new Failed("got " + received.length) : new Wait();
            }
        };
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(1, (byte) 3, (byte) 4, (byte) 5));
        assertEquals(
                "got 3",
                assertInstanceOf(Outcome.Broken.class, run(line, changing, false))
                        .reason());
    }

    @Test
    void aDialogueThatOnlyEverListensOnEnds() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> on.later(1, (byte) 3));
        Dialogue listening = new Steps() {
            @Override
            public Step received(byte[] received) {
                return new Send(new byte[0], Optional.empty(), true);
            }
        };
        assertInstanceOf(Outcome.Silent.class, run(line, listening, false));
    }

    @Test
    void silenceMayEndADialogueAndAFailureOfAProtocolDoesNotEndTheLine() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {});
        Answer done = new Answer(true, "2.04", "", java.util.Map.of(), "");
        assertInstanceOf(
                Outcome.Answered.class,
                run(
                        line,
                        new Steps() {
                            @Override
                            public Step silence(byte[] received) {
                                return new Done(done, List.of());
                            }
                        },
                        false));
        assertInstanceOf(
                Outcome.Broken.class,
                run(
                        line,
                        new Steps() {
                            @Override
                            public Step silence(byte[] received) {
                                throw new IllegalStateException("on purpose");
                            }
                        },
                        false));
    }

    @Test
    void aPortThatVanishesEndsTheExchange() {
        VirtualLine line = new VirtualLine((bytes, on) -> on.vanish());
        assertThrows(IOException.class, () -> run(line, question(), false));
    }

    @Test
    void listeningWithoutAskingWaitsForTheAnswerTimeout() throws IOException {
        VirtualLine line = new VirtualLine((bytes, on) -> {});
        line.later(480, ANSWER);
        Dialogue listening = new Steps() {
            @Override
            public Step start() {
                return new Wait();
            }

            @Override
            public Step received(byte[] received) {
                return new Failed("heard");
            }
        };
        assertEquals(
                "heard",
                assertInstanceOf(Outcome.Broken.class, run(line, listening, false))
                        .reason());
    }

    /** A dialogue of which a test says only what matters. */
    private abstract static class Steps implements Dialogue {
        @Override
        public Step start() {
            return Send.of(new byte[] {'q'});
        }

        @Override
        public Step received(byte[] received) {
            return new Wait();
        }

        @Override
        public Step silence(byte[] received) {
            return new Failed("silence");
        }
    }

    /** Notes what a dialogue was told. */
    private record Recorded(Dialogue inner, List<String> heard) implements Dialogue {
        @Override
        public Step start() {
            return inner.start();
        }

        @Override
        public Step received(byte[] received) {
            heard.add(new String(received, StandardCharsets.ISO_8859_1));
            return inner.received(received);
        }

        @Override
        public Step silence(byte[] received) {
            return inner.silence(received);
        }
    }
}
