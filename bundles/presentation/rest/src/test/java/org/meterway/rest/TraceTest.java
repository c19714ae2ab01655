// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Parking;
import org.meterway.api.intake.ParkingStatistics;
import org.meterway.api.intake.Provenance;
import org.meterway.api.intake.Receipt;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.Replays;
import org.meterway.api.intake.Trace;
import org.meterway.api.meter.Meter;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.Message;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.Revision;

@Timeout(60)
class TraceTest {
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
    private static final Quantity ENERGY = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final Series SERIES = new Series("m1", ENERGY, HALF_HOUR);
    private static final Frame FRAME =
            new Frame("m1", "line", "application/x.dlms", "", DAY.plusSeconds(5), new byte[] {0x7e, (byte) 0xa0});

    private final TestInventory inventory = new TestInventory();
    private final TestReadings readings = new TestReadings();
    private final Behind behind = new Behind();
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
        gateway.services.inventory = inventory;
        gateway.services.readings = readings;
        gateway.services.intake = behind;
        gateway.services.parking = behind;
        gateway.services.provenance = behind;
        gateway.services.replays = behind;
        gateway.services.codecs =
                List.of(new Named("dlms", "application/x.dlms"), new Named("odd", "application/x.odd"));
        inventory.put(Meter.builder("m1").build());
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static Reading energy(int slot, long wattHours) {
        return new Reading(ENERGY, DAY.plus(HALF_HOUR.multipliedBy(slot)), HALF_HOUR, wattHours * 1_000_000, 1);
    }

    private static Revision revision(int slot, Optional<Long> before, Optional<Long> after, String version) {
        return new Revision(
                SERIES,
                DAY.plus(HALF_HOUR.multipliedBy(slot)),
                before.map(value -> new Revision.Version(value * 1_000_000, 1, 17, "dlms", "1.0")),
                after.map(value -> new Revision.Version(value * 1_000_000, 1, 17, "dlms", version)),
                DAY.plusSeconds(99),
                "alice",
                "wrong scale");
    }

    @Test
    void aTraceShowsBytesFieldsCodecsAndVersions() throws Exception {
        behind.trace = Optional.of(new Trace(
                SERIES,
                DAY,
                Optional.of(energy(0, 5)),
                17,
                Optional.of(new Message(FRAME, "dlms", "1.1", List.of())),
                "dlms",
                "1.2",
                List.of(Field.of(0, 1, "flag: 7E"), new Field("decrypted", 3, 2, "length: 5")),
                Optional.of(energy(0, 6)),
                "",
                List.of(revision(0, Optional.of(50L), Optional.of(5L), "1.1"))));
        JsonNode trace = gateway.get("/readings/m1/1-0:1.8.0/trace?start=2026-11-20T00:00:00Z&interval=1800")
                .json();
        assertEquals("5", trace.path("value").asText());
        assertEquals("7ea0", trace.path("message").path("bytes").asText());
        assertEquals("line", trace.path("message").path("channel").asText());
        assertEquals("1.1", trace.path("message").path("codecVersion").asText());
        assertEquals("1.2", trace.path("decodedNow").path("codecVersion").asText());
        assertEquals("6", trace.path("decodedNow").path("value").asText());
        assertEquals(false, trace.path("decodedNow").path("sameCodec").asBoolean());
        assertEquals(false, trace.path("decodedNow").path("sameValue").asBoolean());
        assertEquals(
                "[{\"part\":\"\",\"offset\":0,\"length\":1,\"meaning\":\"flag: 7E\"},"
                        + "{\"part\":\"decrypted\",\"offset\":3,\"length\":2,\"meaning\":\"length: 5\"}]",
                trace.path("decodedNow").path("fields").toString());
        assertEquals(
                "[{\"value\":\"50\",\"quality\":[\"measured\"],\"message\":17,\"codec\":\"dlms\",\"codecVersion\":\"1.0\","
                        + "\"since\":null,\"until\":\"2026-11-20T00:01:39Z\",\"who\":null,\"why\":null},"
                        + "{\"value\":\"5\",\"quality\":[\"measured\"],\"message\":17,\"codec\":\"dlms\",\"codecVersion\":\"1.1\","
                        + "\"since\":\"2026-11-20T00:01:39Z\",\"until\":null,\"who\":\"alice\",\"why\":\"wrong scale\"}]",
                trace.path("versions").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "/readings/m1/1-0:1.8.0/trace?start=2026-11-20T00:00:00Z,404",
        "/readings/m9/1-0:1.8.0/trace?start=2026-11-20T00:00:00Z,404",
        "/readings/m1/power/trace?start=2026-11-20T00:00:00Z,400",
        "/readings/m1/1-0:1.8.0/trace,400",
        "/readings/m1/1-0:1.8.0/trace?start=2026-11-20T00:00:00Z&interval=-1,400",
        "/replays/1,404",
        "/replays/x,404",
        "/replays/99999999999999999999,404",
        "/parked?limit=0,400",
        "/parked?cursor=x,400",
    })
    void whatIsNotThereOrWrongIsSaid(String path, int status) throws Exception {
        assertEquals(status, gateway.get(path).status());
    }

    @Test
    void allVersionsStandBesideTheirValueAndVanishedOnesInTheirPlace() throws Exception {
        for (int slot : List.of(0, 1, 3, 4)) {
            readings.stored.add(new StoredReading("m1", energy(slot, slot), 17));
        }
        behind.revisions = List.of(
                revision(1, Optional.of(10L), Optional.of(1L), "1.1"),
                revision(2, Optional.of(20L), Optional.empty(), ""),
                revision(5, Optional.of(50L), Optional.empty(), ""));
        String query = "/readings?meter=m1&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&versions=all";
        List<String> values = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = gateway.get(query + "&limit=2" + cursor).json();
            page.path("items")
                    .forEach(item -> values.add(item.path("start").asText().substring(11, 16) + " "
                            + item.path("value").asText() + " "
                            + item.path("versions").size()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!cursor.isEmpty());
        assertEquals(
                List.of("00:00 0 0", "00:30 1 2", "01:00 null 2", "01:30 3 0", "02:00 4 0", "02:30 null 2"), values);
        assertEquals(
                4,
                gateway.get(query.replace("=all", "=latest"))
                        .json()
                        .path("items")
                        .size());
        assertEquals(
                400,
                gateway.get("/readings?zone=north&day=2026-11-20&versions=all").status());
    }

    @Test
    void aFrameIsTakenInAsBytesOrHexForTheCodecNamed() throws Exception {
        Gateway.Reply reply = gateway.send("POST", "/frames/m1?codec=dlms", "text/hex", "7E A0\n0f");
        assertEquals(201, reply.status());
        assertEquals("{\"message\":7,\"readings\":3}", reply.json().toString());
        assertArrayEquals(
                new byte[] {0x7e, (byte) 0xa0, 0x0f}, behind.taken.get(0).bytes());
        assertEquals("application/x.dlms", behind.taken.get(0).contentType());
        assertEquals("http", behind.taken.get(0).channel());
        gateway.send("POST", "/frames/m1?codec=senml", "application/octet-stream", "[{\"n\":1}]");
        assertEquals("application/senml+json", behind.taken.get(1).contentType());
        gateway.send("POST", "/frames/m1?codec=mbus", "text/plain", "68");
        assertEquals("application/x.mbus", behind.taken.get(2).contentType(), "known although no codec is there");
        gateway.send("POST", "/frames/m1", "Application/X.odd; a=b", "x");
        assertEquals("application/x.odd", behind.taken.get(3).contentType());
        assertEquals(4, behind.taken.size());
    }

    @Test
    void aFrameThatIsRefusedNamesFieldAndOffset() throws Exception {
        behind.failure = new FrameRejectedException("FCS", 17, "expected 1234, was 0000");
        Gateway.Reply reply = gateway.send("POST", "/frames/m1?codec=dlms", "text/hex", "7e");
        assertEquals(422, reply.status());
        assertEquals("FCS", reply.json().path("field").asText());
        assertEquals(17, reply.json().path("offset").asInt());
        assertEquals("FCS at byte 17: expected 1234, was 0000", reply.detail());
        behind.failure = new IntakeBusyException("full", Duration.ofSeconds(4));
        reply = gateway.send("POST", "/frames/m1?codec=dlms", "text/hex", "7e");
        assertEquals(503, reply.status());
        assertEquals("4", reply.header("Retry-After"));
    }

    @ParameterizedTest
    @CsvSource({
        "/frames/m1?codec=dlms,text/hex,7,400",
        "/frames/m1?codec=dlms,text/hex,xy,400",
        "/frames/m1?codec=nothing,text/hex,7e,400",
        "/frames/m1,text/hex,7e,400",
        "/frames/m1?codec=dlms,text/hex,'',400",
        "/frames/m9?codec=dlms,text/hex,7e,404",
        "/replays,application/json,'{\"apply\":1}',400",
        "/replays,application/json,'{\"from\":\"yesterday\"}',400",
        "/replays,application/json,'{\"from\":\"2026-11-20T00:00:00Z\",\"to\":\"2026-11-20T00:00:00Z\"}',400",
        "/replays,application/json,'{\"meter\":\"m9\"}',404",
        "/replays,text/plain,'{}',415",
        "/parked/retry,application/json,'{\"meter\":\"m9\"}',404",
    })
    void wrongRequestsAreRefused(String path, String type, String body, int status) throws Exception {
        Gateway.Reply reply = gateway.send("POST", path, type, body);
        assertEquals(status, reply.status(), reply.detail());
        assertEquals(List.of(), behind.taken);
        assertEquals(Optional.empty(), behind.status);
    }

    @Test
    void parkedFramesAreListedAndRetried() throws Exception {
        behind.parked.add(new ParkedFrame(9, 0, FRAME, "dlms", "1.0", "FCS", 1, "is wrong", Map.of()));
        behind.parked.add(new ParkedFrame(8, 4, FRAME, "", "", "", -1, "there is no codec", Map.of()));
        JsonNode page = gateway.get("/parked?limit=1").json();
        assertEquals(
                "[{\"number\":9,\"meter\":\"m1\",\"refused\":true,\"message\":null,\"receivedAt\":\"2026-11-20T00:00:05Z\","
                        + "\"channel\":\"line\",\"contentType\":\"application/x.dlms\",\"target\":\"\",\"codec\":\"dlms\","
                        + "\"codecVersion\":\"1.0\",\"field\":\"FCS\",\"offset\":1,\"reason\":\"is wrong\",\"bytes\":\"7ea0\"}]",
                page.path("items").toString());
        assertEquals(2, page.path("undecoded").asInt());
        JsonNode next =
                gateway.get("/parked?cursor=" + page.path("next").asText()).json();
        assertEquals(4, next.path("items").get(0).path("message").asInt());
        assertTrue(next.path("items").get(0).path("codec").isNull());
        assertTrue(next.path("next").isNull());
        assertEquals(204, gateway.send(gateway.to("/parked/8").DELETE()).status());
        assertEquals(404, gateway.send(gateway.to("/parked/8").DELETE()).status());
        assertEquals(404, gateway.send(gateway.to("/parked/x").DELETE()).status());
        assertEquals(0, gateway.get("/parked?meter=m2").json().path("items").size());
        assertEquals(
                202,
                gateway.send("POST", "/parked/retry", "application/json", "{\"meter\":\"m1\"}")
                        .status());
        assertEquals(Optional.of("m1"), behind.retried);
        assertEquals(
                5, gateway.get("/health").json().path("messages").path("parked").asInt());
    }

    @Test
    void aReplayIsStartedLookedAtAndApplied() throws Exception {
        Gateway.Reply begun = gateway.send(
                "POST", "/replays", "application/json", "{\"meter\":\"m1\",\"who\":\"alice\",\"why\":\"wrong scale\"}");
        assertEquals(202, begun.status());
        assertEquals("previewing", begun.json().path("state").asText());
        assertEquals(Optional.of("m1"), behind.status.orElseThrow().request().meter());
        assertEquals("alice", gateway.get("/replays/1").json().path("who").asText());
        assertEquals(1, gateway.get("/replays").json().path("items").size());
        JsonNode page = gateway.get("/replays/1/differences?limit=2").json();
        assertEquals(
                "{\"meter\":\"m1\",\"quantity\":\"1-0:1.8.0\",\"unit\":\"Wh\",\"start\":\"2026-11-20T00:00:00Z\","
                        + "\"intervalSeconds\":1800,\"message\":17,\"kind\":\"changed\",\"before\":{\"value\":\"50\","
                        + "\"quality\":[\"measured\"]},\"after\":{\"value\":\"5\",\"quality\":[\"measured\"]}}",
                page.path("items").get(0).toString());
        assertEquals("added", page.path("items").get(1).path("kind").asText());
        page = gateway.get("/replays/1/differences?limit=2&cursor="
                        + page.path("next").asText())
                .json();
        assertEquals("vanished", page.path("items").get(0).path("kind").asText());
        assertTrue(page.path("next").isNull());
        assertEquals(
                202,
                gateway.send(gateway.to("/replays/1/apply").POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                        .status());
        behind.conflict = true;
        assertEquals(
                409,
                gateway.send(gateway.to("/replays/1/apply").POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                        .status());
        assertEquals(
                409, gateway.send("POST", "/replays", "application/json", "{}").status());
        assertEquals(204, gateway.send(gateway.to("/replays/1").DELETE()).status());
        gateway.services.replays = null;
        assertEquals(503, gateway.get("/replays").status());
    }

    private record Named(String name, String type) implements Codec {
        @Override
        public String version() {
            return "1.0";
        }

        @Override
        public Set<String> contentTypes() {
            return Set.of(type);
        }

        @Override
        public Decoded decode(Frame frame, DecodeContext context) {
            return new Decoded(List.of(), List.of());
        }
    }

    /** What stands behind REST, with the answers a test gives it. */
    private static final class Behind implements Intake, Parking, Provenance, Replays {
        private final List<Frame> taken = new ArrayList<>();
        private final List<ParkedFrame> parked = new ArrayList<>();
        private volatile Throwable failure;
        private Optional<Trace> trace = Optional.empty();
        private List<Revision> revisions = List.of();
        private Optional<String> retried = Optional.empty();
        private volatile Optional<ReplayStatus> status = Optional.empty();
        private volatile boolean conflict;

        @Override
        public CompletionStage<Receipt> accept(Frame frame) {
            taken.add(frame);
            return failure == null
                    ? CompletableFuture.completedFuture(new Receipt(7, 3))
                    : CompletableFuture.failedFuture(failure);
        }

        @Override
        public IntakeStatistics statistics() {
            return new IntakeStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public List<ParkedFrame> parked(Optional<String> meter, long before, int limit) {
            return parked.stream()
                    .filter(frame -> frame.number() < before)
                    .filter(frame ->
                            meter.isEmpty() || meter.get().equals(frame.frame().meter()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public ParkingStatistics parkingStatistics() {
            return new ParkingStatistics(2, 3, 0, 0);
        }

        @Override
        public boolean forgetParked(long number) {
            return parked.removeIf(frame -> frame.number() == number);
        }

        @Override
        public void retryParked(Optional<String> meter) {
            retried = meter;
        }

        @Override
        public Optional<Trace> trace(String meter, Obis obis, Instant start, Optional<Duration> interval) {
            return trace;
        }

        @Override
        public List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit) {
            return revisions;
        }

        @Override
        public ReplayStatus start(ReplayRequest request) {
            if (conflict) {
                throw new IllegalStateException("replay 1 runs");
            }
            status = Optional.of(new ReplayStatus(
                    1, request, ReplayStatus.State.PREVIEWING, DAY, Optional.empty(), 0.5, 4, 0, 0, 1, 1, 1, 1, 3, ""));
            return status.get();
        }

        @Override
        public Optional<ReplayStatus> replay(long id) {
            return status.filter(each -> each.id() == id);
        }

        @Override
        public List<ReplayStatus> replays() {
            return status.stream().toList();
        }

        @Override
        public List<Difference> differences(long id, int after, int limit) {
            List<Difference> all = List.of(
                    new Difference("m1", 17, Optional.of(energy(0, 50)), Optional.of(energy(0, 5))),
                    new Difference("m1", 17, Optional.empty(), Optional.of(energy(1, 5))),
                    new Difference("m1", 17, Optional.of(energy(2, 5)), Optional.empty()));
            return all.subList(after, Math.min(all.size(), after + limit));
        }

        @Override
        public ReplayStatus applyReplay(long id) {
            if (conflict) {
                throw new IllegalStateException("is applied already");
            }
            return status.orElseThrow();
        }

        @Override
        public boolean cancelReplay(long id) {
            return true;
        }
    }
}
