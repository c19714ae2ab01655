// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.health.Health;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Receipt;
import org.meterway.api.ledger.Ledger;
import org.meterway.api.meter.Meter;

class RestTest {
    private static final String JSON = "application/json";

    private final TestInventory inventory = new TestInventory();
    private final TestChannel lwm2m = new TestChannel("lwm2m");
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
        inventory.put(Meter.builder("m1").zone("north").build());
        inventory.put(Meter.builder("m2").zone("south").build());
        lwm2m.connections.put("m1", new Connection("lwm2m", Connection.State.REGISTERED, "x:1", Gateway.NOW));
        gateway.services.inventory = inventory;
        gateway.services.channels = List.of(lwm2m);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void healthGathersFiguresAndParts() throws Exception {
        gateway.services.intake = intake(new IntakeStatistics(10, 1, 2, 3, 480, 470, 4, 5, 6, 41.234));
        gateway.services.readings = new TestReadings();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rows", 5L);
        values.put("share", new BigDecimal("0.50"));
        gateway.services.reporters = List.of(
                () -> new Health("store", Health.Status.UP, "fine", values),
                () -> new Health("a", Health.Status.DEGRADED, "slow", Map.of()));
        Gateway.Reply reply = gateway.get("/health");
        assertEquals(200, reply.status());
        JsonNode health = reply.json();
        assertEquals("degraded", health.path("status").asText());
        assertEquals("0.1.0", health.path("version").asText());
        assertTrue(health.path("uptimeSeconds").asLong() > 0);
        assertTrue(health.path("startedAt").asText().endsWith("Z"));
        assertEquals(
                "{\"total\":2,\"registered\":1,\"asleep\":0}",
                health.path("meters").toString());
        assertEquals(
                "{\"accepted\":480,\"durable\":470,\"rejected\":4,\"duplicates\":5,\"conflicting\":6,\"perSecond\":41.2}",
                health.path("readings").toString());
        assertEquals(
                "{\"accepted\":10,\"rejected\":1,\"unsettled\":3,\"busy\":2,\"parked\":0}",
                health.path("messages").toString());
        assertEquals(
                "[{\"name\":\"a\",\"status\":\"degraded\",\"text\":\"slow\",\"values\":{}},"
                        + "{\"name\":\"store\",\"status\":\"up\",\"text\":\"fine\",\"values\":{\"rows\":5,\"share\":0.50}}]",
                new String(reply.response().body(), java.nio.charset.StandardCharsets.UTF_8)
                        .replaceFirst(".*\"components\":", "")
                        .replaceFirst("}$", ""));
    }

    @Test
    void aGatewayWithoutIntakeIsDownAndSaysSo() throws Exception {
        gateway.services.readings = new TestReadings();
        Gateway.Reply reply = gateway.get("/health");
        assertEquals(503, reply.status());
        assertEquals("down", reply.json().path("status").asText());
        assertEquals(
                "intake", reply.json().path("components").path(0).path("name").asText());
    }

    @Test
    void aPartThatCannotSayHowItIsDegradesOnly() throws Exception {
        gateway.services.intake = intake(new IntakeStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        gateway.services.readings = new TestReadings();
        gateway.services.reporters = List.of(() -> {
            throw new IllegalStateException("broken");
        });
        assertEquals("degraded", gateway.get("/health").json().path("status").asText());
    }

    @Test
    void integrityIsCountedAndThoseThatMissMostComeFirst() throws Exception {
        gateway.services.ledger = ledger();
        JsonNode all = gateway.get("/integrity?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z")
                .json();
        assertEquals(
                "{\"from\":\"2026-11-19T00:00:00Z\",\"to\":\"2026-11-20T00:00:00Z\",\"expected\":96,\"present\":72,\"integrity\":0.75,"
                        + "\"meters\":[{\"meter\":\"m2\",\"expected\":48,\"present\":24,\"integrity\":0.5},"
                        + "{\"meter\":\"m1\",\"expected\":48,\"present\":48,\"integrity\":1.0}]}",
                all.toString());
        JsonNode north = gateway.get("/integrity?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z&zone=north")
                .json();
        assertEquals(48, north.path("expected").asInt());
        JsonNode none = gateway.get("/integrity?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z&zone=x")
                .json();
        assertTrue(none.path("integrity").isNull());
        assertEquals(
                404,
                gateway.get("/integrity?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z&meter=x")
                        .status());
        assertEquals(
                400,
                gateway.get("/integrity?from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z")
                        .status());
        assertEquals(
                400,
                gateway.get("/integrity?from=2024-11-20T00:00:00Z&to=2026-11-19T00:00:00Z")
                        .status());
        assertEquals(400, gateway.get("/integrity?to=2026-11-19T00:00:00Z").status());
    }

    @Test
    void withoutLedgerOnlyIntegrityIsMissing() throws Exception {
        Gateway.Reply reply = gateway.get("/integrity?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z");
        assertEquals(503, reply.status());
        assertEquals("the ledger is not running", reply.detail());
        assertEquals(200, gateway.get("/meters").status());
    }

    @Test
    void objectsAreShownWithTheirDefinitions() throws Exception {
        lwm2m.objects.put(
                "m1",
                List.of(new ManagedObject(
                        3,
                        "Device",
                        "1.1",
                        List.of(0),
                        List.of(new ManagedObject.ManagedResource(0, "Manufacturer", "R", "String", "", false)))));
        assertEquals(
                "{\"objects\":[{\"id\":3,\"name\":\"Device\",\"version\":\"1.1\",\"instances\":[{\"id\":0,\"resources\":["
                        + "{\"id\":0,\"name\":\"Manufacturer\",\"operations\":\"R\",\"type\":\"String\",\"units\":\"\",\"multiple\":false}]}]}]}",
                gateway.get("/meters/m1/objects").json().toString());
        assertEquals(
                "{\"objects\":[]}", gateway.get("/meters/m2/objects").json().toString());
    }

    @Test
    void aCommandCarriesItsValuesInTheirTypes() throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("/3/0/0", "Meterway");
        values.put("/3/0/9", 100L);
        values.put("/5/0/0", new byte[] {1, -1});
        values.put("/3/0/13", Instant.parse("2026-11-20T10:00:00Z"));
        values.put("/3/0/6", Map.of(0, 1.5));
        lwm2m.answer.complete(new Answer(true, "2.05", "", values, "</3>"));
        String body =
                "{\"operation\":\"write-composite\",\"paths\":[\"/3/0/15\",\"/3/0/13\"],\"values\":{\"/3/0/15\":\"Europe/London\","
                        + "\"/3/0/1\":1.10,\"/3/0/2\":7,\"/3/0/3\":true,\"/5/0/0\":{\"hex\":\"00fF\"},\"/3/0/13\":{\"time\":\"2026-11-20T10:00:00+01:00\"},"
                        + "\"/3/0/6\":{\"0\":1,\"1\":{\"hex\":\"01\"}}},\"attributes\":{\"pmin\":10},\"arguments\":\"0='x'\",\"timeoutSeconds\":0.5}";
        Gateway.Reply reply = gateway.send("POST", "/meters/m1/commands", JSON, body);
        assertEquals(200, reply.status());
        assertEquals(
                "{\"code\":\"2.05\",\"success\":true,\"text\":\"\",\"values\":{\"/3/0/0\":\"Meterway\",\"/3/0/9\":100,"
                        + "\"/5/0/0\":{\"hex\":\"01ff\"},\"/3/0/13\":\"2026-11-20T10:00:00Z\",\"/3/0/6\":{\"0\":1.5}},\"links\":\"</3>\"}",
                reply.json().toString());
        Command sent = lwm2m.sent;
        assertEquals(Command.Operation.WRITE_COMPOSITE, sent.operation());
        assertEquals(500, sent.timeout().toMillis());
        assertEquals("Europe/London", sent.values().get("/3/0/15"));
        assertEquals(new BigDecimal("1.10"), sent.values().get("/3/0/1"));
        assertEquals(7, sent.values().get("/3/0/2"));
        assertEquals(true, sent.values().get("/3/0/3"));
        assertEquals(-1, ((byte[]) sent.values().get("/5/0/0"))[1]);
        assertEquals(Instant.parse("2026-11-20T09:00:00Z"), sent.values().get("/3/0/13"));
        assertEquals(1, ((Map<?, ?>) sent.values().get("/3/0/6")).get(0));
        assertEquals(Map.of("pmin", "10"), sent.attributes());
        assertEquals("0='x'", sent.arguments());
    }

    @Test
    void aDevicesRefusalIsAnAnswer() throws Exception {
        lwm2m.answer.complete(new Answer(false, "4.04", "no such resource", Map.of(), ""));
        Gateway.Reply reply =
                gateway.send("POST", "/meters/m1/commands", JSON, "{\"operation\":\"read\",\"paths\":[\"/9/0\"]}");
        assertEquals(200, reply.status());
        assertFalse(reply.json().path("success").asBoolean(true));
        assertEquals("4.04", reply.json().path("code").asText());
    }

    @Test
    void aMeterThatDoesNotAnswerIs504() throws Exception {
        lwm2m.answer.completeExceptionally(new MeterUnavailableException("meter m1 did not answer within 10 s"));
        String read = "{\"operation\":\"read\",\"paths\":[\"/3/0\"]}";
        Gateway.Reply reply = gateway.send("POST", "/meters/m1/commands", JSON, read);
        assertEquals(504, reply.status());
        assertEquals("meter m1 did not answer within 10 s", reply.detail());
        assertEquals(
                504, gateway.send("POST", "/meters/m2/commands", JSON, read).status());
        assertEquals(
                404, gateway.send("POST", "/meters/m3/commands", JSON, read).status());
    }

    @Test
    void aCommandTheChannelCannotCarryOutIsTheCallersMistake() throws Exception {
        lwm2m.answer.completeExceptionally(new IllegalArgumentException("a create needs values"));
        Gateway.Reply reply =
                gateway.send("POST", "/meters/m1/commands", JSON, "{\"operation\":\"create\",\"paths\":[\"/3305\"]}");
        assertEquals(400, reply.status());
        assertEquals("a create needs values", reply.detail());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"paths\":[\"/3\"]}#operation is missing",
                "{\"operation\":\"reed\",\"paths\":[\"/3\"]}#operation must be one of read, write, execute",
                "{\"operation\":\"read\"}#a command needs at least one path",
                "{\"operation\":\"read\",\"paths\":[\"/3\",\"/4\"]}#READ takes one path, got 2",
                "{\"operation\":\"read\",\"paths\":[\"3/0\"]}#meter m1 is on no line: paths must be LwM2M paths like /3/0/0",
                "{\"operation\":\"read\",\"paths\":[\"/x\"]}#paths must be LwM2M paths like /3/0/0 or OBIS codes like 1-0:1.8.0, was '/x'",
                "{\"operation\":\"read\",\"paths\":\"/3\"}#paths must be a list of texts, was string",
                "{\"operation\":\"read\",\"paths\":[\"/3\"],\"timeoutSeconds\":0}#timeoutSeconds must be above 0",
                "{\"operation\":\"write\",\"paths\":[\"/3\"],\"values\":{\"/3\":null}}#values./3 must be a number",
                "{\"operation\":\"write\",\"paths\":[\"/3\"],\"values\":{\"/3\":{\"hex\":\"x\"}}}#values./3.hex must be",
                "{\"operation\":\"read\",\"paths\":[\"/3\"],\"path\":1}#unknown field path, expected some of operation",
            })
    void aWrongCommandIsRefusedNamingTheField(String body, String expected) throws Exception {
        Gateway.Reply reply = gateway.send("POST", "/meters/m1/commands", JSON, body);
        assertEquals(400, reply.status());
        assertTrue(reply.detail().startsWith(expected), reply.detail());
    }

    @Test
    void everyAnswerForbidsCachingAndSniffing() throws Exception {
        for (Gateway.Reply reply : List.of(gateway.get("/meters"), gateway.get("/nothing"))) {
            assertEquals("no-store", reply.header("Cache-Control"));
            assertEquals("nosniff", reply.header("X-Content-Type-Options"));
        }
    }

    @Test
    void whatIsNotThereOrNotPossibleIsSaidAsHttpHasIt() throws Exception {
        Gateway.Reply nothing = gateway.get("/nothing");
        assertEquals(404, nothing.status());
        assertEquals(
                "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is nothing at /api/v1/nothing, see /api/v1/openapi.json\"}",
                nothing.json().toString());
        Gateway.Reply method = gateway.send(gateway.to("/health").DELETE());
        assertEquals(405, method.status());
        assertEquals("GET, HEAD, OPTIONS", method.header("Allow"));
        assertEquals("OPTIONS, POST", gateway.get("/meters/import").header("Allow"));
        assertEquals(
                "DELETE, GET, HEAD, OPTIONS, PUT",
                gateway.send("POST", "/meters/m1", JSON, "{}").header("Allow"));
        assertEquals(
                406,
                gateway.send(gateway.to("/meters").header("Accept", "text/html"))
                        .status());
        assertEquals(
                200,
                gateway.send(gateway.to("/meters").header("Accept", "text/html, */*;q=0.1"))
                        .status());
        assertEquals(
                406,
                gateway.send(gateway.to("/meters").header("Accept", "application/json;q=0"))
                        .status());
        assertEquals(415, gateway.send("PUT", "/meters/m1", "text/plain", "{}").status());
        assertEquals(
                415,
                gateway.send(gateway.to("/meters/m1").PUT(BodyPublishers.ofString("{}")))
                        .status());
        assertEquals(
                413,
                gateway.send("PUT", "/meters/m1", JSON, " ".repeat(2_000_000) + "{}")
                        .status());
        assertEquals(
                200,
                gateway.send(gateway.to("/meters").method("HEAD", BodyPublishers.noBody()))
                        .status());
        assertEquals(
                204,
                gateway.send(gateway.to("/meters").method("OPTIONS", BodyPublishers.noBody()))
                        .status());
    }

    @Test
    void pagesOfOtherOriginsAndNamesAreTurnedAway() throws Exception {
        int port = gateway.port();
        String delete = "DELETE /api/v1/meters/m1";
        assertEquals(403, RawHttp.status(port, "GET /api/v1/meters", "evil.example:" + port));
        assertEquals(403, RawHttp.status(port, delete, "127.0.0.1:" + port, "Origin: http://evil.example"));
        assertEquals(403, RawHttp.status(port, delete, "127.0.0.1:" + port, "Origin: http://127.0.0.1:1"));
        assertEquals(403, RawHttp.status(port, delete, "127.0.0.1:" + port, "Origin: null"));
        assertTrue(inventory.find("m1").isPresent());
        assertEquals(200, RawHttp.status(port, "GET /api/v1/meters", "[::1]:" + port));
        assertEquals(204, RawHttp.status(port, delete, "localhost:" + port, "Origin: http://localhost:" + port));
    }

    @Test
    void aPathThatTriesToClimbOutIsRefused() throws Exception {
        assertEquals(400, RawHttp.status(gateway.port(), "GET /api/v1/meters/%2e%2e%2fhealth", "localhost"));
    }

    private static Intake intake(IntakeStatistics statistics) {
        return new Intake() {
            @Override
            public java.util.concurrent.CompletionStage<Receipt> accept(org.meterway.api.codec.Frame frame) {
                throw new UnsupportedOperationException();
            }

            @Override
            public IntakeStatistics statistics() {
                return statistics;
            }
        };
    }

    private static Ledger ledger() {
        return (meters, from, to) -> meters.stream()
                .map(meter -> new Ledger.Integrity(meter, 48, meter.equals("m1") ? 48 : 24))
                .toList();
    }
}
