// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.health.Health;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineStatus;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.osgi.util.converter.Converters;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LineTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String OBIS = "1-0:1.8.0";

    private final TestServices around = new TestServices();
    private final LineChannel channel = new LineChannel(around.services);
    private final List<Line> lines = new ArrayList<>();
    private PlainBus bus;

    @BeforeEach
    void start() throws IOException {
        bus = new PlainBus();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Line line : lines) {
            line.stop();
        }
        bus.close();
    }

    private static Config config(Object... settings) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        return Converters.standardConverter().convert(map).to(Config.class);
    }

    private Line line(Object... settings) {
        List<Object> all = new ArrayList<>(List.of("name", "north", "port", bus.address()));
        all.addAll(List.of(settings));
        Line line = new Line(around.services, config(all.toArray()));
        lines.add(line);
        channel.lines = List.copyOf(lines);
        return line;
    }

    private void meter(String id, String address) {
        around.meters.put(
                id,
                Meter.builder(id)
                        .line(new LineAddress("north", "plain", address, Map.of()))
                        .build());
    }

    private CompletableFuture<Answer> read(String meter) {
        return channel.send(Command.read(meter, OBIS, LONG)).toCompletableFuture();
    }

    private static String unavailable(CompletionStage<Answer> answer) {
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> answer.toCompletableFuture().get());
        return assertInstanceOf(MeterUnavailableException.class, failure.getCause())
                .getMessage();
    }

    private void await(String event) throws InterruptedException {
        assertEquals(event, around.events.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void aReadBringsItsFrameToIntakeAndItsValueByObisToTheCaller() throws Exception {
        line();
        meter("m1", "7");
        bus.values.put("7", "12.5");
        assertEquals(Optional.empty(), channel.connection("m1"));
        Answer answer = read("m1").get();
        assertTrue(answer.success());
        assertEquals(
                0, new BigDecimal("12.5").compareTo((BigDecimal) answer.values().get(OBIS)));
        assertEquals("<7 1-0:1.8.0=12.5>", new String(around.frames.take().bytes()));
        Connection connection = channel.connection("m1").orElseThrow();
        assertEquals(new Connection("line", Connection.State.REGISTERED, "north/7", around.now), connection);
        assertEquals(1, channel.registered());
    }

    @Test
    void theAnswerWaitsUntilTheFrameIsDurableAndTheLineDoesNot() throws Exception {
        line();
        meter("m1", "7");
        meter("m2", "8");
        bus.values.putAll(Map.of("7", "1", "8", "2"));
        CompletableFuture<Receipt> disk = new CompletableFuture<>();
        around.receipt = disk;
        CompletableFuture<Answer> first = read("m1");
        around.frames.take();
        around.receipt = CompletableFuture.completedFuture(new Receipt(2, 1));
        assertTrue(read("m2").get().success());
        assertFalse(first.isDone());
        disk.complete(new Receipt(1, 1));
        assertTrue(first.get().success());
    }

    @Test
    void whatIntakeRefusesIsNoSuccess() throws Exception {
        line();
        meter("m1", "7");
        bus.values.put("7", "1");
        around.receipt = CompletableFuture.failedFuture(new FrameRejectedException("checksum", 3, "is wrong"));
        Answer rejected = read("m1").get();
        assertFalse(rejected.success());
        assertTrue(rejected.text().contains("checksum at byte 3"), rejected.text());
        around.receipt = CompletableFuture.failedFuture(new IntakeBusyException("full", Duration.ofSeconds(1)));
        assertTrue(unavailable(read("m1")).contains("cannot be stored now: full"));
        around.services.intake = null;
        assertTrue(unavailable(read("m1")).contains("nothing was kept"));
    }

    @Test
    void aDeadMeterCostsItsTimeOnceAndIsThenSkippedWhileTheOthersAreRead() throws Exception {
        Line line = line();
        meter("dead", "9");
        meter("m1", "7");
        bus.values.put("7", "1");
        List<CompletableFuture<Answer>> dead = new ArrayList<>();
        List<CompletableFuture<Answer>> live = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            dead.add(read("dead"));
            live.add(read("m1"));
        }
        for (CompletableFuture<Answer> answer : live) {
            assertTrue(answer.get().success());
        }
        for (CompletableFuture<Answer> answer : dead) {
            unavailable(answer);
        }
        assertEquals(3, bus.asked.stream().filter("9"::equals).count()); // one question and its two repetitions
        await("line.meter.silent dead");
        assertTrue(unavailable(read("dead")).contains("is not asked again before 2026-11-22T10:00:05Z"));
        assertEquals(
                LineStatus.State.SILENT, line.standing("dead").orElseThrow().state());
        assertEquals(Health.Status.DEGRADED, channel.health().status());
        assertTrue(
                channel.health().text().contains("1 silent"), channel.health().text());
    }

    @Test
    void aMeterThatIsBackIsNoticedAfterItsPauseWithoutBeingRead() throws Exception {
        line();
        meter("m1", "7");
        unavailable(read("m1"));
        await("line.meter.silent m1");
        bus.values.put("7", "1");
        around.now = around.now.plusSeconds(5);
        await("line.meter.returned m1");
        assertTrue(read("m1").get().success());
    }

    @Test
    void aPortThatVanishesAndReturnsIsToldAndUsedAgain() throws Exception {
        Line line = line();
        meter("m1", "7");
        bus.values.put("7", "1");
        assertTrue(read("m1").get().success());
        bus.vanish();
        await("line.port.lost");
        assertFalse(line.open());
        assertEquals(Health.Status.DEGRADED, channel.health().status());
        assertTrue(
                channel.health().text().contains("line north has no port"),
                channel.health().text());
        assertEquals(
                Connection.State.UNREGISTERED,
                channel.connection("m1").orElseThrow().state());
        CompletableFuture<Answer> waiting = read("m1");
        bus.comeBack();
        assertTrue(waiting.get().success());
        await("line.port.returned");
    }

    @Test
    void withoutAPortACommandEndsInItsTimeAndSaysWhy() throws Exception {
        bus.vanish();
        line();
        meter("m1", "7");
        String message = unavailable(channel.send(Command.read("m1", OBIS, Duration.ofMillis(300))));
        assertTrue(message.contains("did not answer within 300 ms: the line has no port"), message);
    }

    @Test
    void aProbeSaysInWhichProtocolSomethingAnswersAndShowsItsProgress() throws Exception {
        line();
        bus.values.put("7", "meter seven");
        assertEquals(Optional.empty(), channel.probe("north"));
        LineProbe started = channel.startProbe("north", List.of(), "7");
        assertEquals(1, started.trials()); // the serial server has its own settings: there are no others to try
        LineProbe ended = ended();
        assertEquals(List.of(new LineProbe.Found("plain", Plain.SETTINGS_ONCE, "7", "id meter seven")), ended.found());
        assertEquals(1, ended.tried());
        channel.startProbe("north", List.of("plain"), "8");
        assertEquals("nothing answered", ended().text());
        assertThrows(IllegalArgumentException.class, () -> channel.startProbe("south", List.of(), ""));
        assertThrows(IllegalArgumentException.class, () -> channel.startProbe("north", List.of("morse"), ""));
        assertFalse(channel.stopProbe("north"));
    }

    private LineProbe ended() throws InterruptedException {
        await("line.probe.ended");
        LineProbe probe = channel.probe("north").orElseThrow();
        assertTrue(probe.endedAt().isPresent());
        return probe;
    }

    @Test
    void linesAreListedWithTheirMetersAndFigures() throws Exception {
        line();
        meter("m1", "7");
        meter("m2", "8");
        bus.values.put("7", "1");
        read("m1").get();
        LineStatus status = channel.lines().get(0);
        assertEquals("north", status.name());
        assertTrue(status.open());
        assertEquals(
                List.of(LineStatus.State.ANSWERING, LineStatus.State.UNKNOWN),
                status.meters().stream().map(LineStatus.OnLine::state).toList());
        assertEquals(1, status.statistics().get("answered"));
        assertEquals("2 meters", status.text());
    }

    @Test
    void aCommandThatCannotBeIsRefusedWithItsReason() {
        line();
        meter("m1", "7");
        around.meters.put("other", Meter.builder("other").build());
        around.meters.put(
                "away",
                Meter.builder("away")
                        .line(new LineAddress("south", "plain", "1", Map.of()))
                        .build());
        around.meters.put(
                "strange",
                Meter.builder("strange")
                        .line(new LineAddress("north", "morse", "1", Map.of()))
                        .build());
        around.meters.put(
                "old",
                around.meters.get("m1").toBuilder().state(MeterState.RETIRED).build());
        assertTrue(refused(Command.read("nobody", OBIS, LONG)).contains("there is no meter nobody"));
        assertTrue(refused(Command.read("other", OBIS, LONG)).contains("is on no line"));
        assertTrue(refused(Command.read("old", OBIS, LONG)).contains("is retired"));
        assertTrue(unavailable(read("away")).contains("line south, which is not configured"));
        assertTrue(unavailable(read("strange")).contains("the protocol morse is not installed"));
        assertTrue(refused(new Command("m1", Command.Operation.DISCOVER, List.of("/"), Map.of(), Map.of(), "", LONG))
                .contains("plain meters are only read"));
    }

    private String refused(Command command) {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> channel.send(command).toCompletableFuture().get());
        return assertInstanceOf(IllegalArgumentException.class, failure.getCause())
                .getMessage();
    }

    @Test
    void aLineMayAskAllItsMetersInOneProtocol() throws Exception {
        line("protocol", "plain");
        around.meters.put(
                "m1",
                Meter.builder("m1")
                        .line(new LineAddress("north", "unknown", "7", Map.of()))
                        .build());
        bus.values.put("7", "1");
        assertTrue(read("m1").get().success());
    }

    @Test
    void aLineThatIsStoppedRefusesWhatWaitsAndLeavesNoThread() throws Exception {
        bus.vanish();
        Line line = line();
        meter("m1", "7");
        CompletableFuture<Answer> waiting = read("m1");
        line.stop();
        assertTrue(unavailable(waiting).contains("the line was closed"));
        assertTrue(unavailable(read("m1")).contains("cannot be asked now"));
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("meterway-line-north") && thread.isAlive()));
    }

    @Test
    void aWrongConfigurationIsNamed() {
        assertConfig("line must be 1–64 characters", "name", "a b", "port", "/dev/ttyS0");
        assertConfig("port must be a serial device", "name", "a", "port", "");
        assertConfig("port must be a serial device", "name", "a", "port", "http://a:1");
        assertConfig("port must be a serial device", "name", "a", "port", "tcp://host");
        assertConfig("parity must be none, even or odd", "name", "a", "port", "/dev/x", "parity", "mark");
        assertConfig("baud must be 50", "name", "a", "port", "/dev/x", "baud", 7);
        assertConfig("data bits must be 7", "name", "a", "port", "/dev/x", "data.bits", 9);
        assertConfig("retries must be at least -1", "name", "a", "port", "/dev/x", "retries", -2);
        assertConfig("budget.seconds must be at least 1", "name", "a", "port", "/dev/x", "budget.seconds", 0);
    }

    private void assertConfig(String message, Object... settings) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new Line(around.services, config(settings)));
        assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
    }
}
