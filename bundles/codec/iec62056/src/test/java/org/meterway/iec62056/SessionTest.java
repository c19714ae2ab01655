// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Command;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.line.LineSettings;
import org.meterway.api.meter.LineAddress;

/** Dialogues against a meter in memory, over a line that loses, adds and changes bytes. */
class SessionTest {
    private static final String DATA = "F.F(00)\r\n0.0.0(12345678)\r\n1.8.0(0001234.567*kWh)\r\n!\r\n";
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Iec62056LineProtocol PROTOCOL = new Iec62056LineProtocol();

    private final DialogueContext context = new DialogueContext() {
        @Override
        public Optional<byte[]> key(String name) {
            return name.equals("password") ? Optional.ofNullable(password).map(Wire::ascii) : Optional.empty();
        }

        @Override
        public ZoneId timeZone() {
            return Decoding.AMSTERDAM;
        }

        @Override
        public Instant now() {
            return NOW;
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

    private String password = "00000000";

    /** A meter of mode A, B or C that hears only at its own rate. */
    private static final class Meter {
        final String address;
        final String identification;
        String data = DATA;
        String password = "00000000";
        int rate = 300;
        boolean programming;
        boolean admitted;
        int damage;
        int deaf;
        final List<String> heard = new ArrayList<>();

        Meter(String address, String identification) {
            this.address = address;
            this.identification = identification;
        }

        /** What it answers; empty for nothing. */
        byte[] hears(byte[] bytes, int at) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            heard.add(at + " " + text);
            if (deaf > 0) {
                deaf--;
                return new byte[0];
            }
            if (text.startsWith("/?")) {
                if (at != 300) {
                    return new byte[0];
                }
                rate = 300;
                programming = false;
                String asked = text.substring(2, text.indexOf('!'));
                char z = identification.charAt(4);
                int own = Rates.baud(z);
                if (!asked.isEmpty() && !asked.equals(address)) {
                    return new byte[0];
                }
                if (z < '0' || z > '9') {
                    rate = own == 0 ? 300 : own;
                    return Wire.concat(Wire.ascii(identification + "\r\n"), damaged(Wire.ascii(Decoding.block(data))));
                }
                return Wire.ascii(identification + "\r\n");
            }
            if (at != rate) {
                return new byte[0];
            }
            if (text.startsWith("\u0006") && text.length() == 6) {
                rate = Rates.baud(text.charAt(2));
                programming = text.charAt(3) == '1';
                return programming ? Wire.command("P0", Wire.ascii("()")) : damaged(Wire.ascii(Decoding.block(data)));
            }
            if (text.equals("\u0015")) {
                return Wire.ascii(Decoding.block(data));
            }
            return programming ? commanded(text) : new byte[0];
        }

        private byte[] commanded(String text) {
            String command = text.substring(1, 3);
            String operand = text.length() > 6 ? text.substring(4, text.length() - 2) : "";
            if (command.equals("P1")) {
                admitted = operand.equals("(" + password + ")");
                return admitted ? new byte[] {Text.ACK} : Wire.ascii(Decoding.block("(ER20)"));
            }
            if (command.equals("B0")) {
                rate = 300;
                return new byte[0];
            }
            if (!admitted) {
                return new byte[] {Text.NAK};
            }
            if (command.charAt(0) == 'W') {
                return new byte[] {Text.ACK};
            }
            if (operand.startsWith("P.01(")) {
                return damaged(
                        Wire.ascii(Decoding.block("P.01(0261120000000)(00)(60)(1)(1.8.0)(kWh)\r\n(1)\r\n(2)\r\n")));
            }
            return switch (operand) {
                case "1.8.0()" -> damaged(Wire.ascii(Decoding.block("1.8.0(0001234.567*kWh)")));
                case "2.8.0()" -> Wire.ascii(Decoding.block("(0000000.001*kWh)"));
                case "C.1.0()" -> Wire.ascii(Decoding.block("C.1.0(ABC42)"));
                default -> Wire.ascii(Decoding.block("(ER07)"));
            };
        }

        private byte[] damaged(byte[] answer) {
            if (damage > 0) {
                damage--;
                answer[answer.length / 2] ^= 4;
            }
            return answer;
        }
    }

    /** What came of a dialogue. */
    private record Outcome(Dialogue.Step step, List<Integer> rates) {
        Dialogue.Done done() {
            return assertInstanceOf(Dialogue.Done.class, step, step.toString());
        }
    }

    /** Runs a dialogue as a line does; answers come in pieces. */
    private static Outcome run(Dialogue dialogue, Meter meter, int piece) {
        int rate = 300;
        List<Integer> rates = new ArrayList<>();
        byte[] received = new byte[0];
        byte[] coming = new byte[0];
        int cameAt = rate;
        int silences = 0;
        Dialogue.Step step = dialogue.start();
        for (int turn = 0; turn < 10_000; turn++) {
            if (step instanceof Dialogue.Done || step instanceof Dialogue.Failed) {
                return new Outcome(step, rates);
            }
            boolean silence = false;
            if (step instanceof Dialogue.Send send) {
                rate = send.before().map(LineSettings::baud).orElse(rate);
                rates.add(rate);
                if (send.bytes().length > 0) {
                    received = new byte[0];
                    coming = meter.hears(send.bytes(), rate);
                    cameAt = meter.rate;
                }
                if (!send.answered()) {
                    step = dialogue.silence(received);
                    continue;
                }
            }
            if (coming.length > 0) {
                int length = Math.min(piece, coming.length);
                byte[] part = java.util.Arrays.copyOf(coming, length);
                coming = java.util.Arrays.copyOfRange(coming, length, coming.length);
                boolean identification = received.length < 20 && part[0] == '/';
                if (!identification && cameAt != rate) {
                    java.util.Arrays.fill(part, (byte) 0x7f); // another rate is noise
                }
                received = Wire.concat(received, part);
                step = dialogue.received(received);
            } else {
                silence = true;
                step = dialogue.silence(received);
            }
            if (silence && ++silences > 3 && !(step instanceof Dialogue.Done)) {
                return new Outcome(new Dialogue.Failed("silent"), rates);
            }
        }
        throw new AssertionError("the dialogue does not end");
    }

    private static LineAddress address(String address, String... options) {
        Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return new LineAddress("test", "iec62056", address, all);
    }

    private Dialogue read(String path, LineAddress address) {
        return PROTOCOL.dialogue(Command.read("m1", path, Duration.ofSeconds(10)), address, context);
    }

    private static Meter meter() {
        return new Meter("12345678", "/ABC5\\2TYPE-7");
    }

    @Test
    void modeCIsAcknowledgedAndReadAtTheNewRate() {
        for (int piece : new int[] {1, 7, 4096}) {
            Meter meter = meter();
            Outcome outcome = run(read("1-0:1.8.0", address("12345678")), meter, piece);
            assertEquals(
                    Map.of("1-0:1.8.0", new BigDecimal("1234567")),
                    outcome.done().answer().values());
            assertEquals("2.05", outcome.done().answer().code());
            assertEquals(List.of("300 /?12345678!\r\n", "300 \u0006050\r\n"), meter.heard);
            assertTrue(outcome.rates().contains(9600), outcome.rates().toString());
            assertEquals(
                    "/ABC5\\2TYPE-7\r\n" + Decoding.block(DATA),
                    new String(outcome.done().frames().get(0).bytes(), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void modesAAndBSendTheirReadoutByThemselves() {
        Outcome a = run(read("1-0:1.8.0", address("")), new Meter("1", "/ABC TYPE"), 5);
        assertEquals(1, a.done().frames().size());
        assertEquals(List.of(300), a.rates().stream().distinct().toList());
        Meter b = new Meter("1", "/ABCCTYPE");
        Outcome outcome = run(read("1-0:1.8.0", address("")), b, 14);
        assertEquals(new BigDecimal("1234567"), outcome.done().answer().values().get("1-0:1.8.0"));
        assertEquals(List.of(300, 2400), outcome.rates().stream().distinct().toList());
        assertEquals(1, b.heard.size());
    }

    @Test
    void aDamagedReadoutIsAskedForAgain() {
        Meter meter = meter();
        meter.damage = 1;
        Outcome outcome = run(read("1-0:1.8.0", address("")), meter, 16);
        assertEquals(new BigDecimal("1234567"), outcome.done().answer().values().get("1-0:1.8.0"));
        assertEquals("9600 \u0015", meter.heard.get(2));
    }

    @Test
    void aMeterThatMissedTheSignOnIsWokenAgain() {
        Meter meter = meter();
        meter.deaf = 1;
        assertEquals(
                "2.05",
                run(read("1-0:1.8.0", address("")), meter, 16).done().answer().code());
        Meter later = meter();
        Dialogue dialogue = read("1-0:1.8.0", address(""));
        Outcome outcome = run(
                new Dialogue() {
                    @Override
                    public Step start() {
                        return dialogue.start();
                    }

                    @Override
                    public Step received(byte[] received) {
                        later.deaf = later.heard.size() == 1 ? 1 : later.deaf; // misses the acknowledgement
                        return dialogue.received(received);
                    }

                    @Override
                    public Step silence(byte[] received) {
                        return dialogue.silence(received);
                    }
                },
                later,
                64);
        assertEquals("2.05", outcome.done().answer().code());
        assertEquals(4, later.heard.size());
    }

    @Test
    void silenceAndNoiseAreNoAnswer() {
        Outcome silent = run(read("1-0:1.8.0", address("99")), meter(), 16);
        assertEquals(new Dialogue.Failed("silent"), silent.step());
        Dialogue dialogue = read("1-0:1.8.0", address(""));
        dialogue.start();
        assertInstanceOf(Dialogue.Wait.class, dialogue.received(Wire.ascii("\u007f\u0000/AB\r\n/?!\r\n")));
        assertInstanceOf(Dialogue.Send.class, dialogue.received(Wire.ascii("\u007f/A/ABC5TYPE\r\n")));
    }

    @Test
    void theReadoutOfAnotherMeterIsNotTaken() {
        Meter other = meter();
        other.data = DATA.replace("12345678", "87654321");
        assertInstanceOf(
                Dialogue.Failed.class,
                run(read("1-0:1.8.0", address("12345678")), other, 64).step());
        assertEquals(
                1,
                run(read("1-0:1.8.0", address("12345678", "identity", "ignore")), other, 64)
                        .done()
                        .frames()
                        .size());
    }

    @Test
    void whatTheReadoutDoesNotHaveIsNotFoundAndTheReadoutIsKept() {
        Dialogue.Done done = run(read("1-0:5.8.0", address("")), meter(), 64).done();
        assertEquals("4.04", done.answer().code());
        assertEquals("the readout has no 1-0:5.8.0", done.answer().text());
        assertEquals(1, done.frames().size());
        assertEquals(
                Map.of("F.F", "00"),
                run(read("F.F", address("")), meter(), 64).done().answer().values());
    }

    @Test
    void registersAreReadOneByOneInProgrammingMode() {
        Meter meter = meter();
        meter.damage = 1;
        Command command = new Command(
                "m1",
                Command.Operation.READ_COMPOSITE,
                List.of("1-0:1.8.0", "1-0:2.8.0", "C.1.0", "1-0:9.9.9"),
                Map.of(),
                Map.of(),
                "",
                Duration.ofSeconds(10));
        meter.data = "1.8.0(0001234.567*kWh)";
        Dialogue.Done done = run(PROTOCOL.dialogue(command, address("12345678", "read", "R5"), context), meter, 9)
                .done();
        assertEquals(
                Map.of("1-0:1.8.0", new BigDecimal("1234567"), "1-0:2.8.0", BigDecimal.ONE, "C.1.0", "ABC42"),
                done.answer().values());
        assertEquals("1-0:9.9.9: ER07", done.answer().text());
        assertEquals(3, done.frames().size());
        assertEquals("1-0:2.8.0", done.frames().get(1).target());
        assertEquals("9600 \u0001B0\u0003q", meter.heard.get(meter.heard.size() - 1));
        assertTrue(meter.heard.get(2).startsWith("9600 \u0001P1\u0002(00000000)\u0003"));
        assertTrue(meter.heard.get(3).startsWith("9600 \u0001R5\u00021.8.0()\u0003"));
    }

    @Test
    void aLoadProfileIsAskedForInTheMetersTime() {
        Meter meter = meter();
        Command command = new Command(
                "m1",
                Command.Operation.READ,
                List.of("1-0:99.1.0"),
                Map.of(),
                Map.of("from", "2026-08-20T00:00:00Z", "to", "2026-11-20T00:00:00Z"),
                "",
                Duration.ofSeconds(10));
        Dialogue.Done done =
                run(PROTOCOL.dialogue(command, address(""), context), meter, 64).done();
        assertEquals("2.05", done.answer().code());
        assertTrue(meter.heard.get(3).contains("R5\u0002P.01(12608200200;02611200100)\u0003"), meter.heard.get(3));
        assertEquals("1-0:99.1.0", done.frames().get(0).target());
    }

    @Test
    void theClockIsWrittenAsDateAndTime() {
        Meter meter = meter();
        Command command = new Command(
                "m1",
                Command.Operation.WRITE,
                List.of("0-0:1.0.0"),
                Map.of("0-0:1.0.0", NOW),
                Map.of(),
                "",
                Duration.ofSeconds(10));
        Dialogue.Done done =
                run(PROTOCOL.dialogue(command, address(""), context), meter, 64).done();
        assertEquals("2.04", done.answer().code());
        assertTrue(meter.heard.get(3).contains("W1\u00020.9.2(261120)\u0003"));
        assertTrue(meter.heard.get(4).contains("W1\u00020.9.1(130000)\u0003"));
    }

    @Test
    void aWrongPasswordIsSaid() {
        password = "11111111";
        Meter meter = meter();
        Dialogue.Done done =
                run(read("1-0:1.8.0", address("", "read", "R5")), meter, 64).done();
        assertFalse(done.answer().success());
        assertEquals("4.01", done.answer().code());
        assertEquals("9600 \u0001B0\u0003q", meter.heard.get(meter.heard.size() - 1));
    }

    @Test
    void aProbeIsTheIdentificationAndModeEIsAnnounced() {
        Dialogue.Done probe =
                run(PROTOCOL.probe(address(""), context), meter(), 3).done();
        assertEquals(
                Map.of("manufacturer", "ABC", "identification", "TYPE-7"),
                probe.answer().values());
        Meter meter = meter();
        assertEquals(
                "2.04",
                run(read("1-0:1.8.0", address("", "mode", "hdlc")), meter, 64)
                        .done()
                        .answer()
                        .code());
        assertEquals("300 \u0006252\r\n", meter.heard.get(1));
        assertEquals(
                "4.05",
                run(read("1-0:1.8.0", address("", "mode", "hdlc")), new Meter("", "/ABC5TYPE"), 64)
                        .done()
                        .answer()
                        .code());
    }

    @Test
    void aPushIsTakenWhenItIsWhole() {
        Dialogue push = read("1-0:1.8.1", address("", "mode", "push"));
        assertInstanceOf(Dialogue.Wait.class, push.start());
        byte[] damaged = Wire.ascii(Decoding.p1("1-0:1.8.1(1*kWh)\n").replace("(1", "(2"));
        byte[] good = Wire.ascii(Decoding.p1("1-0:1.8.1(3*kWh)\n"));
        byte[] stream = Wire.concat(Wire.concat(Wire.ascii("8.1(1*kWh)\r\n!0000\r\n"), damaged), good);
        for (int length = 1; length < stream.length; length++) {
            assertInstanceOf(Dialogue.Wait.class, push.received(java.util.Arrays.copyOf(stream, length)));
        }
        Dialogue.Done done = assertInstanceOf(Dialogue.Done.class, push.received(stream));
        assertEquals(Map.of("1-0:1.8.1", new BigDecimal("3000")), done.answer().values());
    }

    @Test
    void aWrongAddressOptionOrCommandIsSaidAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> read("1-0:1.8.0", address("12!34")));
        assertThrows(IllegalArgumentException.class, () -> read("1-0:1.8.0", address("", "speed", "9600")));
        assertThrows(IllegalArgumentException.class, () -> read("1-0:1.8.0", address("", "read", "R9")));
        assertThrows(IllegalArgumentException.class, () -> read("1-0:1.8.0(x)", address("")));
        Command write = new Command(
                "m1",
                Command.Operation.WRITE,
                List.of("C.003"),
                Map.of("C.003", "1)\r\n"),
                Map.of(),
                "",
                Duration.ofSeconds(10));
        assertThrows(IllegalArgumentException.class, () -> PROTOCOL.dialogue(write, address(""), context));
    }
}
