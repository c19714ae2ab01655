// SPDX-License-Identifier: EPL-2.0
package org.meterway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.util.converter.Converters;

/** With the whiteboard in a real framework, and over real sockets. */
class HttpServerTest {
    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Framework framework;
    private BundleContext context;
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString(), "felix.log.level", "0"));
        framework.start();
        context = framework.getBundleContext();
        port = freePort();
        server = new HttpServer(context, config("port", port, "request.limit.bytes", 2048));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void aServletAnswersWhileItIsRegistered() throws Exception {
        assertEquals(404, get("/hello").statusCode());

        ServiceRegistration<Servlet> registration = register("/hello");
        assertEquals("hello", get("/hello").body());

        registration.unregister();
        assertEquals(404, get("/hello").statusCode());
    }

    @Test
    void deactivationFreesThePortAndASecondActivationServesTheSameServlet() throws Exception {
        register("/hello");
        server.stop();
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();

        server = new HttpServer(context, config("port", port));

        assertEquals("hello", get("/hello").body());
    }

    @Test
    void aPortInUseIsSaidAndLeavesNothingBehind() {
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> new HttpServer(context, config("port", port)));

        assertTrue(failure.getMessage().contains("TCP port " + port), failure.getMessage());
        assertEquals(
                1,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("meterway-http")
                                && thread.getName().contains("-acceptor-"))
                        .count());
    }

    @Test
    void anAddressOthersCanReachIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> new HttpServer(context, config("host", "0.0.0.0", "port", 0)));

        assertTrue(refusal.getMessage().contains("there are no roles yet"), refusal.getMessage());
    }

    @Test
    void everyAnswerCarriesTheSecurityHeadersUnlessTheServletSetsItsOwn() throws Exception {
        register("/hello");

        for (String path : new String[] {"/hello", "/nothing"}) {
            HttpResponse<String> answer = get(path);
            assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
            assertEquals("DENY", header(answer, "X-Frame-Options"));
            assertTrue(header(answer, "Content-Security-Policy").startsWith("default-src 'none'"));
            assertTrue(answer.headers().firstValue("Server").isEmpty());
        }
        assertEquals("default-src 'self'", header(get("/hello?csp=1"), "Content-Security-Policy"));
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        register("/hello");

        assertEquals(200, post("/hello", "x".repeat(2048)).statusCode());
        assertEquals(413, post("/hello", "x".repeat(2049)).statusCode());
    }

    @Test
    void aLongAnswerIsPackedForThoseWhoAskForIt() throws Exception {
        register("/hello");

        HttpResponse<String> packed = client.send(
                request("/hello?long=1").header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofString());

        assertEquals("gzip", header(packed, "Content-Encoding"));
        assertTrue(packed.body().length() < 1000);
        assertTrue(get("/hello?long=1").headers().firstValue("Content-Encoding").isEmpty());
    }

    @Test
    void http2IsSpokenInClear() throws Exception {
        register("/hello");

        HttpResponse<String> answer = client.send(
                request("/hello").version(HttpClient.Version.HTTP_2).build(), HttpResponse.BodyHandlers.ofString());

        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        assertEquals("hello", answer.body());
    }

    @Test
    void somebodyElsesPageCannotWrite() throws Exception {
        register("/hello");

        assertEquals(200, postFrom("http://127.0.0.1:" + port));
        assertEquals(403, postFrom("http://127.0.0.1:" + (port == 1 ? 2 : port - 1)));
        assertEquals(403, postFrom("https://example.org"));
        assertEquals(403, postFrom("null"));
    }

    @Test
    void aNameThatIsNotThisMachinesIsRefused() throws Exception {
        register("/hello");

        assertTrue(raw("Host: example.org:" + port).startsWith("HTTP/1.1 403"));
        assertTrue(raw("Host: localhost:" + port).startsWith("HTTP/1.1 200"));
    }

    private int postFrom(String origin) throws Exception {
        return client.send(
                        request("/hello")
                                .header("Origin", origin)
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** The client sets the host itself, so this request is written by hand. */
    private String raw(String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /hello HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1);
    }

    private ServiceRegistration<Servlet> register(String pattern) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", pattern);
        return context.registerService(Servlet.class, new Hello(), properties);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }

    private static Config config(Object... values) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put((String) values[i], values[i + 1]);
        }
        return Converters.standardConverter().convert(map).to(Config.class);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Hello extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getParameter("csp") != null) {
                response.setHeader("Content-Security-Policy", "default-src 'self'");
            }
            response.setContentType("text/plain");
            response.getWriter().write(request.getParameter("long") == null ? "hello" : "hello ".repeat(1000));
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
        }
    }
}
