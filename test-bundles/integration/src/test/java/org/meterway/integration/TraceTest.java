// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;

/** Raw frames, parking, trace and replay in the assembled gateway, with its own codecs. */
@Timeout(300)
class TraceTest {
    private static final String METER = "{\"serial\":\"1\",\"model\":\"london-30min\",\"state\":\"active\"}";
    private static final String PACK =
            "[{\"n\":\"1-0:1.8.0\",\"u\":\"Wh\",\"v\":1234.5,\"t\":1732060800},{\"n\":\"1-0:1.8.0\",\"u\":\"Wh\",\"v\":1240,\"t\":1732062600}]";
    private static final String READINGS =
            "/api/v1/readings?meter=m1&from=2024-11-20T00:00:00Z&to=2024-11-21T00:00:00Z&versions=all";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path data;

    private JsonNode post(House house, String path, String type, String body, int expected) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + house.httpPort + "/api/v1" + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(expected, response.statusCode(), response.body());
        return new ObjectMapper().readTree(response.body());
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "still not after 60 s: " + what);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void aFrameIsTracedToItsBytesAndReplayedWithoutADifference() throws Exception {
        try (House house = House.open(data)) {
            assertTrue(house.put("/api/v1/meters/m1", METER) < 300);
            JsonNode taken = post(house, "/frames/m1?codec=senml-json", "application/octet-stream", PACK, 201);
            assertEquals(2, taken.path("readings").asInt());
            JsonNode trace = house.get("/api/v1/readings/m1/1-0:1.8.0/trace?start=2024-11-20T00:00:00Z");
            assertEquals("1234.5", trace.path("value").asText());
            assertEquals(
                    taken.path("message").asLong(),
                    trace.path("message").path("number").asLong());
            assertEquals("http", trace.path("message").path("channel").asText());
            assertEquals(
                    PACK.length() * 2,
                    trace.path("message").path("bytes").asText().length());
            assertTrue(trace.path("decodedNow").path("sameCodec").asBoolean());
            assertTrue(trace.path("decodedNow").path("sameValue").asBoolean());
            assertTrue(trace.path("decodedNow").path("fields").size() >= 2, trace.toString());

            post(house, "/replays", "application/json", "{\"meter\":\"m1\",\"apply\":true}", 202);
            await(() -> house.get("/api/v1/replays/1").path("state").asText().equals("applied"), "the replay ends");
            JsonNode replay = house.get("/api/v1/replays/1");
            assertEquals(2, replay.path("same").asInt());
            assertEquals(0, replay.path("changed").asInt());
        }
    }

    @Test
    void whatCannotBeDecodedIsParkedAndDecodedAfterARestartWhenItsCodecIsBack() throws Exception {
        try (House house = House.open(data)) {
            assertTrue(house.put("/api/v1/meters/m1", METER) < 300);
            house.bundle("org.meterway.senml").stop();
            assertEquals(
                    0,
                    post(house, "/frames/m1?codec=senml-json", "text/plain", PACK, 201)
                            .path("readings")
                            .asInt());
            await(
                    () -> house.get("/api/v1/parked?meter=m1").path("items").size() == 1,
                    "the frame is parked with its settling");
            assertEquals(
                    1,
                    house.get("/api/v1/health").path("messages").path("parked").asInt());
            assertEquals(0, house.get(READINGS).path("items").size());
        }
        try (House house = House.open(data)) {
            await(() -> house.get(READINGS).path("items").size() == 2, "the frame is decoded");
            assertEquals(
                    "1240",
                    house.get(READINGS).path("items").get(1).path("value").asText());
            await(() -> house.get("/api/v1/parked").path("items").isEmpty(), "nothing is parked any more");
            JsonNode trace = house.get("/api/v1/readings/m1/1-0:1.8.0/trace?start=2024-11-20T00:30:00Z");
            assertEquals("senml-json", trace.path("message").path("codec").asText());

            JsonNode refused = post(house, "/frames/m1?codec=mbus", "text/hex", "68 04 04 68 08 01 72 00 ff 16", 422);
            assertTrue(
                    refused.path("field").isTextual() && refused.path("offset").isInt(), refused.toString());
            JsonNode parked = house.get("/api/v1/parked?meter=m1").path("items").get(0);
            assertEquals("6804046808017200ff16", parked.path("bytes").asText());
            assertEquals(refused.path("field").asText(), parked.path("field").asText());
            assertEquals("mbus", parked.path("codec").asText());
        }
    }

    /** Two DLMS frames of one meter, ciphered (from the tests of u9n/dlms-cosem), invocation counters 1E5 and 1E7. */
    private static final String CIPHERED =
            "0001000100010046db082f192291991641033b30000001e5025ce9d2271fd78be8c204211a916a9d7f587e0a7a814cadea89e9593f01f9"
                    + "2ea8c087b5bdfdefeab6becf282dfe49c08f5be6dc8400";

    private static final String LATER =
            "0001000100010046db082f192291991641033b30000001e71c2bbc3ffb9a4e3978f26bfaf5e941e269a2b61d47b4361b2f5b1d22f5a04ef"
                    + "f708c9ffb493c40163a0e1978b7449cec9ccae08d1944";

    private static final String KEYS =
            ",\"keys\":{\"encryption_key\":\"4d5944554d4d59474c4f42414c4b4559\",\"authentication_key\":\"4d5944554d4d59474c4f42414c4b4559\"}}";

    @Test
    void aCipheredFrameWaitsForItsKeyAndIsNotTakenTwice() throws Exception {
        try (House house = House.open(data)) {
            assertTrue(house.put("/api/v1/meters/m1", METER) < 300);
            post(house, "/frames/m1?codec=dlms", "text/hex", CIPHERED, 422);
            assertEquals(
                    1, house.get("/api/v1/parked?meter=m1").path("items").size(), "without a key it cannot be read");
            assertTrue(house.put("/api/v1/meters/m1", METER.substring(0, METER.length() - 1) + KEYS) < 300);
            post(house, "/parked/retry", "application/json", "{\"meter\":\"m1\"}", 202);
            await(() -> house.get("/api/v1/parked").path("items").isEmpty(), "it is read with its key");
            assertEquals(
                    "invocation counter",
                    post(house, "/frames/m1?codec=dlms", "text/hex", CIPHERED, 422)
                            .path("field")
                            .asText());
        }
        try (House house = House.open(data)) {
            post(house, "/frames/m1?codec=dlms", "text/hex", CIPHERED, 422);
            post(house, "/frames/m1?codec=dlms", "text/hex", LATER, 201);
            post(house, "/frames/m1?codec=dlms", "text/hex", LATER, 422);
        }
    }
}
