// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.health.Health;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.osgi.util.converter.Converters;

class CoapChannelTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final byte[] PACK = "[{\"n\":\"1-0:1.8.0\",\"v\":1}]".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path data;

    private final TestInventory inventory = new TestInventory();
    private final TestIntake intake = new TestIntake();
    private CoapChannel channel;

    private void start(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("coap.open", true, "coap.port", 0, "coaps.port", 0));
        all.putAll(properties);
        Config config = Converters.standardConverter().convert(all).to(Config.class);
        channel = new CoapChannel(data, inventory, config, Clock.fixed(NOW, ZoneOffset.UTC));
        channel.bind(intake, List.of());
    }

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.stop();
        }
    }

    private Response plain(Code code, String path, int format, byte[] payload) throws Exception {
        try (TestClient client = TestClient.plain()) {
            return client.send(code, "coap://127.0.0.1:" + channel.coapPort() + path, format, payload);
        }
    }

    private Response post(String path, byte[] payload) throws Exception {
        return plain(Code.POST, path, 110, payload);
    }

    private static void assertRefused(ResponseCode code, String reason, Response response) {
        assertEquals(code, response.getCode());
        assertTrue(response.getPayloadString().contains(reason), response.getPayloadString());
    }

    @Test
    void aPostedPackReachesIntakeAsItCame() throws Exception {
        inventory.with("m1");
        start(Map.of());
        assertEquals(ResponseCode.CHANGED, post("/readings/m1", PACK).getCode());
        Frame frame = intake.next();
        assertEquals("m1", frame.meter());
        assertEquals("coap", frame.channel());
        assertEquals("application/senml+json", frame.contentType());
        assertEquals(NOW, frame.receivedAt());
        assertArrayEquals(PACK, frame.bytes());
        assertEquals(
                ResponseCode.CHANGED,
                plain(Code.POST, "/readings/m1", 112, PACK).getCode());
        assertEquals("application/senml+cbor", intake.next().contentType());
    }

    @Test
    void aRawFrameIsWhatTheCodecNamedInTheQueryDecodesBeItInstalledOrNot() throws Exception {
        inventory.with("m1");
        start(Map.of());
        byte[] frame = HexFormat.of().parseHex("68610100000000681104333333331316");
        assertEquals(
                ResponseCode.CHANGED,
                plain(Code.POST, "/frames/m1?codec=dlt645", -1, frame).getCode());
        Frame taken = intake.next();
        assertEquals("application/x.dlt645", taken.contentType());
        assertEquals("m1", taken.meter());
        assertArrayEquals(frame, taken.bytes());
        assertEquals(
                ResponseCode.CHANGED,
                plain(Code.POST, "/frames/m1?codec=iec62056", 42, frame).getCode());
        assertEquals("application/x.iec62056-21", intake.next().contentType());
        assertRefused(ResponseCode.BAD_REQUEST, "must name the codec", plain(Code.POST, "/frames/m1", -1, frame));
        assertRefused(
                ResponseCode.BAD_REQUEST,
                "there is no codec 'morse'; there are dlms, dlt645",
                plain(Code.POST, "/frames/m1?codec=morse", -1, frame));
        assertRefused(ResponseCode.NOT_FOUND, "/frames/{meter}", plain(Code.POST, "/frames?codec=dlms", -1, frame));
    }

    @Test
    void aRawFrameAnswersToTheSameDoorkeeperAsReadings() throws Exception {
        inventory.with("m1", new Credential.PreSharedKey("m1", new byte[] {1}));
        start(Map.of());
        assertEquals(
                ResponseCode.FORBIDDEN,
                plain(Code.POST, "/frames/m1?codec=dlt645", -1, PACK).getCode());
        assertEquals(
                ResponseCode.NOT_FOUND,
                plain(Code.POST, "/frames/nobody?codec=dlt645", -1, PACK).getCode());
    }

    @Test
    void theAnswerWaitsForTheCommit() throws Exception {
        inventory.with("m1");
        start(Map.of());
        CompletableFuture<Receipt> commit = new CompletableFuture<>();
        intake.answer = frame -> commit;
        try (TestClient client = TestClient.plain()) {
            TestClient.Pending pending =
                    client.start(Code.POST, "coap://127.0.0.1:" + channel.coapPort() + "/readings/m1", 110, PACK);
            intake.next();
            // Others are served meanwhile by the same threads.
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        ResponseCode.NOT_FOUND, post("/readings/nobody", PACK).getCode());
            }
            assertFalse(pending.answered());
            commit.complete(new Receipt(1, 1));
            assertEquals(ResponseCode.CHANGED, pending.response().getCode());
        }
    }

    @Test
    void whatIntakeSaysIsWhatTheMeterHears() throws Exception {
        inventory.with("m1");
        start(Map.of());
        intake.answer =
                frame -> CompletableFuture.failedFuture(new FrameRejectedException("record 0 (x) v", 7, "is outside"));
        assertRefused(ResponseCode.BAD_REQUEST, "record 0 (x) v at byte 7: is outside", post("/readings/m1", PACK));
        intake.answer =
                frame -> CompletableFuture.failedFuture(new IntakeBusyException("full", Duration.ofSeconds(17)));
        Response busy = post("/readings/m1", PACK);
        assertEquals(ResponseCode.SERVICE_UNAVAILABLE, busy.getCode());
        assertEquals(17L, busy.getOptions().getMaxAge());
        intake.answer = frame -> {
            throw new IllegalStateException("broken");
        };
        assertEquals(
                ResponseCode.SERVICE_UNAVAILABLE, post("/readings/m1", PACK).getCode());
        channel.bind(null, List.of());
        assertEquals(
                ResponseCode.SERVICE_UNAVAILABLE, post("/readings/m1", PACK).getCode());
        assertEquals(Health.Status.DEGRADED, channel.health().status());
    }

    @Test
    void wrongRequestsGetTheErrorThatSaysWhy() throws Exception {
        inventory.with("m1");
        start(Map.of());
        assertRefused(ResponseCode.NOT_FOUND, "no meter 'm2'", post("/readings/m2", PACK));
        assertRefused(ResponseCode.BAD_REQUEST, "empty", post("/readings/m1", new byte[0]));
        assertRefused(
                ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                "Content-Format is missing; taken are 110 (application/senml+json), 112",
                plain(Code.POST, "/readings/m1", -1, PACK));
        assertRefused(
                ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
                "content format 50 is not taken",
                plain(Code.POST, "/readings/m1", 50, PACK));
        assertEquals(ResponseCode.NOT_FOUND, post("/reading/m1", PACK).getCode());
        assertEquals(ResponseCode.NOT_FOUND, post("/readings", PACK).getCode());
        assertEquals(ResponseCode.NOT_FOUND, post("/readings/m1/more", PACK).getCode());
        assertEquals(
                ResponseCode.METHOD_NOT_ALLOWED,
                plain(Code.PUT, "/readings/m1", 110, PACK).getCode());
        assertEquals(
                ResponseCode.METHOD_NOT_ALLOWED,
                plain(Code.GET, "/readings/m1", -1, null).getCode());
        assertTrue(intake.frames.isEmpty());
    }

    @Test
    void aBodyIsTakenInBlocksUpToItsLimit() throws Exception {
        inventory.with("m1");
        start(Map.of("max.body.bytes", 20_000));
        byte[] large = " ".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        assertEquals(ResponseCode.CHANGED, post("/readings/m1", large).getCode());
        assertEquals(20_000, intake.next().bytes().length);
        assertEquals(
                ResponseCode.REQUEST_ENTITY_TOO_LARGE,
                post("/readings/m1", new byte[20_001]).getCode());
        assertTrue(intake.frames.isEmpty());
    }

    @Test
    void whateverACodecServesIsTaken() throws Exception {
        inventory.with("m1");
        start(Map.of());
        Codec text = new Codec() {
            @Override
            public String name() {
                return "text";
            }

            @Override
            public String version() {
                return "1";
            }

            @Override
            public Set<String> contentTypes() {
                return Set.of("text/plain");
            }

            @Override
            public Decoded decode(Frame frame, DecodeContext names) {
                return new Decoded(List.of(), List.of());
            }
        };
        channel.bind(intake, List.of(text));
        assertEquals(
                ResponseCode.CHANGED, plain(Code.POST, "/readings/m1", 0, PACK).getCode());
        assertEquals("text/plain", intake.next().contentType());
    }

    @Test
    void aPlannedMeterBecomesActiveAndARetiredOneIsRefused() throws Exception {
        inventory.with("m1");
        inventory.put(Meter.builder("m2").state(MeterState.RETIRED).build());
        start(Map.of());
        assertEquals(ResponseCode.CHANGED, post("/readings/m1", PACK).getCode());
        channel.stop();
        assertEquals(MeterState.ACTIVE, inventory.find("m1").orElseThrow().state());
        start(Map.of());
        assertRefused(ResponseCode.FORBIDDEN, "retired", post("/readings/m2", PACK));
    }

    @Test
    void anUnknownMeterEnrolsOnlyWhileEnrolmentIsOpen() throws Exception {
        start(Map.of());
        assertRefused(ResponseCode.NOT_FOUND, "enrolment is closed", post("/readings/new", PACK));
        inventory.open = true;
        assertEquals(ResponseCode.CHANGED, post("/readings/new", PACK).getCode());
        assertEquals("new", intake.next().meter());
        assertTrue(inventory.find("new").isPresent());
    }

    @Test
    void theResourceIsListed() throws Exception {
        start(Map.of());
        String links = plain(Code.GET, "/.well-known/core", -1, null).getPayloadString();
        assertTrue(links.contains("</readings>") && links.contains("ct=\"110 112\""), links);
    }

    @Test
    void aMeterThatPostedIsSeenAndCannotBeCommanded() throws Exception {
        inventory.with("m1");
        start(Map.of());
        assertTrue(channel.connection("m1").isEmpty());
        post("/readings/m1", PACK);
        Connection connection = channel.connection("m1").orElseThrow();
        assertEquals(Connection.State.UNREGISTERED, connection.state());
        assertEquals(NOW, connection.lastSeen());
        assertTrue(connection.address().startsWith("127.0.0.1:"), connection.address());
        assertEquals(0, channel.registered());
        CompletableFuture<?> answer =
                channel.send(Command.read("m1", "/3/0", Duration.ofSeconds(1))).toCompletableFuture();
        ExecutionException failure = assertThrows(ExecutionException.class, answer::get);
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
        assertTrue(failure.getMessage().contains("cannot be commanded"));
    }

    @Test
    void lastSeenIsBounded() {
        LastSeen seen = new LastSeen(10);
        for (int i = 0; i < 1_000; i++) {
            seen.note("m" + i, new java.net.InetSocketAddress("127.0.0.1", 1), i);
        }
        assertEquals(10, seen.size());
    }

    @Test
    void plainCoapIsClosedUnlessOpened() {
        start(Map.of("coap.open", false));
        assertThrows(java.util.NoSuchElementException.class, channel::coapPort);
    }

    @Test
    void theSamePortsCanBeUsedAgainAtOnce() throws Exception {
        inventory.with("m1");
        start(Map.of());
        for (int round = 0; round < 3; round++) {
            int coap = channel.coapPort();
            int coaps = channel.coapsPort();
            post("/readings/m1", PACK);
            channel.stop();
            start(Map.of("coap.port", coap, "coaps.port", coaps));
            assertEquals(coap, channel.coapPort());
            assertEquals(ResponseCode.CHANGED, post("/readings/m1", PACK).getCode());
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            Exception failure =
                    assertThrows(IllegalStateException.class, () -> start(Map.of("coap.port", taken.getLocalPort())));
            assertTrue(failure.getMessage().contains(String.valueOf(taken.getLocalPort())), failure.getMessage());
        }
        assertNull(channel);
    }

    @ParameterizedTest
    @CsvSource({"coap.port, 70000", "coaps.port, -1", "max.body.bytes, 10", "max.connections, 1"})
    void aWrongSettingIsNamed(String key, int value) {
        Exception failure = assertThrows(IllegalArgumentException.class, () -> start(Map.of(key, value)));
        assertTrue(failure.getMessage().startsWith(key), failure.getMessage());
    }

    @Test
    void garbageOnTheSocketsHurtsNobody() throws Exception {
        inventory.with("m1");
        start(Map.of());
        java.util.Random random = new java.util.Random(7252);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && i % 2 == 0) {
                    bytes[0] = 0x41; // CoAP version 1, confirmable, a token of one byte
                }
                socket.send(new DatagramPacket(
                        bytes,
                        bytes.length,
                        InetAddress.getByName("127.0.0.1"),
                        i % 3 == 0 ? channel.coapsPort() : channel.coapPort()));
            }
        }
        assertEquals(ResponseCode.CHANGED, post("/readings/m1", PACK).getCode());
    }

    @Test
    void unfinishedBodiesAreBounded() throws Exception {
        inventory.with("m1");
        start(Map.of("max.body.bytes", 1 << 22));
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 100; i++) {
                exchange(socket, block(i, 0));
            }
            int remembered = 0;
            for (int i = 0; i < 100; i++) {
                remembered += exchange(socket, block(i, 1)) == ResponseCode.CONTINUE.value ? 1 : 0;
            }
            assertEquals(16, remembered);
        }
        assertEquals(ResponseCode.CHANGED, post("/readings/m1", PACK).getCode());
    }

    private int exchange(DatagramSocket socket, byte[] request) throws Exception {
        socket.send(
                new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), channel.coapPort()));
        DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
        socket.receive(answer);
        return answer.getData()[1] & 255;
    }

    /** A confirmable POST /readings/mNNN with Content-Format 110, Block1 n/more/16 and 16 bytes. */
    private static byte[] block(int meter, int number) {
        String head = String.format("4102%04x01", meter + 1_000 * number);
        String name = HexFormat.of().formatHex(String.format("m%03d", meter).getBytes(StandardCharsets.US_ASCII));
        String path = "b8" + "72656164696e6773" + "04" + name;
        return HexFormat.of()
                .parseHex(head + path + "116e" + "d102" + String.format("%02x", number << 4 | 8) + "ff"
                        + "20".repeat(16));
    }

    @Test
    void theServerKeyIsTheOwnersOnlyAndStays() throws Exception {
        start(Map.of());
        Path key = data.resolve("coap/server.pem");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        byte[] first = Files.readAllBytes(key);
        channel.stop();
        start(Map.of());
        assertArrayEquals(first, Files.readAllBytes(key));
    }

    @Test
    void aMeterWithCredentialsMustComeOverDtls() throws Exception {
        inventory.with("m1", new Credential.PreSharedKey("id1", new byte[16]));
        start(Map.of());
        assertRefused(ResponseCode.FORBIDDEN, "must come over DTLS", post("/readings/m1", PACK));
        assertNotNull(channel.health().text());
    }
}
