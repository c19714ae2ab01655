// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.client.object.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Command.Operation;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.codec.Frame;

@Timeout(120)
class CommandTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private Bench bench;
    private TestMeter meter;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        bench = new Bench(data);
        bench.inventory.put(org.meterway.api.meter.Meter.builder("m")
                .vendor("known")
                .serial("known")
                .build());
        bench.start();
        meter = new TestMeter("m", Security.noSec(bench.coap(), 123)).registered();
        bench.events.await("meter.registered");
    }

    @AfterEach
    void stop() {
        meter.close();
        bench.close();
    }

    private static Command command(Operation operation, List<String> paths, Map<String, Object> values) {
        return new Command("m", operation, paths, values, Map.of(), "", LONG);
    }

    @Test
    void readGivesTheValue() throws Exception {
        Answer answer = bench.send(Command.read("m", "/3/0/0", LONG));
        assertEquals(new Answer(true, "2.05", "", Map.of("/3/0/0", "Maker"), ""), answer);
    }

    @Test
    void readOfAnInstanceGivesAllItsValues() throws Exception {
        Answer answer = bench.send(Command.read("m", "/3303/0", LONG));
        assertEquals(Map.of("/3303/0/5700", 21.5, "/3303/0/5701", "Cel"), answer.values());
    }

    @Test
    void whatIsReadOfARegisterGoesToIntakeToo() throws Exception {
        bench.send(Command.read("m", "/3303/0/5700", LONG));
        Frame frame = bench.intake.next();
        assertEquals("/3303/0/5700", frame.target());
        bench.send(Command.read("m", "/3/0/0", LONG));
        assertTrue(bench.intake.frames.isEmpty());
    }

    @Test
    void theMetersRefusalIsTheAnswer() throws Exception {
        Answer answer = bench.send(Command.read("m", "/3303/7/5700", LONG));
        assertFalse(answer.success());
        assertEquals("4.04", answer.code());
    }

    @Test
    void writeReplacesAResource() throws Exception {
        Answer answer = bench.send(command(Operation.WRITE, List.of("/3/0/15"), Map.of("/3/0/15", "Europe/London")));
        assertEquals("2.04", answer.code());
        assertEquals("Europe/London", meter.device.written.get(15));
    }

    @Test
    void writeUpdatesSomeResourcesOfAnInstance() throws Exception {
        Instant time = Instant.parse("2026-11-22T10:00:00Z");
        Answer answer = bench.send(
                command(Operation.WRITE, List.of("/3/0"), Map.of("/3/0/15", "Europe/Paris", "/3/0/13", time)));
        assertEquals("2.04", answer.code());
        assertEquals("Europe/Paris", meter.device.written.get(15));
        assertEquals(java.util.Date.from(time), meter.device.written.get(13));
    }

    @Test
    void aValueOfTheWrongTypeIsRefusedNamingPathAndType() {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> bench.send(command(Operation.WRITE, List.of("/3/0/13"), Map.of("/3/0/13", "yesterday"))));
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        assertEquals(
                "/3/0/13 (Current Time): expected Time, got String 'yesterday'",
                failure.getCause().getMessage());
    }

    @Test
    void anUnknownResourceIsRefusedNamingThePath() {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> bench.send(command(Operation.WRITE, List.of("/3/0/999"), Map.of("/3/0/999", 1))));
        assertTrue(failure.getCause().getMessage().startsWith("/3/0/999 has no definition"));
        failure = assertThrows(ExecutionException.class, () -> bench.send(Command.read("m", "/x/y", LONG)));
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
    }

    @Test
    void executeHandsOverItsArguments() throws Exception {
        Answer answer =
                bench.send(new Command("m", Operation.EXECUTE, List.of("/3/0/4"), Map.of(), Map.of(), "0='now'", LONG));
        assertEquals("2.04", answer.code());
        assertEquals("4 0='now'", meter.device.executed.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void discoverGivesTheLinks() throws Exception {
        Answer answer = bench.send(command(Operation.DISCOVER, List.of("/3303/0"), Map.of()));
        assertTrue(answer.links().contains("</3303/0/5700>"), answer.links());
    }

    @Test
    void attributesAreWrittenAndShowInDiscover() throws Exception {
        Answer answer = bench.send(new Command(
                "m",
                Operation.WRITE_ATTRIBUTES,
                List.of("/3303/0/5700"),
                Map.of(),
                Map.of("pmin", "10", "pmax", "60"),
                "",
                LONG));
        assertEquals("2.04", answer.code());
        answer = bench.send(command(Operation.DISCOVER, List.of("/3303/0"), Map.of()));
        assertTrue(answer.links().contains("pmin=10"), answer.links());
    }

    @Test
    void compositeOperationsTakeSeveralPaths() throws Exception {
        Answer answer = bench.send(
                command(Operation.READ_COMPOSITE, List.of("/3303/0/5700", "/3303/1/5700", "/3/0/2"), Map.of()));
        assertEquals("2.05", answer.code());
        assertEquals(Map.of("/3303/0/5700", 21.5, "/3303/1/5700", 21.5, "/3/0/2", "SN-1"), answer.values());
        assertEquals("", bench.intake.next().target());
        answer = bench.send(command(
                Operation.WRITE_COMPOSITE,
                List.of("/3/0/15", "/3/0/14"),
                Map.of("/3/0/15", "Asia/Tokyo", "/3/0/14", "+09")));
        assertEquals("2.04", answer.code());
        assertEquals("Asia/Tokyo", meter.device.written.get(15));
    }

    @Test
    void whatIsObservedIsReportedUntilItIsCancelled() throws Exception {
        Answer answer = bench.send(command(Operation.OBSERVE, List.of("/3303/0/5700"), Map.of()));
        assertEquals(Map.of("/3303/0/5700", 21.5), answer.values());
        bench.intake.next();
        meter.sensor.change(22.25);
        Frame frame = bench.intake.next();
        assertEquals("/3303/0/5700", frame.target());
        assertEquals("m", frame.meter());
        answer = bench.send(command(Operation.CANCEL_OBSERVE, List.of("/3303/0/5700"), Map.of()));
        assertTrue(answer.success());
        meter.sensor.change(23);
        bench.send(Command.read("m", "/3/0/0", LONG));
        assertTrue(bench.intake.frames.isEmpty());
        assertEquals(
                "4.04",
                bench.send(command(Operation.CANCEL_OBSERVE, List.of("/3303/0/5700"), Map.of()))
                        .code());
    }

    @Test
    void severalPathsAreObservedTogether() throws Exception {
        Answer answer =
                bench.send(command(Operation.OBSERVE_COMPOSITE, List.of("/3303/0/5700", "/3303/1/5700"), Map.of()));
        assertEquals("2.05", answer.code());
        bench.intake.next();
        meter.second.change(30.5);
        assertTrue(bench.intake.next().contentType().startsWith("application/senml"));
    }

    @Test
    void createAndDeleteReachTheMeter() throws Exception {
        Answer created = bench.send(command(Operation.CREATE, List.of("/3303/5"), Map.of("/3303/5/5701", "Cel")));
        assertEquals("2.01", created.code(), created.text());
        Answer deleted = bench.send(command(Operation.DELETE, List.of("/3303/5"), Map.of()));
        assertEquals("2.02", deleted.code());
    }

    @Test
    void aMeterThatDoesNotAnswerIsUnavailable() {
        meter.client.destroy(false);
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> bench.send(Command.read("m", "/3/0/0", Duration.ofMillis(300))));
        assertInstanceOf(MeterUnavailableException.class, failure.getCause());
        assertEquals("m gave no answer within 300 ms", failure.getCause().getMessage());
    }

    @Test
    void anUnregisteredMeterIsUnavailable() {
        CompletionException failure = assertThrows(CompletionException.class, () -> bench.channel()
                .send(Command.read("nobody", "/3/0/0", LONG))
                .toCompletableFuture()
                .join());
        assertInstanceOf(MeterUnavailableException.class, failure.getCause());
    }
}
