// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The gateway as people start it, in a process of its own on free ports, with plain CoAP opened on loopback. */
final class Gateway implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The store archives full batches of so many messages. */
    private static final int ARCHIVE_BATCH = 512;

    final Path data;
    final int httpPort = freePort();
    final int coapPort = freePort();
    final int coapsPort = freePort();
    final int readingsPort = freePort();
    final int readingsDtlsPort = freePort();

    private final List<String> extra;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Child child;

    /**
     * @param data the gateway's data folder
     * @param extra further options of {@code ./meterway run}
     */
    Gateway(Path data, String... extra) {
        this.data = data;
        this.extra = List.of(extra);
    }

    /** Starts the process and returns at once. */
    void launch() throws IOException {
        Files.createDirectories(data);
        List<String> command = new ArrayList<>(javaOptions());
        command.addAll(List.of(
                "-Dmeterway.home=" + home(),
                "-cp",
                home().resolve("lib") + "/*",
                "org.meterway.launcher.Main",
                "run",
                "--feature",
                "gateway",
                "--data",
                data.toString(),
                "--http-port",
                Integer.toString(httpPort),
                "--coap-port",
                Integer.toString(coapPort),
                "--coaps-port",
                Integer.toString(coapsPort),
                "--readings-port",
                Integer.toString(readingsPort),
                "--readings-dtls-port",
                Integer.toString(readingsDtlsPort),
                "--set",
                "org.meterway.coap.coap.open=true",
                "--set",
                "org.meterway.lwm2m.coap.open=true"));
        command.addAll(extra);
        child = new Child(data.resolve("bench-output.txt"), command);
    }

    /** Starts it and waits until HTTP and both CoAP ports answer; returns the nanoseconds that took. */
    long start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        launch();
        awaitReady(Duration.ofSeconds(60));
        return System.nanoTime() - begin;
    }

    /** Waits until health answers 200 and LwM2M and readings answer a CoAP ping. */
    void awaitReady(Duration longest) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        boolean healthy = false;
        boolean lwm2m = false;
        boolean readings = false;
        while (!(healthy && lwm2m && readings)) {
            if (!child.alive()) {
                throw new IOException("the gateway ended at its start; it said:\n"
                        + Files.readString(data.resolve("bench-output.txt")));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the gateway does not answer after " + longest.toSeconds() + " s: http " + healthy
                        + ", lwm2m " + lwm2m + ", readings " + readings + "; its log: " + data.resolve("log"));
            }
            healthy = healthy || healthStatus() == 200;
            lwm2m = lwm2m || ping(coapPort);
            readings = readings || ping(readingsPort);
            if (!(healthy && lwm2m && readings)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    Child process() {
        return child;
    }

    void kill() throws InterruptedException {
        child.kill();
    }

    JsonNode health() throws IOException, InterruptedException {
        return get("/api/v1/health");
    }

    /** A GET that must answer 200. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(
                    "GET " + path + " answered " + response.statusCode() + ": " + new String(response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** Puts meters into the inventory, from CSV with a header line. */
    void importMeters(String csv) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/meters/import"))
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString(csv))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the import of meters answered " + response.statusCode() + ": " + response.body());
        }
    }

    /** Waits until everything accepted is folded into profiles. */
    void awaitSettled(Duration longest) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (health().at("/messages/unsettled").asLong() > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("still not settled after " + longest.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Waits until all that is settled is archived, but for less than a batch. */
    void awaitArchived(Duration longest) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (unarchived() >= ARCHIVE_BATCH) {
            if (System.nanoTime() > deadline) {
                throw new IOException("still not archived after " + longest.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long unarchived() throws IOException, InterruptedException {
        for (JsonNode component : health().path("components")) {
            if (component.path("name").asText().equals("store")) {
                return component.at("/values/messagesUnarchived").asLong();
            }
        }
        throw new IOException("the gateway's health has no store");
    }

    /** Bytes under the data folder's store. */
    long storeBytes() throws IOException {
        try (var files = Files.walk(data.resolve("store"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (child != null) {
            child.close();
        }
    }

    private int healthStatus() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/health"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** A CoAP ping (RFC 7252, 4.3): an empty confirmable message is answered by a reset. */
    private static boolean ping(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(50);
            byte[] empty = {0x40, 0, 0x12, 0x34};
            socket.send(new DatagramPacket(empty, empty.length));
            byte[] answer = new byte[16];
            socket.receive(new DatagramPacket(answer, answer.length));
            return true;
        } catch (SocketTimeoutException | java.net.PortUnreachableException notYet) {
            return false;
        }
    }

    /** The folder of the distribution this bench belongs to. */
    static Path home() {
        String home = System.getProperty("meterway.home");
        if (home == null) {
            throw new IllegalStateException("start benches by ./meterway bench NAME: meterway.home is not set");
        }
        return Path.of(home);
    }

    /** The JVM options the start script gave this bench: the gateway gets the same. */
    private static List<String> javaOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X"))
                .toList();
    }

    private static int freePort() {
        // A number free for TCP and UDP alike.
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
