// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.health.Health;
import org.meterway.api.meter.Meter;

/** Registrations as clients in other languages write them, and as nobody should. */
@Timeout(60)
class RegistrationFormsTest {
    private Bench bench;
    private RawMeter meter;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        bench = new Bench(data);
        bench.inventory.put(Meter.builder("m").vendor("known").serial("known").build());
        bench.start();
        meter = new RawMeter(bench.coap());
    }

    @AfterEach
    void stop() {
        meter.close();
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</>;rt=\"oma.lwm2m\";ct=11543,</1/0>,</3/0>",
                "</>;rt=\"oma.lwm2m\";ct=\"110 112 11542\",</1/0>,</3/0>",
                "</1/0/>,</3/0/>",
                "</1>,</1/0>,</3>,</3/0>",
                "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/1/0>,</lwm2m/3/0>",
                "</lwm2m/>;rt=\"oma.lwm2m\";ct=11543, </lwm2m/1/0>, </lwm2m/3/0>",
                "</1>;ver=1.1,</1/0>,</3/0>;dim=3;x=\"y\""
            })
    void usualObjectListsAreUnderstood(String links) throws Exception {
        assertEquals(
                ResponseCode.CREATED,
                meter.register("ep=m&lt=86400&lwm2m=1.1&b=U", links).getCode());
        assertEquals(
                List.of(1, 3),
                bench.channel().objects("m").stream().map(ManagedObject::id).toList());
        assertEquals(List.of(0), bench.channel().objects("m").get(1).instances());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ep=m",
                "ep=m&lt=4294967295&lwm2m=1.0&b=U",
                "ep=m&lt=31536000&lwm2m=1.1&b=UQ&sms=123",
                "lwm2m=1.1&lt=60&ep=m&x=y&flag"
            })
    void usualQueriesAreUnderstood(String query) throws Exception {
        assertEquals(ResponseCode.CREATED, meter.register(query, "</3/0>").getCode());
    }

    @Test
    void aTrailingSlashDoesNotMatter() throws Exception {
        Response registered = meter.post("rd/?ep=m&lt=300&lwm2m=1.0", 40, "</3/0>".getBytes(UTF_8));
        assertEquals(ResponseCode.CREATED, registered.getCode());
        String location = registered.getOptions().getLocationPathString();
        assertEquals(
                ResponseCode.CHANGED,
                meter.post(location + "/?lt=600&b=UQ", 40, new byte[0]).getCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ep=m&lt=soon", "ep=m&b=XYZ&lwm2m=1.0", "ep=m&lwm2m=one", "ep="})
    void nonsenseInTheQueryIsABadRequest(String query) throws Exception {
        ResponseCode code = meter.register(query, "</3/0>").getCode();
        assertTrue(code == ResponseCode.BAD_REQUEST || code == ResponseCode.FORBIDDEN, code.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "</3/0", "</99999999/0>", "</3/x/0>;ver=="})
    void nonsenseInTheObjectListBreaksNothing(String links) throws Exception {
        ResponseCode code = meter.register("ep=m&lt=300&lwm2m=1.1", links).getCode();
        assertTrue(code == ResponseCode.BAD_REQUEST || code == ResponseCode.CREATED, code.toString());
        assertEquals(
                ResponseCode.CREATED,
                meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>").getCode());
    }

    @Test
    void anUnknownVersionIsSaidToBeUnsupportedSoThatTheMeterTriesAnOlderOne() throws Exception {
        assertEquals(
                ResponseCode.PRECONDITION_FAILED,
                meter.register("ep=m&lt=300&lwm2m=1.2", "</3/0>").getCode());
    }

    @Test
    void aMeterThatDeregistersIsRememberedAsSeen() throws Exception {
        assertTrue(bench.channel().connection("m").isEmpty());
        Response registered = meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>");
        meter.delete(registered.getOptions().getLocationPathString());
        bench.events.await("meter.unregistered");
        assertEquals(
                Connection.State.UNREGISTERED,
                bench.channel().connection("m").orElseThrow().state());
        assertEquals(0, bench.channel().registered());
    }

    @Test
    void aMeterThatStaysAwayExpires() throws Exception {
        meter.register("ep=m&lt=1&lwm2m=1.1", "</3/0>");
        assertEquals("m", bench.events.await("meter.expired").meter().orElseThrow());
        assertEquals(0, bench.channel().registered());
    }

    @Test
    void theHealthReportCountsMeters() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.1", "</3/0>");
        meter.post("dp", 110, "[]".getBytes(UTF_8));
        Health health = bench.channel().health();
        assertEquals(Health.Status.UP, health.status());
        assertEquals(1, health.values().get("registered"));
        assertEquals(1L, health.values().get("sends"));
    }

    @Test
    void commandsGoToTheAlternatePath() throws Exception {
        meter.answers = request -> RawMeter.content(0, "ACME".getBytes(UTF_8));
        meter.register("ep=m&lt=300&lwm2m=1.0", "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/3/0>");
        Answer answer = bench.send(Command.read("m", "/3/0/0", Duration.ofSeconds(20)));
        assertEquals("ACME", answer.values().get("/3/0/0"));
        assertEquals("lwm2m/3/0/0", meter.nextRequest().getOptions().getUriPathString());
    }

    @Test
    void anotherFormatIsTriedWhenTheMeterDoesNotKnowTheFirst() throws Exception {
        meter.answers = request -> request.getOptions().getContentFormat() == 11542
                ? new Response(ResponseCode.UNSUPPORTED_CONTENT_FORMAT)
                : new Response(ResponseCode.CHANGED);
        meter.register("ep=m&lt=300&lwm2m=1.0", "</3/0>");
        CompletableFuture<Answer> answer = bench.channel()
                .send(new Command(
                        "m",
                        Command.Operation.WRITE,
                        List.of("/3/0/15"),
                        java.util.Map.of("/3/0/15", "UTC"),
                        java.util.Map.of(),
                        "",
                        Duration.ofSeconds(20)))
                .toCompletableFuture();
        assertEquals("2.04", answer.get(20, TimeUnit.SECONDS).code());
        assertEquals(11542, meter.nextRequest().getOptions().getContentFormat());
        assertEquals("UTC", meter.nextRequest().getPayloadString());
    }
}
