// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.channel.AdmissionControl;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ConnectionListener;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.meter.Meter;

@Timeout(120)
class QueueModeTest {
    private Bench bench;
    private RawMeter meter;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        bench = new Bench(data).set("commands.per.meter", 2);
        bench.inventory.put(Meter.builder("m").vendor("known").serial("known").build());
        bench.start();
        meter = new RawMeter(bench.coap());
        meter.answers = request -> RawMeter.content(0, "ACME".getBytes(UTF_8));
    }

    @AfterEach
    void stop() {
        meter.close();
        bench.close();
    }

    private CompletableFuture<Answer> read(Duration timeout) {
        return bench.channel().send(Command.read("m", "/3/0/0", timeout)).toCompletableFuture();
    }

    /** A meter sleeps as soon as it has not answered once. */
    private void fallAsleep() {
        meter.answers = request -> null;
        assertThrows(
                CompletionException.class, () -> read(Duration.ofMillis(100)).join());
        while (bench.channel().connection("m").orElseThrow().state() != Connection.State.ASLEEP) {
            Thread.onSpinWait();
        }
        meter.requests.clear();
        meter.answers = request -> RawMeter.content(0, "ACME".getBytes(UTF_8));
    }

    @Test
    void whoeverWantsToKnowHearsThatAMeterComesFallsAsleepAndWakes() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        bench.channel().bind((ConnectionListener) (meterId, state) -> heard.add(meterId + " " + state));
        meter.register("ep=m&lt=300&lwm2m=1.1&b=U&Q", "</3/0>");
        assertEquals("m REGISTERED", heard.poll(20, TimeUnit.SECONDS));
        fallAsleep();
        String next = heard.poll(20, TimeUnit.SECONDS);
        while ("m REGISTERED".equals(next)) {
            next = heard.poll(20, TimeUnit.SECONDS);
        }
        assertEquals("m ASLEEP", next);
        meter.register("ep=m&lt=300&lwm2m=1.1&b=U&Q", "</3/0>");
        assertEquals("m REGISTERED", heard.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aMeterThatIsPutOffIsToldWhenToComeAndItsUpdatesAreTaken() throws Exception {
        Response first = meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>");
        assertEquals(65, first.getCode().value);
        bench.channel().bind((AdmissionControl)
                endpoint -> endpoint.equals("m") ? Optional.of(Duration.ofMillis(41_200)) : Optional.empty());
        Response putOff = meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>");
        assertEquals("5.03", putOff.getCode().text);
        assertEquals(42, putOff.getOptions().getMaxAge());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ep=m&lt=300&lwm2m=1.0&b=UQ",
                "ep=m&lt=300&lwm2m=1.1&b=UQ",
                "ep=m&lt=300&lwm2m=1.1&b=U&Q",
                "ep=m&lt=300&lwm2m=1.1&Q",
                "ep=m&lt=300&b=UQ"
            })
    void aSleepingMetersCommandsWaitForItsWakeWindow(String query) throws Exception {
        Response registered = meter.register(query, "</3/0>");
        assertEquals(65, registered.getCode().value, registered.toString());
        fallAsleep();
        assertEquals(1, bench.channel().asleep());
        CompletableFuture<Answer> answer = read(Duration.ofSeconds(30));
        assertFalse(answer.isDone());
        assertTrue(meter.requests.isEmpty());
        meter.post(registered.getOptions().getLocationPathString(), 40, new byte[0]);
        assertEquals("ACME", answer.get(20, TimeUnit.SECONDS).values().get("/3/0/0"));
        assertEquals(
                Connection.State.REGISTERED,
                bench.channel().connection("m").orElseThrow().state());
    }

    @Test
    void aSendWakesTheLineToo() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.1&Q", "</3/0>");
        fallAsleep();
        CompletableFuture<Answer> answer = read(Duration.ofSeconds(30));
        meter.post("dp", 110, "[]".getBytes(UTF_8));
        assertTrue(answer.get(20, TimeUnit.SECONDS).success());
    }

    @Test
    void aWaitingCommandEndsWithItsTimeOut() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.1&Q", "</3/0>");
        fallAsleep();
        CompletionException failure = assertThrows(
                CompletionException.class, () -> read(Duration.ofMillis(150)).join());
        assertEquals("m gave no answer within 150 ms", failure.getCause().getMessage());
        assertTrue(meter.requests.isEmpty());
    }

    @Test
    void onlySoManyCommandsWait() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.1&Q", "</3/0>");
        fallAsleep();
        read(Duration.ofSeconds(30));
        read(Duration.ofSeconds(30));
        CompletionException failure = assertThrows(
                CompletionException.class, () -> read(Duration.ofSeconds(30)).join());
        assertEquals(MeterUnavailableException.class, failure.getCause().getClass());
        assertEquals("m has 2 commands waiting already", failure.getCause().getMessage());
    }

    @Test
    void aMetersCommandsAreSentOneAfterTheOther() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>");
        meter.answers = request -> null;
        CompletableFuture<Answer> first = read(Duration.ofMillis(400));
        CompletableFuture<Answer> second = read(Duration.ofSeconds(30));
        meter.nextRequest();
        meter.answers = request -> RawMeter.content(0, "ACME".getBytes(UTF_8));
        assertTrue(second.get(20, TimeUnit.SECONDS).success());
        assertTrue(first.isDone());
    }
}
