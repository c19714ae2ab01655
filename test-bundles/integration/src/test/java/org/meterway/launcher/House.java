// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The gateway of the distribution, started in this JVM on free ports, for tests to look at from within and without. */
public final class House implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final int httpPort = freePort();
    public final int coapPort = freePort();
    public final int coapsPort = freePort();
    public final int readingsPort = freePort();
    public final int readingsDtlsPort = freePort();

    private final Startup startup;
    private final HttpClient http = HttpClient.newHttpClient();

    private House(Path data, String feature, Map<String, String> settings) {
        FeaturePlan plan = new FeatureReader(Distribution.find()).read(feature);
        if (feature.equals("demo")) {
            String key = "0123456789abcdef0123456789abcdef";
            plan = Overrides.set(plan, "org.meterway.inventory", ".enrolment.key.hex", key);
            plan = Overrides.set(plan, "org.meterway.fleet", ".enrolment.key.hex", key);
            plan = Overrides.set(plan, "org.meterway.fleet", "coaps.port", coapsPort);
        }
        plan = Overrides.set(plan, "org.meterway.http", "port", httpPort);
        plan = Overrides.set(plan, "org.meterway.lwm2m", "coap.port", coapPort);
        plan = Overrides.set(plan, "org.meterway.lwm2m", "coaps.port", coapsPort);
        plan = Overrides.set(plan, "org.meterway.lwm2m", "coap.open", true);
        plan = Overrides.set(plan, "org.meterway.coap", "coap.port", readingsPort);
        plan = Overrides.set(plan, "org.meterway.coap", "coaps.port", readingsDtlsPort);
        plan = Overrides.set(plan, "org.meterway.coap", "coap.open", true);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            int key = setting.getKey().indexOf('/');
            plan = Overrides.set(
                    plan, setting.getKey().substring(0, key), setting.getKey().substring(key + 1), setting.getValue());
        }
        startup = Startup.of(Distribution.find(), plan, DataFolder.open(data), Interrupts.install());
    }

    /** Starts the gateway on a data folder; returns when it answers. */
    public static House open(Path data) {
        return new House(data, "gateway", Map.of());
    }

    /**
     * As {@link #open}, with a fleet of simulated meters that replays yesterday and today up to now within some seconds.
     *
     * @param meters how many
     */
    public static House withFleet(Path data, int meters) {
        return new House(
                data,
                "demo",
                Map.of(
                        "org.meterway.fleet/meters",
                        Integer.toString(meters),
                        "org.meterway.fleet/days",
                        "1",
                        "org.meterway.fleet/seconds",
                        "4"));
    }

    /** As {@link #open(Path)}, with settings by {@code PID/key}. */
    public static House open(Path data, Map<String, String> settings) {
        return new House(data, "gateway", settings);
    }

    public BundleContext context() {
        return startup.gateway().context();
    }

    /** Our own bundle of this symbolic name. */
    public Bundle bundle(String symbolicName) {
        return Stream.of(context().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    /** What is wrong with the running bundles and components, for people. */
    public List<String> complaints() {
        return Diagnosis.of(context()).all();
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new AssertionError("GET " + path + ": " + response.statusCode() + " " + new String(response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** A POST without a body that must be answered 200. */
    public JsonNode post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new AssertionError("POST " + path + ": " + response.statusCode() + " " + new String(response.body()));
        }
        return JSON.readTree(response.body());
    }

    public int put(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Posts JSON; the answer with its status as the field {@code httpStatus}. */
    public JsonNode post(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return ((ObjectNode) JSON.readTree(response.body())).put("httpStatus", response.statusCode());
    }

    public int delete(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path)).DELETE().build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() {
        startup.close();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** A port number free for TCP and UDP alike on loopback. */
    public static int freePort() {
        for (int attempt = 0; attempt < 50; attempt++) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
                return udp.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port on loopback");
    }
}
