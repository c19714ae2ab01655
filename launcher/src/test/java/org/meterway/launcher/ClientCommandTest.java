// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClientCommandTest {
    private record Canned(int status, String body) {}

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, Canned> answers = new ConcurrentHashMap<>();
    private final List<String> bodies = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Canned answer = answers.getOrDefault(
                    exchange.getRequestMethod() + " "
                            + exchange.getRequestURI().toString().substring("/api/v1/".length()),
                    new Canned(404, "{\"title\":\"Not found\",\"detail\":\"" + exchange.getRequestURI() + "\"}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void metersArePrintedAsATableOverAllPages() {
        answers.put(
                "GET meters?search=x%26y&limit=1000",
                new Canned(
                        200,
                        "{\"items\":[{\"id\":\"m1\",\"serial\":\"S1\",\"connection\":{\"state\":\"registered\"}}],\"next\":\"c\"}"));
        answers.put(
                "GET meters?search=x%26y&limit=999&cursor=c",
                new Canned(200, "{\"items\":[{\"id\":\"meter2\",\"serial\":null}],\"next\":null}"));

        assertEquals(0, client("meters", "--search", "x&y"), err.toString());

        List<String> lines = out.toString().lines().toList();
        assertEquals(
                List.of("ID", "SERIAL", "VENDOR", "MODEL", "ZONE", "STATE", "STATE", "LAST", "SEEN"),
                words(lines.get(0)));
        assertEquals(List.of("m1", "S1", "registered"), words(lines.get(1)));
        assertEquals(List.of("meter2"), words(lines.get(2)));
    }

    @Test
    void aReplayIsFollowedToItsEndAndItsDifferencesPrinted() {
        String counts = ",\"frames\":4,\"changed\":1,\"added\":0,\"vanished\":0,\"same\":2,\"rejected\":0,"
                + "\"undecodable\":0,\"differences\":1,\"failure\":null}";
        answers.put("POST replays", new Canned(202, "{\"id\":3,\"state\":\"previewing\",\"progress\":0.5" + counts));
        answers.put("GET replays/3", new Canned(200, "{\"id\":3,\"state\":\"previewed\",\"progress\":1" + counts));
        answers.put(
                "GET replays/3/differences?limit=100",
                new Canned(
                        200,
                        "{\"items\":[{\"meter\":\"m1\",\"quantity\":\"1-0:1.8.0\",\"start\":\"T\",\"kind\":\"changed\","
                                + "\"before\":{\"value\":\"50\"},\"after\":{\"value\":\"5\"},\"unit\":\"Wh\",\"message\":17}]}"));
        assertEquals(0, client("replay", "--meter", "m1", "--why", "scale"), err.toString());
        assertTrue(bodies.contains("{\"meter\":\"m1\",\"why\":\"scale\",\"apply\":false}"), bodies.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(List.of("m1", "1-0:1.8.0", "T", "changed", "50", "5", "Wh", "17"), words(lines.get(1)));
        assertTrue(lines.get(2).startsWith("previewed: 4 messages, 1 values changed"), lines.get(2));
        assertTrue(err.toString().contains("previewing 50 %, 4 messages"), err.toString());
        answers.put("POST replays", new Canned(202, "{\"id\":3,\"state\":\"failed\",\"progress\":1" + counts));
        assertEquals(1, client("replay", "--limit", "0"));
    }

    @Test
    void aTraceShowsBytesAndFields() {
        answers.put(
                "GET readings/m1/1-0%3A1.8.0/trace?start=2026-11-20T00%3A00%3A00Z",
                new Canned(
                        200,
                        "{\"value\":\"5\",\"unit\":\"Wh\",\"quality\":[\"measured\"],\"message\":{\"number\":17,\"bytes\":\"7ea0\"},"
                                + "\"decodedNow\":{\"codec\":\"dlms\",\"codecVersion\":\"1.0\",\"value\":\"5\",\"rejection\":null,"
                                + "\"fields\":[{\"part\":\"\",\"offset\":0,\"length\":1,\"meaning\":\"flag\"}]},\"versions\":[]}"));
        assertEquals(0, client("trace", "m1", "1-0:1.8.0", "2026-11-20T00:00:00Z"), err.toString());
        assertTrue(out.toString().contains("7ea0"), out.toString());
        assertTrue(out.toString().contains("flag"), out.toString());
    }

    @Test
    void linesAreListedWithTheirMeters() {
        answers.put(
                "GET lines",
                new Canned(
                        200,
                        "{\"items\":[{\"name\":\"north\",\"port\":\"/dev/ttyUSB0\",\"open\":true,\"waiting\":0,\"text\":\"fine\","
                                + "\"meters\":[{\"meter\":\"m1\",\"protocol\":\"dlt645\",\"address\":\"161\",\"state\":\"answering\"}]}]}"));
        assertEquals(0, client("lines", "list"), err.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(List.of("north", "/dev/ttyUSB0", "true", "0", "fine"), words(lines.get(1)));
        assertEquals(List.of("north", "m1", "dlt645", "161", "answering"), words(lines.get(4)));
    }

    @Test
    void aProbeIsFollowedToItsEndAndExitsWith1WhenNothingAnswers() {
        String running = "{\"state\":\"running\",\"tried\":0,\"trials\":2,\"text\":\"tries dlt645\",\"found\":[]}";
        answers.put("POST lines/north/probe", new Canned(202, running));
        answers.put(
                "GET lines/north/probe",
                new Canned(
                        200,
                        "{\"state\":\"ended\",\"tried\":2,\"trials\":2,\"text\":\"1 protocols answered\","
                                + "\"found\":[{\"protocol\":\"dlt645\",\"settings\":\"2400 8E1\",\"address\":\"AA\",\"answer\":\"161\"}]}"));
        assertEquals(0, client("lines", "probe", "north", "--protocol", "dlt645", "--address", "AA"), err.toString());
        assertTrue(bodies.contains("{\"address\":\"AA\",\"protocols\":[\"dlt645\"]}"), bodies.toString());
        assertTrue(err.toString().contains("0/2  tries dlt645"), err.toString());
        assertTrue(out.toString().contains("2400 8E1"), out.toString());
        answers.put(
                "POST lines/south/probe",
                new Canned(202, "{\"state\":\"ended\",\"text\":\"nothing answered\",\"found\":[]}"));
        assertEquals(1, client("lines", "probe", "south"), err.toString());
    }

    @Test
    void jsonIsForScripts() throws IOException {
        answers.put(
                "GET readings?meter=m1&from=2026-11-20T00:00:00Z&limit=1000".replace(":", "%3A"),
                new Canned(200, "{\"items\":[{\"value\":\"1.20\"}],\"next\":null}"));

        assertEquals(0, client("readings", "--meter", "m1", "--from", "2026-11-20", "--json"), err.toString());

        assertEquals(
                "1.20", Rest.JSON.readTree(out.toString()).at("/items/0/value").asText());
    }

    @Test
    void aGatewayThatIsDownIsShownWithExitCode1() {
        answers.put(
                "GET health",
                new Canned(
                        503,
                        "{\"status\":\"down\",\"components\":[{\"name\":\"store\",\"status\":\"down\",\"text\":\"disk full\"}]}"));

        assertEquals(1, client("health"));

        assertTrue(out.toString().contains("disk full"), out.toString());
    }

    @Test
    void errorsOfAnImportNameLineAndColumn() throws IOException {
        Path file = Files.writeString(folder.resolve("meters.csv"), "id\n");
        answers.put(
                "POST meters/import",
                new Canned(
                        422,
                        "{\"title\":\"Not imported\",\"errors\":[{\"line\":3,\"column\":\"serial\",\"message\":\"is empty\"}]}"));

        assertEquals(1, client("import", file.toString()));

        assertEquals(
                "meterway: Not imported: line 3, column serial: is empty",
                err.toString().trim());
    }

    @Test
    void aCommandSendsPathsAndValuesAndARefusalIsExitCode1() throws IOException {
        answers.put(
                "POST meters/m%201/commands",
                new Canned(200, "{\"code\":\"4.05\",\"success\":false,\"text\":\"not allowed\"}"));

        assertEquals(1, client("command", "m 1", "write", "/3/0/15=Europe/London"));

        assertEquals("4.05 not allowed", out.toString().trim());
        assertEquals(
                "Europe/London",
                Rest.JSON.readTree(bodies.get(0)).path("values").path("/3/0/15").asText());
        assertEquals("/3/0/15", Rest.JSON.readTree(bodies.get(0)).at("/paths/0").asText());
    }

    @Test
    void nobodyThereIsOneLineAndExitCode1() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertEquals(1, execute("client", "health", "--url", "http://127.0.0.1:" + free));

        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().contains("no gateway answers on http://127.0.0.1:" + free + "/"), err.toString());
    }

    @Test
    void aTimeThatIsNoneIsMisuse() {
        assertEquals(2, client("integrity", "--from", "yesterday", "--to", "2026-11-20"));
        assertTrue(err.toString().contains("--from must be a day like"), err.toString());
    }

    private static List<String> words(String line) {
        return List.of(line.trim().split("\\s+"));
    }

    private int client(String... args) {
        List<String> all = new ArrayList<>(List.of("client"));
        all.addAll(List.of(args));
        all.add("--url");
        all.add("http://127.0.0.1:" + server.getAddress().getPort());
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... args) {
        CommandLine line = Main.commandLine();
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
