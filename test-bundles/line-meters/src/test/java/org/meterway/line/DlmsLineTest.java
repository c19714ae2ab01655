// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.line.LineProbe;
import org.meterway.dlms.DlmsCodec;
import org.meterway.dlms.DlmsLineProtocol;
import org.meterway.linemeters.Bus;
import org.meterway.linemeters.DlmsMeter;
import org.meterway.linemeters.Pty;
import org.meterway.linemeters.Trouble;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DlmsLineTest {
    private static final String IMPORT = "1-0:1.8.0";
    private static final int WATT_HOUR = 30;

    @TempDir
    Path folder;

    private final LineFixture gateway = new LineFixture(new DlmsLineProtocol(), new DlmsCodec());
    private Bus bus;

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        bus.close();
    }

    private Bus bus(Trouble trouble) throws Exception {
        bus = new Bus(trouble);
        return bus;
    }

    private static DlmsMeter meter(int physical, long kilowattHours) {
        return new DlmsMeter(1, physical, "", 128).register("1.0.1.8.0.255", kilowattHours, 3, WATT_HOUR);
    }

    @Test
    void registersAreReadOverATcpSerialServer() throws Exception {
        bus(Trouble.none()).with(meter(17, 12_345), meter(18, 1));
        gateway.line(bus.address());
        gateway.meter("m1", "dlms", "17", Map.of());
        gateway.meter("m2", "dlms", "18", Map.of());
        gateway.assertRead("m1", IMPORT, "12345000");
        gateway.assertRead("m2", IMPORT, "1000");
        assertFalse(gateway.read("m1", "1-0:2.8.0").get().success());
    }

    @Test
    void registersAreReadOverAPseudoTerminal() throws Exception {
        assumeTrue(Pty.possible(), "socat is not installed: lines are not tested over pseudo-terminals");
        bus(Trouble.none()).with(meter(17, 12_345));
        Path link = folder.resolve("tty");
        try (Pty pty = Pty.open(link, bus)) {
            gateway.line(link.toString());
            gateway.meter("m1", "dlms", "17", Map.of());
            gateway.assertRead("m1", IMPORT, "12345000");
            assertEquals(9_600, pty.baud());
        }
    }

    @Test
    void aPasswordIsAskedForAndAWrongOneRefused() throws Exception {
        bus(Trouble.none()).with(new DlmsMeter(1, 17, "12345678", 128).register("1.0.1.8.0.255", 7, 0, WATT_HOUR));
        gateway.line(bus.address());
        gateway.meter("m1", "dlms", "17", Map.of("authentication", "low"));
        gateway.key("m1", "password", "12345678".getBytes(StandardCharsets.US_ASCII));
        gateway.assertRead("m1", IMPORT, "7");
        gateway.meter("m2", "dlms", "17", Map.of("authentication", "low"));
        gateway.key("m2", "password", "00000000".getBytes(StandardCharsets.US_ASCII));
        ExecutionException refused = assertThrows(
                ExecutionException.class, () -> gateway.read("m2", IMPORT).get());
        assertTrue(refused.getMessage().contains("authentication failure"), refused.getMessage());
    }

    @Test
    void aLoadProfileComesInSegmentsAndEveryRowIsAReading() throws Exception {
        StringBuilder rows = new StringBuilder("0130");
        for (int i = 0; i < 48; i++) {
            rows.append("0202090c07ea0b1405")
                    .append(String.format("%02x%02x0000000000", i / 2, i % 2 * 30))
                    .append(String.format("06%08x", 1_000 + i));
        }
        bus(Trouble.none())
                .with(meter(17, 1)
                        .attribute(7, "1.0.99.1.0.255", 2, rows.toString())
                        .attribute(
                                7,
                                "1.0.99.1.0.255",
                                3,
                                "0102020412000809060000010000ff0f021200000204120003090601000108" + "00ff0f02120000")
                        .attribute(7, "1.0.99.1.0.255", 4, "0600000708"));
        gateway.line(bus.address());
        gateway.meter("m1", "dlms", "17", Map.of());
        Command profile = new Command(
                "m1",
                Command.Operation.READ,
                List.of("1-0:99.1.0"),
                Map.of(),
                Map.of("from", "2026-11-20T00:00:00Z", "to", "2026-11-21T00:00:00Z"),
                "",
                LineFixture.LONG);
        Answer answer = gateway.channel.send(profile).toCompletableFuture().get();
        assertTrue(answer.success(), answer.toString());
        assertEquals(48, gateway.readings(IMPORT).size(), answer.toString());
        assertEquals(
                "1047000",
                gateway.readings(IMPORT).get(47).value().stripTrailingZeros().toPlainString());
    }

    @Test
    void readsSucceedThroughNoiseLossChangedBytesAndAnswersThatStop() throws Exception {
        bus(new Trouble(62056).noise(0.4).change(0.08).loss(0.08).cut(0.08)).with(meter(17, 12_345), meter(18, 54_321));
        gateway.line(bus.address(), "answer.millis", 150, "inter.byte.millis", 40, "retries", 9, "budget.seconds", 30);
        gateway.meter("m1", "dlms", "17", Map.of());
        gateway.meter("m2", "dlms", "18", Map.of());
        for (int i = 0; i < 10; i++) {
            gateway.assertRead("m1", IMPORT, "12345000");
            gateway.assertRead("m2", IMPORT, "54321000");
        }
        assertTrue(gateway.channel.lines().get(0).statistics().get("silences") > 5);
    }

    @Test
    void anEchoingLineIsRead() throws Exception {
        bus(new Trouble(1).echo()).with(meter(17, 12_345));
        gateway.line(bus.address());
        gateway.meter("m1", "dlms", "17", Map.of());
        gateway.assertRead("m1", IMPORT, "12345000");
    }

    @Test
    void aWrongRateIsFoundByAProbe() throws Exception {
        assumeTrue(Pty.possible(), "socat is not installed: lines are not tested over pseudo-terminals");
        bus(Trouble.none()).with(meter(17, 12_345).at(19_200));
        Path link = folder.resolve("tty");
        try (Pty pty = Pty.open(link, bus)) {
            bus.rate(pty::baud);
            gateway.line(link.toString(), "answer.millis", 300, "inter.byte.millis", 60);
            LineProbe.Found found = gateway.probe("17", "dlms").found().get(0);
            assertEquals(19_200, found.settings().baud());
        }
    }
}
