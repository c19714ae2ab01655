// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.channel.Command;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.LineAddress;

/** Dialogues with meters in memory. */
class MbusLineProtocolTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final HexFormat HEX = HexFormat.of();
    private static final String FIRST = Decoding.records("07", "04 13 01000000 1f");
    private static final String SECOND = Decoding.records("07", "44 13 02000000 04 6d 3b 17 f1 15");

    private final MbusLineProtocol protocol = new MbusLineProtocol();
    private ZoneId zone = ZoneId.of("Europe/Berlin");

    /** A meter of EN 13757: acknowledges, can be selected, sends its telegrams by the frame count bit. */
    private static class Meter {
        final List<String> received = new ArrayList<>();
        final List<String> telegrams;
        boolean selected;
        boolean acknowledgesReset = true;
        int next = -1;
        int lastControl = -1;
        int lost;

        Meter(String... telegrams) {
            this.telegrams = List.of(telegrams);
        }

        byte[] answer(byte[] question) {
            String hex = HEX.formatHex(question);
            received.add(hex);
            if (question[0] == 0x68 && question[6] == 0x52) {
                selected = hex.matches("680b0b6853fd52(78|ff)563412.*");
                return selected ? new byte[] {(byte) 0xe5} : new byte[0];
            }
            int address = question[question[0] == 0x10 ? 2 : 5] & 0xff;
            if (address != 1 && address != 254 && !(address == 253 && selected)) {
                return new byte[0];
            }
            int control = question[question[0] == 0x10 ? 1 : 4] & 0xff;
            if (control == 0x40) {
                selected &= address != 253;
                lastControl = -1;
                next = -1;
                return acknowledgesReset && address != 253 ? new byte[] {(byte) 0xe5} : new byte[0];
            }
            if (question[0] == 0x68) {
                return new byte[] {(byte) 0xe5};
            }
            if (control != lastControl) {
                next = Math.min(next + 1, telegrams.size() - 1);
            }
            lastControl = control;
            if (lost > 0) {
                lost--;
                return new byte[0];
            }
            return next < 0 ? new byte[] {(byte) 0xe5} : HEX.parseHex(telegrams.get(next));
        }
    }

    private DialogueContext context() {
        return new DialogueContext() {
            @Override
            public Optional<byte[]> key(String name) {
                return Optional.empty();
            }

            @Override
            public ZoneId timeZone() {
                return zone;
            }

            @Override
            public Instant now() {
                return Decoding.RECEIVED;
            }

            @Override
            public long nextCounter(String name) {
                throw new AssertionError("M-Bus counts nothing");
            }

            @Override
            public byte[] random(int length) {
                throw new AssertionError("M-Bus needs no challenge");
            }
        };
    }

    private static LineAddress at(String address) {
        return new LineAddress("line", "mbus", address, Map.of());
    }

    private Dialogue read(String address, String... paths) {
        Command command = paths.length == 1
                ? Command.read("m1", paths[0], TIMEOUT)
                : new Command("m1", Command.Operation.READ_COMPOSITE, List.of(paths), Map.of(), Map.of(), "", TIMEOUT);
        return protocol.dialogue(command, at(address), context());
    }

    /** Runs a dialogue to its end; each answer comes byte by byte behind some noise. */
    private static Dialogue.Step run(Dialogue dialogue, Meter meter, String noise) {
        Dialogue.Step step = dialogue.start();
        for (int round = 0; round < 200; round++) {
            if (!(step instanceof Dialogue.Send send)) {
                assertFalse(step instanceof Dialogue.Wait, "waits at the end");
                return step;
            }
            byte[] answer = meter.answer(send.bytes());
            byte[] all = HEX.parseHex(noise + HEX.formatHex(answer));
            step = new Dialogue.Wait();
            if (answer.length > 0 && send.answered()) {
                for (int length = 1; length <= all.length && step instanceof Dialogue.Wait; length++) {
                    step = dialogue.received(Arrays.copyOf(all, length));
                }
            }
            if (step instanceof Dialogue.Wait) {
                step = dialogue.silence(all);
            }
        }
        return step;
    }

    private static Dialogue.Done done(Dialogue dialogue, Meter meter) {
        return assertInstanceOf(Dialogue.Done.class, run(dialogue, meter, ""));
    }

    @Test
    void allTelegramsAreReadWithAlternatingFrameCountBit() {
        Meter meter = new Meter(FIRST, SECOND);
        Dialogue.Done done = done(read("1", "8-0:1.0.0", "8-0:1.0.0*1"), meter);
        assertEquals(List.of("1040014116", "107b017c16", "105b015c16"), meter.received);
        assertEquals("2.05", done.answer().code());
        assertEquals(
                Map.of("8-0:1.0.0", new BigDecimal("0.001"), "8-0:1.0.0*1", new BigDecimal("0.002")),
                done.answer().values());
        assertEquals(1, done.frames().size());
        assertEquals(ContentTypes.MBUS, done.frames().get(0).contentType());
        assertEquals(FIRST + SECOND, HEX.formatHex(done.frames().get(0).bytes()));
    }

    @Test
    void aLostAnswerIsAskedForAgainWithTheSameFrameCountBit() {
        Meter meter = new Meter(FIRST, SECOND);
        meter.lost = 2;
        Dialogue.Done done = done(read("1", "*"), meter);
        assertEquals(List.of("1040014116", "107b017c16", "107b017c16", "107b017c16", "105b015c16"), meter.received);
        assertEquals(FIRST + SECOND, HEX.formatHex(done.frames().get(0).bytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345678", "ffffffff", "12345678b4050107", "1234567ff0ffffff", "123456FF"})
    void aMeterIsSelectedByItsSecondaryAddress(String address) {
        Meter meter = new Meter(SECOND);
        Dialogue.Step step = run(read(address, "0-0:1.0.0"), meter, "");
        if (meter.selected) {
            Dialogue.Done done = assertInstanceOf(Dialogue.Done.class, step);
            assertEquals(
                    Map.of("0-0:1.0.0", Instant.parse("2015-05-17T22:59:00Z")),
                    done.answer().values());
            assertEquals("1040fd3d16", meter.received.get(0));
            assertEquals("107bfd7816", meter.received.get(2));
        }
        String selection = meter.received.get(1);
        assertEquals(34, selection.length());
        assertTrue(selection.startsWith("680b0b6853fd52"), selection);
    }

    @Test
    void wildcardsAreSentAsTheyAre() {
        byte[] selection = MeterAddress.of("1234F67F2C2D01FF").selection().orElseThrow();
        assertArrayEquals(HEX.parseHex("7ff634122c2d01ff"), selection);
    }

    @Test
    void aMeterThatDoesNotAcknowledgeTheResetIsStillRead() {
        Meter meter = new Meter(SECOND);
        meter.acknowledgesReset = false;
        assertEquals("2.05", done(read("254", "*"), meter).answer().code());
    }

    @Test
    void noiseAndFramesOfOthersArePassedOver() {
        String other = Decoding.records("07", "04 13 05000000").replaceFirst("6808..", "680802");
        byte[] bytes = HEX.parseHex(other);
        bytes[bytes.length - 2] = (byte) Telegrams.checksum(bytes, 4, bytes.length - 2);
        Dialogue dialogue = read("1", "8-0:1.0.0*1");
        Dialogue.Step step = run(dialogue, new Meter(SECOND), "0068ff" + HEX.formatHex(bytes) + "681414");
        assertEquals(
                Map.of("8-0:1.0.0*1", new BigDecimal("0.002")),
                assertInstanceOf(Dialogue.Done.class, step).answer().values());
    }

    @Test
    void aCorruptedAnswerIsAskedForAgain() {
        Dialogue dialogue = read("1", "*");
        dialogue.start();
        dialogue.received(new byte[] {(byte) 0xe5});
        byte[] corrupted = HEX.parseHex(SECOND);
        corrupted[20] ^= 4;
        assertInstanceOf(Dialogue.Wait.class, dialogue.received(corrupted));
        Dialogue.Send again = assertInstanceOf(Dialogue.Send.class, dialogue.silence(corrupted));
        assertEquals("107b017c16", HEX.formatHex(again.bytes()));
        assertInstanceOf(Dialogue.Done.class, dialogue.received(HEX.parseHex(SECOND)));
    }

    @Test
    void aMeterThatRepeatsItsTelegramForEverIsReadOnce() {
        Meter meter = new Meter(FIRST);
        Dialogue.Done done = done(read("1", "*"), meter);
        assertEquals(FIRST, HEX.formatHex(done.frames().get(0).bytes()));
    }

    @Test
    void whatTheMeterDoesNotSendIsNotFoundButItsFramesAreKept() {
        Dialogue.Done done = done(read("1", "6-0:1.0.0"), new Meter(SECOND));
        assertEquals("4.04", done.answer().code());
        assertTrue(done.answer().text().contains("6-0:1.0.0"));
        assertEquals(1, done.frames().size());
    }

    @Test
    void aMeterWithoutDataHasNone() {
        assertEquals("4.04", done(read("1", "*"), new Meter()).answer().code());
    }

    @Test
    void anAnswerThatCannotBeDecodedIsKept() {
        Dialogue.Done done = done(read("1", "*"), new Meter(Decoding.frame("70 04")));
        assertEquals("5.00", done.answer().code());
        assertTrue(done.answer().text().contains("Premature end of record"));
        assertEquals(1, done.frames().size());
    }

    @Test
    void theClockIsSetInTheMetersZone() {
        Command command = new Command(
                "m1",
                Command.Operation.WRITE,
                List.of("0-0:1.0.0"),
                Map.of("0-0:1.0.0", Instant.parse("2026-07-01T10:15:00Z")),
                Map.of(),
                "",
                TIMEOUT);
        Meter meter = new Meter();
        Dialogue.Done done = done(protocol.dialogue(command, at("1"), context()), meter);
        assertEquals("2.04", done.answer().code());
        String sent = meter.received.get(1);
        assertTrue(sent.startsWith("6809096873" + "0151" + "046d"), sent);
        MeterTime time = MeterTime.read(HEX.parseHex(sent.substring(18, 26)), 0, 4);
        assertEquals("2026-07-01T12:15:00 summer time", time.text());
        assertEquals(Instant.parse("2026-07-01T10:15:00Z"), time.instant(zone));
    }

    @Test
    void aProbeIsAnsweredByAnyMeter() {
        Meter meter = new Meter(SECOND);
        assertEquals(
                "2.05", done(protocol.probe(at(""), context()), meter).answer().code());
        assertEquals(List.of("1040fe3e16"), meter.received);
        meter.acknowledgesReset = false;
        assertEquals(
                "2.05", done(protocol.probe(at("1"), context()), meter).answer().code());
        assertEquals(
                "2.05",
                done(protocol.probe(at("12345678"), context()), meter).answer().code());
    }

    @Test
    void silenceIsNeverTheEnd() {
        Dialogue dialogue = read("1", "*");
        dialogue.start();
        for (int i = 0; i < 5; i++) {
            assertInstanceOf(Dialogue.Send.class, dialogue.silence(new byte[0]));
        }
    }

    @Test
    void whatMbusCannotDoIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> read("251", "*"));
        assertThrows(IllegalArgumentException.class, () -> read("meter", "*"));
        assertThrows(IllegalArgumentException.class, () -> read("1", "/3/0/0"));
        Command profile = new Command(
                "m1",
                Command.Operation.READ,
                List.of("8-0:1.0.0"),
                Map.of(),
                Map.of("from", "2026-01-01T00:00:00Z"),
                "",
                TIMEOUT);
        assertThrows(IllegalArgumentException.class, () -> protocol.dialogue(profile, at("1"), context()));
        Command execute = new Command(
                "m1", Command.Operation.EXECUTE, List.of("0-0:96.3.10"), Map.of(), Map.of(), "connect", TIMEOUT);
        assertThrows(IllegalArgumentException.class, () -> protocol.dialogue(execute, at("1"), context()));
    }

    @Test
    void theUsualSettingsAreTheStandards() {
        assertEquals("2400 8E1", protocol.settings().toString());
        assertEquals("300 8E1", protocol.otherSettings().get(0).toString());
        assertEquals("mbus", protocol.name());
    }
}
