// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.response.SendResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;

@Timeout(120)
class SendTest {
    private Bench bench;
    private TestMeter meter;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        bench = new Bench(data);
        bench.inventory.with("plain").with("raw");
        bench.start();
        meter = new TestMeter("plain", org.eclipse.leshan.client.object.Security.noSec(bench.coap(), 123)).registered();
    }

    @AfterEach
    void stop() {
        meter.close();
        bench.close();
    }

    @Test
    void aSendIsAnsweredOnlyAfterTheCommit() throws Exception {
        CompletableFuture<Receipt> commit = new CompletableFuture<>();
        bench.intake.answer = frame -> commit;
        CompletableFuture<SendResponse> response = new CompletableFuture<>();
        meter.client
                .getSendService()
                .sendData(
                        meter.server(),
                        ContentFormat.SENML_CBOR,
                        java.util.List.of("/3303/0/5700"),
                        20_000,
                        response::complete,
                        response::completeExceptionally);
        Frame frame = bench.intake.next();
        assertEquals("application/senml+cbor", frame.contentType());
        assertEquals("plain", frame.meter());
        assertEquals("lwm2m", frame.channel());
        assertEquals("", frame.target());
        assertFalse(response.isDone());
        commit.complete(new Receipt(7, 1));
        assertEquals(204, response.get(10, TimeUnit.SECONDS).getCode().getCode());
    }

    @Test
    void aBusyIntakeGives503AndSaysWhenToComeBack() throws Exception {
        bench.intake.answer =
                frame -> CompletableFuture.failedFuture(new IntakeBusyException("full", Duration.ofSeconds(17)));
        try (RawMeter raw = new RawMeter(bench.coap())) {
            raw.register("ep=raw&lt=300&lwm2m=1.1", "</>;rt=\"oma.lwm2m\",</3303/0>");
            Response response = raw.post("dp", 110, "[]".getBytes(UTF_8));
            assertEquals(ResponseCode.SERVICE_UNAVAILABLE, response.getCode());
            assertEquals(17L, response.getOptions().getMaxAge());
        }
    }

    @Test
    void aFormatThatNamesNoValuesIsNotSupported() throws Exception {
        try (RawMeter raw = new RawMeter(bench.coap())) {
            raw.register("ep=raw&lt=300&lwm2m=1.1", "</>;rt=\"oma.lwm2m\",</3303/0>");
            assertEquals(
                    ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                    raw.post("dp", 0, "1".getBytes(UTF_8)).getCode());
            assertEquals(
                    ResponseCode.BAD_REQUEST, raw.post("dp", 112, new byte[0]).getCode());
        }
    }

    @Test
    void lwm2mCborIsTakenToo() throws Exception {
        try (RawMeter raw = new RawMeter(bench.coap())) {
            raw.register("ep=raw&lt=300&lwm2m=1.1", "</>;rt=\"oma.lwm2m\",</3303/0>");
            assertEquals(
                    ResponseCode.CHANGED,
                    raw.post("dp", 11544, new byte[] {(byte) 0xa0}).getCode());
            assertEquals("application/vnd.oma.lwm2m+cbor", bench.intake.next().contentType());
        }
    }

    @Test
    void rawFramesInObject19AreTakenInAsWhatTheirDataFormatNames() throws Exception {
        byte[] frame = {0x68, 0x16, 1};
        String pack =
                "[{\"bn\":\"/19/0/\",\"n\":\"4\",\"vs\":\"DL/T645\"},{\"n\":\"0/0\",\"vd\":\"aBYB\"},{\"n\":\"0/1\",\"vd\":\"aBYB\"},"
                        + "{\"bn\":\"/19/1/\",\"n\":\"0/0\",\"vd\":\"aBYB\"},{\"bn\":\"/3303/0/\",\"n\":\"5700\",\"v\":1}]";
        byte[] cbor = java.util.HexFormat.of()
                .parseHex("82" + "a2" + "00" + "672f31392f302f34" + "03" + "64646c6d73" + "a2" + "00"
                        + "692f31392f302f302f30" + "08" + "43681601");
        try (RawMeter raw = new RawMeter(bench.coap())) {
            raw.register("ep=raw&lt=300&lwm2m=1.1", "</>;rt=\"oma.lwm2m\",</19/0>,</19/1>,</3303/0>");
            assertEquals(
                    ResponseCode.CHANGED,
                    raw.post("dp", 110, pack.getBytes(UTF_8)).getCode());
            assertEquals("application/senml+json", bench.intake.next().contentType());
            for (int i = 0; i < 2; i++) { // instance 1 of the object names no format and stays in the pack
                Frame carried = bench.intake.next();
                assertEquals("application/x.dlt645", carried.contentType());
                assertEquals("raw", carried.meter());
                assertArrayEquals(frame, carried.bytes());
            }
            assertTrue(bench.intake.frames.isEmpty());
            assertEquals(ResponseCode.CHANGED, raw.post("dp", 112, cbor).getCode());
            assertEquals("application/senml+cbor", bench.intake.next().contentType());
            assertEquals("application/x.dlms", bench.intake.next().contentType());
            // The raw frame counts for the answer: what cannot be kept is to be repeated, what is refused is parked.
            bench.intake.answer = taken -> taken.contentType().startsWith("application/x.")
                    ? CompletableFuture.failedFuture(new IntakeBusyException("full", Duration.ofSeconds(3)))
                    : CompletableFuture.completedFuture(new Receipt(1, 1));
            assertEquals(
                    ResponseCode.SERVICE_UNAVAILABLE, raw.post("dp", 112, cbor).getCode());
            bench.intake.answer = taken -> taken.contentType().startsWith("application/x.")
                    ? CompletableFuture.failedFuture(new FrameRejectedException("checksum", 1, "is wrong"))
                    : CompletableFuture.completedFuture(new Receipt(1, 1));
            assertEquals(ResponseCode.CHANGED, raw.post("dp", 112, cbor).getCode());
        }
    }

    @Test
    void withoutAnIntakeMetersAreToldToWait() throws Exception {
        bench.channel().bind(null, bench.events);
        assertEquals(
                503,
                meter.send(ContentFormat.SENML_JSON, "/3303/0/5700").getCode().getCode());
    }

    @Test
    void aRejectedFrameGives400WithTheReason() throws Exception {
        bench.intake.answer =
                frame -> CompletableFuture.failedFuture(new FrameRejectedException("bn", 3, "is no path"));
        SendResponse response = meter.send(ContentFormat.SENML_CBOR, "/3303/0/5700");
        assertEquals(400, response.getCode().getCode());
        assertEquals("bn at byte 3: is no path", response.getErrorMessage());
    }

    @Test
    void aStrangerMayNotSend() throws Exception {
        CoapClient client = new CoapClient(bench.coap() + "/dp");
        CoapResponse response = client.post(new byte[] {(byte) 0x80}, 112);
        assertEquals(ResponseCode.BAD_REQUEST, response.getCode());
        assertTrue(bench.intake.frames.isEmpty());
    }

    @Test
    void aBodyTooLargeIsRefused() throws Exception {
        Request request = Request.newPost();
        request.setURI(bench.coap() + "/dp");
        request.getOptions().setContentFormat(112);
        request.setPayload(new byte[70_000]);
        CoapClient client = new CoapClient();
        CoapResponse response = client.advanced(request);
        assertEquals(ResponseCode.REQUEST_ENTITY_TOO_LARGE, response.getCode());
        assertTrue(bench.intake.frames.isEmpty());
    }
}
