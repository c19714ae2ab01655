// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.codec.Frame;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.meter.Meter;

/** What is observed, how it arrives and when it is acknowledged, down to the datagram. */
@Timeout(120)
class NotificationTest {
    private static final String LINKS = "</>;rt=\"oma.lwm2m\",</3/0>,</3303/0>,</3303/2>";

    private Bench bench;
    private RawMeter meter;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        bench = new Bench(data);
        bench.inventory.put(Meter.builder("m").vendor("known").serial("known").build());
        bench.models.observed = List.of("/3303/*/5700", "/3305/0/5800");
        bench.models.attributes = Map.of("/3303/*/5700", "pmin=10&pmax=60");
        bench.start();
        meter = new RawMeter(bench.coap());
        meter.answers =
                request -> request.getCode() == Code.GET ? observing(request) : new Response(ResponseCode.CHANGED);
    }

    private static Response observing(Request request) {
        Response response = RawMeter.content(0, "20.5".getBytes(UTF_8));
        if (request.getOptions().hasObserve()) {
            response.getOptions().setObserve(1);
        }
        return response;
    }

    @AfterEach
    void stop() {
        meter.close();
        bench.close();
    }

    private Request observed(int instance) throws Exception {
        Request attributes = meter.nextRequest();
        assertEquals(Code.PUT, attributes.getCode());
        assertEquals(List.of("pmin=10", "pmax=60"), attributes.getOptions().getUriQueryStrings());
        Request observe = meter.nextRequest();
        assertEquals("3303/" + instance + "/5700", observe.getOptions().getUriPathString());
        assertEquals(0, observe.getOptions().getObserve());
        assertEquals("/3303/" + instance + "/5700", bench.intake.next().target());
        return observe;
    }

    @Test
    void whatTheModelWantsIsObservedAtEveryRegistration() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.0&b=U", LINKS);
        observed(0);
        observed(2);
        meter.register("ep=m&lt=300&lwm2m=1.0&b=U", LINKS);
        observed(0);
        observed(2);
        assertTrue(meter.requests.isEmpty());
    }

    @Test
    void anUpdateOfAnUnknownRegistrationIsNotFoundSoThatTheMeterRegistersAnew() throws Exception {
        assertEquals(
                ResponseCode.NOT_FOUND, meter.post("rd/gone", 40, new byte[0]).getCode());
    }

    @Test
    void aNewInstanceIsObservedWhenTheMeterTellsOfIt() throws Exception {
        Response registered = meter.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
        observed(0);
        meter.post(registered.getOptions().getLocationPathString(), 40, LINKS.getBytes(UTF_8));
        observed(2);
        assertTrue(meter.requests.isEmpty());
    }

    @Test
    void anObservationNoLongerWantedIsCancelled() throws Exception {
        Response registered = meter.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
        observed(0);
        bench.models.observed = List.of();
        meter.post(registered.getOptions().getLocationPathString(), 40, "</3/0>,</3303/0>".getBytes(UTF_8));
        assertEquals(1, meter.nextRequest().getOptions().getObserve());
    }

    @Test
    void aNotificationIsAcknowledgedAfterTheCommit() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
        Request observe = observed(0);
        CompletableFuture<Receipt> commit = new CompletableFuture<>();
        bench.intake.answer = frame -> commit;
        int mid = meter.notify(observe, 5, 0, "22.25".getBytes(UTF_8));
        Frame frame = bench.intake.next();
        assertEquals("text/plain", frame.contentType());
        assertEquals("/3303/0/5700", frame.target());
        assertEquals("22.25", new String(frame.bytes(), UTF_8));
        assertNull(meter.empties.poll());
        commit.complete(new Receipt(1, 1));
        EmptyMessage acknowledgement = meter.empties.poll(10, TimeUnit.SECONDS);
        assertEquals(Type.ACK, acknowledgement.getType());
        assertEquals(mid, acknowledgement.getMID());
    }

    @Test
    void anAcknowledgementWaitsNoLongerThanItsBound() throws Exception {
        bench.stop();
        bench.set("ack.hold.milliseconds", 200).start();
        try (RawMeter other = new RawMeter(bench.coap())) {
            other.answers = NotificationTest::observing;
            other.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
            other.nextRequest();
            Request observe = other.nextRequest();
            bench.intake.next();
            bench.intake.answer = frame -> new CompletableFuture<>();
            int mid = other.notify(observe, 5, 0, "22.25".getBytes(UTF_8));
            assertEquals(mid, other.empties.poll(10, TimeUnit.SECONDS).getMID());
        }
    }

    @Test
    void aNotificationIsTriedAgainWhenIntakeIsBusy() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
        Request observe = observed(0);
        bench.intake.answer = frame -> {
            bench.intake.answer = again -> CompletableFuture.completedFuture(new Receipt(1, 1));
            return CompletableFuture.failedFuture(new IntakeBusyException("full", Duration.ofSeconds(1)));
        };
        int mid = meter.notify(observe, 5, 0, "22.25".getBytes(UTF_8));
        assertEquals(mid, meter.empties.poll(10, TimeUnit.SECONDS).getMID());
        assertEquals(2, bench.intake.frames.size());
    }

    @Test
    void aNotificationNobodyAskedForIsReset() throws Exception {
        meter.register("ep=m&lt=300&lwm2m=1.0&b=U", "</3/0>");
        Request stale = Request.newGet();
        stale.setToken(new byte[] {9, 9, 9});
        meter.notify(stale, 5, 0, "22.25".getBytes(UTF_8));
        assertEquals(Type.RST, meter.empties.poll(10, TimeUnit.SECONDS).getType());
        assertTrue(bench.intake.frames.isEmpty());
    }

    @Test
    void vendorAndSerialOfANewMeterAreLearnt() throws Exception {
        bench.inventory.with("new");
        bench.models.observed = List.of("/3303/0/5700");
        bench.models.attributes = Map.of();
        meter.answers = request -> {
            String path = request.getOptions().getUriPathString();
            return switch (path) {
                case "3/0/0" -> RawMeter.content(0, "ACME".getBytes(UTF_8));
                case "3/0/1" -> RawMeter.content(0, "test".getBytes(UTF_8));
                case "3/0/2" -> RawMeter.content(0, "4711".getBytes(UTF_8));
                default -> observing(request);
            };
        };
        meter.register("ep=new&lt=300&lwm2m=1.0&b=U", "</3/0>,</3303/0>");
        for (int i = 0; i < 3; i++) {
            meter.nextRequest();
        }
        assertEquals("3303/0/5700", meter.nextRequest().getOptions().getUriPathString());
        Meter learnt = bench.inventory.find("new").orElseThrow();
        assertEquals("ACME", learnt.vendor());
        assertEquals("4711", learnt.serial());
        assertEquals("test", learnt.model());
        assertFalse(meter.requests.size() > 0);
    }
}
