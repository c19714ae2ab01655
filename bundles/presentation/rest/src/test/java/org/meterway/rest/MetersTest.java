// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.channel.Connection;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MetersTest {
    private static final String JSON = "application/json";

    private final TestInventory inventory = new TestInventory();
    private final TestChannel lwm2m = new TestChannel("lwm2m");
    private final TestChannel coap = new TestChannel("coap");
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway("import.limit.bytes", 1_000);
        gateway.services.inventory = inventory;
        gateway.services.channels = List.of(coap, lwm2m);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static List<String> ids(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(item -> item.path("id").asText())
                .toList();
    }

    @Test
    void theZonesOfMetersAreListedByName() throws Exception {
        for (String meter : List.of("m1 north", "m2 south", "m3 north")) {
            String[] idAndZone = meter.split(" ");
            inventory.put(Meter.builder(idAndZone[0]).zone(idAndZone[1]).build());
        }
        inventory.put(Meter.builder("m4").build());
        assertEquals(
                "{\"items\":[{\"zone\":\"north\",\"meters\":2},{\"zone\":\"south\",\"meters\":1}]}",
                gateway.get("/zones").json().toString());
    }

    @Test
    void aMeterWithoutTimeZoneIsInUtc() throws Exception {
        inventory.put(Meter.builder("m1").build());
        assertEquals("UTC", gateway.get("/meters/m1").json().path("timeZone").asText());
    }

    @Test
    void aMeterIsShownWithItsConnectionAndWithoutSecrets() throws Exception {
        String body =
                "{\"id\":\"m1\",\"endpoint\":\"ep\",\"serial\":\"S1\",\"vendor\":\"V\",\"model\":\"generic\",\"zone\":\"z\",\"tags\":[\"vip\"],"
                        + "\"place\":{\"latitude\":51.5,\"longitude\":-0.1},\"timeZone\":\"Europe/London\",\"state\":\"active\","
                        + "\"psk\":{\"identity\":\"who\",\"keyHex\":\"00ff\"}}";
        Gateway.Reply created = gateway.send("PUT", "/meters/m1", JSON, body);
        assertEquals(201, created.status());
        assertFalse(new String(created.response().body(), StandardCharsets.UTF_8).contains("00ff"));
        assertEquals(List.of(new Credential.PreSharedKey("who", new byte[] {0, -1})), inventory.credentials("m1"));
        lwm2m.connections.put(
                "m1",
                new Connection("lwm2m", Connection.State.ASLEEP, "127.0.0.1:1", Instant.parse("2026-11-20T10:00:00Z")));
        coap.connections.put(
                "m1",
                new Connection(
                        "coap", Connection.State.UNREGISTERED, "127.0.0.1:2", Instant.parse("2026-11-20T11:00:00Z")));
        JsonNode meter = gateway.get("/meters/m1").json();
        assertEquals(
                "{\"id\":\"m1\",\"endpoint\":\"ep\",\"serial\":\"S1\",\"vendor\":\"V\",\"model\":\"generic\",\"zone\":\"z\",\"tags\":[\"vip\"],"
                        + "\"place\":{\"latitude\":51.5,\"longitude\":-0.1},\"timeZone\":\"Europe/London\",\"state\":\"active\",\"line\":null,"
                        + "\"connection\":{\"state\":\"asleep\",\"channel\":\"lwm2m\",\"address\":\"127.0.0.1:1\","
                        + "\"lastSeen\":\"2026-11-20T10:00:00Z\"},\"credentials\":[\"psk\"],\"keyNames\":[]}",
                meter.toString());
        // what was read can be put again: credentials stay, connection and credentials are ignored
        assertEquals(
                200, gateway.send("PUT", "/meters/m1", JSON, meter.toString()).status());
        assertEquals(1, inventory.credentials("m1").size());
        assertEquals(
                200, gateway.send("PUT", "/meters/m1", JSON, "{\"psk\":null}").status());
        assertEquals(List.of(), inventory.credentials("m1"));
        assertEquals("m1", inventory.find("m1").orElseThrow().endpoint());
    }

    @Test
    void aLineAddressAndApplicationKeysGoInAndTheKeysDoNotComeOut() throws Exception {
        String body =
                "{\"line\":{\"line\":\"north-1\",\"protocol\":\"dlms\",\"address\":\"17\",\"options\":{\"clientSap\":\"16\"}},"
                        + "\"keys\":{\"encryption_key\":\"00ff\",\"password\":\"3132\"}}";
        Gateway.Reply created = gateway.send("PUT", "/meters/m1", JSON, body);
        assertEquals(201, created.status());
        JsonNode meter = created.json();
        assertEquals(
                "{\"line\":\"north-1\",\"protocol\":\"dlms\",\"address\":\"17\",\"options\":{\"clientSap\":\"16\"}}",
                meter.path("line").toString());
        assertEquals("[\"encryption_key\",\"password\"]", meter.path("keyNames").toString());
        assertFalse(meter.has("keys"));
        assertFalse(meter.toString().contains("00ff"));
        assertArrayEquals(
                new byte[] {0, -1}, inventory.key("m1", "encryption_key").orElseThrow());
        // what was read can be put again; a key that says null goes
        assertEquals(
                meter, gateway.send("PUT", "/meters/m1", JSON, meter.toString()).json());
        JsonNode less = gateway.send("PUT", "/meters/m1", JSON, "{\"keys\":{\"password\":null}}")
                .json();
        assertEquals("[\"encryption_key\"]", less.path("keyNames").toString());
        assertTrue(less.path("line").isNull());
    }

    @Test
    void aMeterNeverSeenHasNoConnection() throws Exception {
        inventory.put(Meter.builder("m1").build());
        JsonNode connection = gateway.get("/meters/m1").json().path("connection");
        assertEquals(
                "{\"state\":\"never\",\"channel\":null,\"address\":null,\"lastSeen\":null}", connection.toString());
        assertTrue(gateway.get("/meters/m1").json().path("place").isNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"zone\":5}#zone must be a text, was number",
                "{\"colour\":1}#unknown field colour, expected some of id",
                "{\"place\":{\"latitude\":91,\"longitude\":0}}#latitude must be -90 to 90",
                "{\"place\":{\"latitude\":1}}#place.longitude is missing",
                "{\"place\":{\"latitude\":\"1\",\"longitude\":0}}#place.latitude must be a number, was string",
                "{\"timeZone\":\"Mars\"}#timeZone 'Mars' is no time zone",
                "{\"state\":\"lost\"}#state must be one of planned, active, retired",
                "{\"psk\":{\"identity\":\"x\",\"keyHex\":\"0g\"}}#psk.keyHex must be an even number of hex digits",
                "{\"psk\":{\"identity\":\"x\"}}#psk.keyHex is missing",
                "{\"line\":{\"line\":\"a b\",\"protocol\":\"dlms\"}}#line must be 1–64 characters",
                "{\"line\":{\"line\":\"a\"}}#line.protocol is missing",
                "{\"line\":{\"line\":\"a\",\"protocol\":\"dlms\",\"options\":{\"x\":1}}}#line.options.x must be a text, was number",
                "{\"keys\":{\"password\":\"xx\"}}#keys.password must be an even number of hex digits",
                "{\"keys\":{\"password\":\"\"}}#keys.password has no bytes",
                "{\"keys\":{\"pass word\":\"00\"}}#keys.pass word: a name has",
                "{\"id\":\"other\"}#id must be that of the path",
                "{\"zone\":\"a\",\"zone\":\"b\"}#the body is not JSON: line 1, column",
                "[]#the body must be a JSON object",
                "{} {}#the body is not JSON: line 1, column",
            })
    void aWrongBodyIsRefusedNamingTheField(String body, String expected) throws Exception {
        Gateway.Reply reply = gateway.send("PUT", "/meters/m1", JSON, body);
        assertEquals(400, reply.status());
        assertTrue(reply.detail().startsWith(expected), reply.detail());
        assertEquals("application/problem+json", reply.header("Content-Type"));
        assertEquals(0, inventory.size());
    }

    @Test
    void malformedJsonIsNamedByLineAndColumn() throws Exception {
        Gateway.Reply reply = gateway.send("PUT", "/meters/m1", JSON, "{\"zone\":\n  oops}");
        assertEquals(400, reply.status());
        JsonNode error = reply.json().path("errors").path(0);
        assertEquals(2, error.path("line").asInt());
        assertEquals("3", error.path("column").asText());
    }

    @Test
    void anIdThatCannotBeAndAnEndpointThatIsTakenAreRefused() throws Exception {
        assertEquals(400, gateway.send("PUT", "/meters/no%20good", JSON, "{}").status());
        inventory.put(Meter.builder("m1").endpoint("ep").build());
        Gateway.Reply taken = gateway.send("PUT", "/meters/m2", JSON, "{\"endpoint\":\"ep\"}");
        assertEquals(409, taken.status());
        assertTrue(taken.detail().contains("m1"), taken.detail());
    }

    @Test
    void aMeterIsRemovedOnce() throws Exception {
        inventory.put(Meter.builder("m1").build());
        assertEquals(204, gateway.send(gateway.to("/meters/m1").DELETE()).status());
        assertEquals(404, gateway.send(gateway.to("/meters/m1").DELETE()).status());
        assertEquals(404, gateway.get("/meters/m1").status());
        assertEquals(
                "there is no meter 'm1'", gateway.get("/meters/m1/registers").detail());
    }

    @Test
    void aStoreThatFailsIsAnswered503() throws Exception {
        inventory.failing = true;
        Gateway.Reply reply = gateway.send("PUT", "/meters/m1", JSON, "{}");
        assertEquals(503, reply.status());
        assertTrue(reply.detail().contains("disk full"));
    }

    @Test
    void pagesTogetherAreTheWholeListInOrder() throws Exception {
        for (int i = 0; i < 95; i++) {
            inventory.put(Meter.builder("m" + i).zone("z" + i % 7).build());
        }
        for (String sort : List.of("id", "-id", "zone", "-zone", "state", "lastSeen")) {
            List<String> found = new ArrayList<>();
            List<String> zones = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = gateway.get(
                                "/meters?limit=10&sort=" + sort + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                        .json();
                assertEquals(95, page.path("total").asInt());
                found.addAll(ids(page));
                page.path("items").forEach(item -> zones.add(item.path("zone").asText()));
                cursor = page.path("next").asText("");
                assertTrue(!page.path("next").isNull() || found.size() == 95);
                cursor = page.path("next").isNull() ? "" : cursor;
            } while (!cursor.isEmpty());
            assertEquals(95, found.stream().distinct().count(), sort);
            assertEquals(95, found.size(), sort);
            if (sort.endsWith("zone")) {
                List<String> expected = new ArrayList<>(zones);
                expected.sort(sort.startsWith("-") ? java.util.Comparator.reverseOrder() : null);
                assertEquals(expected, zones);
            }
        }
    }

    @Test
    void metersAreFoundByTextZoneVendorAndState() throws Exception {
        inventory.put(Meter.builder("a1")
                .serial("XYZ-77")
                .zone("north")
                .vendor("Acme")
                .build());
        inventory.put(Meter.builder("a2")
                .zone("north")
                .vendor("Other")
                .state(MeterState.ACTIVE)
                .build());
        inventory.put(Meter.builder("a3").zone("south").vendor("Acme").build());
        assertEquals(List.of("a1"), ids(gateway.get("/meters?search=yz-7").json()));
        assertEquals(List.of("a1", "a2"), ids(gateway.get("/meters?zone=north").json()));
        assertEquals(List.of("a1", "a3"), ids(gateway.get("/meters?vendor=Acme").json()));
        assertEquals(List.of("a2"), ids(gateway.get("/meters?state=active").json()));
        assertEquals(
                List.of("a3", "a2", "a1"), ids(gateway.get("/meters?sort=-id").json()));
        JsonNode none = gateway.get("/meters?search=nothing").json();
        assertEquals("{\"items\":[],\"next\":null,\"total\":0}", none.toString());
    }

    @Test
    void metersAreSortedByWhenTheyWereSeenLast() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            inventory.put(Meter.builder(id).build());
        }
        lwm2m.connections.put(
                "a", new Connection("lwm2m", Connection.State.REGISTERED, "x", Instant.ofEpochSecond(100)));
        coap.connections.put(
                "b", new Connection("coap", Connection.State.UNREGISTERED, "x", Instant.ofEpochSecond(90)));
        assertEquals(
                List.of("a", "b", "c"),
                ids(gateway.get("/meters?sort=-lastSeen").json()));
        assertEquals(
                List.of("c", "b", "a"), ids(gateway.get("/meters?sort=lastSeen").json()));
    }

    @Test
    void aHundredThousandMetersAreListed() throws Exception {
        IntStream.range(0, 100_000)
                .forEach(i -> inventory.meters.put(
                        "m" + i,
                        Meter.builder("m" + i)
                                .serial("S" + i * 7)
                                .zone("z" + i % 50)
                                .build()));
        JsonNode page =
                gateway.get("/meters?search=s69999&sort=-serial&limit=2").json();
        // serial numbers are multiples of 7, up to S699993
        assertEquals(List.of("m99999"), ids(page));
        assertEquals(
                100_000, gateway.get("/meters?sort=zone").json().path("total").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "limit=0#the parameter limit must be a whole number from 1 to 1000, was '0'",
                "limit=x#the parameter limit must be a whole number from 1 to 1000, was 'x'",
                "sort=colour#the parameter sort must be one of id, -id, serial",
                "state=lost#the parameter state must be one of planned, active, retired, was 'lost'",
                "cursor=x#the parameter cursor must be the next of the page before, was 'x'",
                "colour=red#unknown parameter 'colour', possible here: search, zone, vendor, state, sort, limit, cursor",
                "zone=a&zone=b#the parameter zone is given 2 times",
            })
    void wrongParametersAreRefusedSayingWhatIsPossible(String query, String expected) throws Exception {
        Gateway.Reply reply = gateway.get("/meters?" + query);
        assertEquals(400, reply.status());
        assertTrue(reply.detail().startsWith(expected), reply.detail());
    }

    @Test
    void aQueryThatIsNoTextIsRefused() throws Exception {
        assertEquals(400, RawHttp.status(gateway.port(), "GET /api/v1/meters?zone=%zz", "localhost"));
    }

    @Test
    void anImportTakesAllLinesOrNone() throws Exception {
        Gateway.Reply good = gateway.send("POST", "/meters/import", "text/csv; charset=utf-8", "id\nm1\nm2\n");
        assertEquals(200, good.status());
        assertEquals("{\"imported\":2}", good.json().toString());
        Gateway.Reply bad = gateway.send("POST", "/meters/import", "text/csv", "id\nm3\nbad\n");
        assertEquals(422, bad.status());
        assertEquals(
                "[{\"line\":3,\"column\":\"id\",\"message\":\"is bad\"}]",
                bad.json().path("errors").toString());
        assertNull(inventory.meters.get("m3"));
    }

    @Test
    void anImportThatIsTooLargeIsRefusedWhetherItsLengthIsAnnouncedOrNot() throws Exception {
        String csv = "id\n" + "m1\n".repeat(1_000);
        assertEquals(
                413, gateway.send("POST", "/meters/import", "text/csv", csv).status());
        byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
        Gateway.Reply chunked = gateway.send(gateway.to("/meters/import")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))));
        assertEquals(413, chunked.status());
        assertEquals(0, inventory.size());
    }
}
