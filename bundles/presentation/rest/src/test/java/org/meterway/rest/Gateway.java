// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.util.converter.Converters;

/** The servlet in a real Jetty on a free port of loopback, with a real client. */
final class Gateway implements AutoCloseable {
    static final Instant NOW = Instant.parse("2035-11-20T10:00:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final Services services = new Services();
    final Rest rest;
    private final Server server = new Server();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final int port;

    Gateway(Object... settings) throws Exception {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        Config config = Converters.standardConverter().convert(map).to(Config.class);
        rest = new Rest(services, "0.1.0", config, Clock.fixed(NOW, ZoneOffset.UTC));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(rest);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/api/v1/*");
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    int port() {
        return port;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .timeout(Duration.ofSeconds(30));
    }

    Reply get(String path) throws Exception {
        return send(to(path));
    }

    Reply send(String method, String path, String type, String body) throws Exception {
        return send(to(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body)));
    }

    Reply send(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        return new Reply(response);
    }

    HttpResponse<InputStream> open(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    @Override
    public void close() throws Exception {
        rest.stop();
        server.stop();
    }

    record Reply(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() throws IOException {
            return MAPPER.readTree(response.body());
        }

        String detail() throws IOException {
            return json().path("detail").asText();
        }
    }
}
