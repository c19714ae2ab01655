// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.line.LineProbe;
import org.meterway.dlt645.Dlt645Codec;
import org.meterway.dlt645.Dlt645LineProtocol;
import org.meterway.linemeters.Bus;
import org.meterway.linemeters.Dlt645Meter;
import org.meterway.linemeters.Pty;
import org.meterway.linemeters.Trouble;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class Dlt645LineTest {
    private static final String IMPORT = "1-0:1.8.0";
    /** Short, because meters that do not exist are waited for: nothing here needs longer. */
    private static final Object[] QUICK = {"answer.millis", 300, "inter.byte.millis", 60};

    @TempDir
    Path folder;

    private final LineFixture gateway = new LineFixture(new Dlt645LineProtocol(), new Dlt645Codec());
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

    private static Dlt645Meter meter(String address, String hundredths) {
        return new Dlt645Meter(address, 2_400).data("00010000", hundredths);
    }

    private static void needSocat() {
        assumeTrue(Pty.possible(), "socat is not installed: lines are not tested over pseudo-terminals");
    }

    @Test
    void metersAreReadOverATcpSerialServer() throws Exception {
        bus(Trouble.none()).with(meter("000000000161", "00012345"), meter("000000000162", "99999999"));
        gateway.line(bus.address());
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        gateway.meter("m2", "dlt645", "000000000162", Map.of());
        gateway.assertRead("m1", IMPORT, "123450");
        gateway.assertRead("m2", IMPORT, "999999990");
        Answer missing = gateway.read("m1", "1-0:2.8.0").get();
        assertFalse(missing.success());
        assertEquals("4.04", missing.code());
    }

    @Test
    void metersAreReadOverAPseudoTerminalAtTheProtocolsRate() throws Exception {
        needSocat();
        bus(Trouble.none()).with(meter("000000000161", "00012345"));
        Path link = folder.resolve("tty");
        try (Pty pty = Pty.open(link, bus)) {
            gateway.line(link.toString());
            gateway.meter("m1", "dlt645", "000000000161", Map.of());
            gateway.assertRead("m1", IMPORT, "123450");
            assertEquals(2_400, pty.baud());
        }
    }

    @Test
    void readsSucceedThroughNoiseLossChangedBytesAndAnswersThatStop() throws Exception {
        Trouble trouble =
                new Trouble(645).noise(0.5).change(0.15).loss(0.15).cut(0.15).late(0.1, 250);
        bus(trouble).with(meter("000000000161", "00012345"), meter("000000000162", "00054321"));
        gateway.line(bus.address(), "answer.millis", 200, "inter.byte.millis", 40, "retries", 9, "budget.seconds", 30);
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        gateway.meter("m2", "dlt645", "000000000162", Map.of());
        for (int i = 0; i < 20; i++) {
            gateway.assertRead("m1", IMPORT, "123450");
            gateway.assertRead("m2", IMPORT, "543210");
        }
        assertTrue(gateway.channel.lines().get(0).statistics().get("silences") > 5);
    }

    @Test
    void anEchoingLineIsRead() throws Exception {
        bus(new Trouble(1).echo()).with(meter("000000000161", "00012345"));
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        gateway.line(bus.address(), "echo", true);
        gateway.assertRead("m1", IMPORT, "123450");
    }

    @Test
    void anUnexpectedEchoIsNoAnswerEither() throws Exception {
        bus(new Trouble(1).echo()).with(meter("000000000161", "00012345"));
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        gateway.line(bus.address());
        gateway.assertRead("m1", IMPORT, "123450");
    }

    @Test
    void aLateAnswerOfOneMeterIsNotTakenForAnothers() throws Exception {
        bus(new Trouble(3).late(0.3, 450)).with(meter("000000000161", "00000001"), meter("000000000162", "00000002"));
        gateway.line(bus.address(), "answer.millis", 300, "retries", 9, "budget.seconds", 30);
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        gateway.meter("m2", "dlt645", "000000000162", Map.of());
        for (int i = 0; i < 10; i++) {
            gateway.assertRead("m1", IMPORT, "10");
            gateway.assertRead("m2", IMPORT, "20");
        }
    }

    @Test
    void aDeadMeterCostsItsBudgetOnceWhileTwentyOthersAreRead() throws Exception {
        bus(Trouble.none());
        gateway.line(bus.address(), "answer.millis", 5_000, "retries", 9, "budget.seconds", 1, "pause.seconds", 60);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        gateway.meter("dead", "dlt645", "000000000999", Map.of());
        CompletableFuture<Answer> dead = gateway.read("dead", IMPORT);
        CompletableFuture<Answer> deadAgain = gateway.read("dead", IMPORT);
        for (int i = 0; i < 20; i++) {
            String address = String.format("%012d", 200 + i);
            bus.with(meter(address, "00012345"));
            gateway.meter("m" + i, "dlt645", address, Map.of());
            answers.add(gateway.read("m" + i, IMPORT));
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertTrue(answer.get().success());
        }
        assertUnavailable(dead, "it used up its time");
        assertUnavailable(deadAgain, "is silent and is not asked again before");
        assertUnavailable(gateway.read("dead", IMPORT), "is silent and is not asked again before");
        gateway.await("line.meter.silent dead");
    }

    private static void assertUnavailable(CompletableFuture<Answer> answer, String why) {
        ExecutionException failure = assertThrows(ExecutionException.class, answer::get);
        String message = assertInstanceOf(MeterUnavailableException.class, failure.getCause())
                .getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void aPseudoTerminalThatVanishesIsUsedAgainWhenItIsBack() throws Exception {
        needSocat();
        bus(Trouble.none()).with(meter("000000000161", "00012345"));
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        Path link = folder.resolve("tty");
        Line line;
        try (Pty pty = Pty.open(link, bus)) {
            line = gateway.line(link.toString());
            gateway.assertRead("m1", IMPORT, "123450");
            assertTrue(pty.baud() > 0);
        }
        gateway.await("line.port.lost");
        assertFalse(line.open());
        try (Pty pty = Pty.open(link, bus)) {
            gateway.assertRead("m1", IMPORT, "123450");
            gateway.await("line.port.returned");
            assertTrue(pty.baud() > 0);
            gateway.close();
        }
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("meterway-line-")));
    }

    @Test
    void aWrongRateIsFoundByAProbeWithTheMetersAddress() throws Exception {
        needSocat();
        bus(Trouble.none()).with(new Dlt645Meter("000000000161", 9_600).data("00010000", "00012345"));
        Path link = folder.resolve("tty");
        try (Pty pty = Pty.open(link, bus)) {
            bus.rate(pty::baud);
            Line wrong = gateway.line(link.toString(), QUICK);
            gateway.meter("m1", "dlt645", "000000000161", Map.of());
            assertUnavailable(gateway.read("m1", IMPORT), "does not answer");
            LineProbe.Found found = gateway.probe("").found().get(0);
            assertEquals("dlt645", found.protocol());
            assertEquals(9_600, found.settings().baud());
            assertTrue(found.answer().contains("000000000161"), found.answer());
            wrong.stop();
            gateway.line(link.toString(), "baud", found.settings().baud());
            gateway.assertRead("m1", IMPORT, "123450");
        }
    }

    @Test
    void twoMetersThatAnswerAtOnceAreNoMeterAndEachIsReadByItsOwnAddress() throws Exception {
        bus(Trouble.none()).with(meter("000000000161", "00012345"), meter("000000000162", "00054321"));
        gateway.line(bus.address(), QUICK);
        gateway.meter("any", "dlt645", "AAAAAAAAAAAA", Map.of());
        gateway.meter("m1", "dlt645", "000000000161", Map.of());
        assertUnavailable(gateway.read("any", IMPORT), "no complete answer");
        gateway.assertRead("m1", IMPORT, "123450");
    }
}
