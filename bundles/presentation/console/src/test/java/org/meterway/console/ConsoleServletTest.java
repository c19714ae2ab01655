// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConsoleServletTest {
    private static TestServer server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(0, Clock.systemUTC(), 1);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void theRootLeadsToTheConsole() throws Exception {
        assertEquals("/console/", get("/").headers().firstValue("Location").orElseThrow());
        assertEquals(
                "/console/", get("/console").headers().firstValue("Location").orElseThrow());
    }

    @Test
    void thePolicyNamesTheImportMapsExactBytes() throws Exception {
        HttpResponse<String> page = get("/console/");
        Matcher map = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page.body());
        assertTrue(map.find());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.contains(Sha256.source(map.group(1).getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        assertFalse(policy.contains("unsafe"));
    }

    @Test
    void everyAddressBelowTheConsoleIsTheOnePage() throws Exception {
        assertEquals(
                get("/console/").body(), get("/console/meters/m.1?search=x").body());
    }

    @Test
    void anAssetIsKeptForEverAndComparedByItsTag() throws Exception {
        String asset = asset();
        HttpResponse<String> first = get(asset);
        assertEquals(200, first.statusCode());
        assertTrue(first.headers().firstValue("Cache-Control").orElseThrow().contains("immutable"));
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, get(asset, "If-None-Match", tag).statusCode());
    }

    @Test
    void aCompressedAssetHasATagOfItsOwn() throws Exception {
        String asset = asset();
        HttpResponse<String> compressed = get(asset, "Accept-Encoding", "br, gzip");
        assertEquals("gzip", compressed.headers().firstValue("Content-Encoding").orElseThrow());
        assertFalse(get(asset)
                .headers()
                .firstValue("ETag")
                .equals(compressed.headers().firstValue("ETag")));
        assertTrue(get(asset, "Accept-Encoding", "gzip;q=0")
                .headers()
                .firstValue("Content-Encoding")
                .isEmpty());
    }

    @Test
    void aFileTheConsoleHasNotIsNotFound() throws Exception {
        assertEquals(404, get("/console/assets/app-00000000.js").statusCode());
        assertEquals(404, get("/console/assets/index.html").statusCode());
    }

    private static String asset() throws Exception {
        Matcher asset = Pattern.compile("src=\"(/console/assets/app-[^\"]+)\"")
                .matcher(get("/console/").body());
        assertTrue(asset.find());
        return asset.group(1);
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (headers.length > 0) request.headers(headers);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
