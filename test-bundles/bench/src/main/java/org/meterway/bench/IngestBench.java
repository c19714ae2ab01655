// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Readings per second made durable over the wire, beside a server that only parses and answers. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description =
                "Durable readings per second over CoAP, DTLS and LwM2M Send, beside a bare Californium server that parses"
                        + " and answers without storing. Both are measured in turns, in the same run.")
public final class IngestBench implements Callable<Integer>, Benchmark {
    @Option(
            names = "--seconds",
            defaultValue = "8",
            description = "length of one measurement (default ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "measurements of each server (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--devices", defaultValue = "64", description = "meters that send (default ${DEFAULT-VALUE})")
    private int devices;

    @Option(
            names = "--window",
            defaultValue = "4",
            description = "requests under way per meter (default ${DEFAULT-VALUE})")
    private int window;

    @Option(
            names = "--only",
            split = ",",
            description = "some of coap-pack, coap-single, dtls-pack, dtls-single, send-pack, send-single")
    private List<String> only;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    /** A way to send: its name, over DTLS or not, as LwM2M Send or to the readings resource, and how many intervals at once. */
    private record Mode(String name, boolean secure, boolean send, int intervals) {}

    private static final List<Mode> MODES = List.of(
            new Mode("coap-pack", false, false, 48),
            new Mode("coap-single", false, false, 1),
            new Mode("dtls-pack", true, false, 48),
            new Mode("dtls-single", true, false, 1),
            new Mode("send-pack", true, true, 48),
            new Mode("send-single", true, true, 1));

    /** A meter with a key, which must use it. */
    static String deviceName(int number) {
        return "bench-" + number;
    }

    /** A meter without a key, for plain CoAP. */
    static String openName(int number) {
        return "open-" + number;
    }

    @Override
    public Integer call() throws Exception {
        Report out = new Report("ingest", "--seconds " + seconds + " --rounds " + rounds + " --devices " + devices);
        ObjectNode figures = out.figures().putObject("modes");
        Path folder = Files.createTempDirectory("meterway-bench");
        ProtocolScheduledExecutorService executor =
                ExecutorsUtil.newProtocolScheduledThreadPool(2, new NamedThreadFactory("bench-"));
        try (Gateway gateway = new Gateway(folder.resolve("gateway"))) {
            gateway.start();
            gateway.importMeters(inventory(devices * MODES.size(), true));
            gateway.importMeters(inventory(devices * MODES.size(), false));
            int bareCoap = freeUdpPort();
            int bareCoaps = freeUdpPort();
            try (Child bare = bare(folder, bareCoap, bareCoaps)) {
                for (Mode mode : MODES) {
                    if (only == null || only.contains(mode.name)) {
                        measure(mode, gateway, new int[] {bareCoap, bareCoaps}, executor, figures.putObject(mode.name));
                    }
                }
            }
            gateway.awaitSettled(Duration.ofMinutes(5));
            out.figures().set("readings", gateway.health().get("readings"));
            out.figures().put("bytesOnDisk", gateway.storeBytes());
        } finally {
            executor.shutdownNow();
            Folders.delete(folder);
        }
        out.write(report);
        return 0;
    }

    private void measure(
            Mode mode, Gateway gateway, int[] barePorts, ProtocolScheduledExecutorService executor, ObjectNode figures)
            throws Exception {
        int gatewayPort = mode.send
                ? (mode.secure ? gateway.coapsPort : gateway.coapPort)
                : (mode.secure ? gateway.readingsDtlsPort : gateway.readingsPort);
        int barePort = barePorts[mode.secure ? 1 : 0];
        List<Device> toGateway = connect(mode, gatewayPort, executor);
        List<Device> toBare = connect(mode, barePort, executor);
        try {
            double warm = Math.min(4, seconds);
            new Load(toGateway, window).run(warm, device -> request(mode, device, gatewayPort));
            new Load(toBare, window).run(warm, device -> request(mode, device, barePort));
            double[] durable = new double[rounds];
            double[] bare = new double[rounds];
            double[] ratio = new double[rounds];
            ArrayNode each = figures.putArray("rounds");
            Load.Result last = null;
            long durableBefore = gateway.health().at("/readings/durable").asLong();
            long acknowledged = 0;
            for (int round = 0; round < rounds; round++) {
                last = new Load(toGateway, window).run(seconds, device -> request(mode, device, gatewayPort));
                Load.Result other = new Load(toBare, window).run(seconds, device -> request(mode, device, barePort));
                acknowledged += last.changed();
                durable[round] = last.perSecond();
                bare[round] = other.perSecond();
                ratio[round] = durable[round] / bare[round];
                ObjectNode line = each.addObject();
                line.put("messagesPerSecond", Math.round(durable[round]));
                line.put("bareMessagesPerSecond", Math.round(bare[round]));
                line.put("busy", last.busy());
                line.put("failed", last.failed());
                line.put("bareFailed", other.failed());
            }
            long durableReadings = gateway.health().at("/readings/durable").asLong() - durableBefore;
            figures.put("messagesPerSecond", Math.round(median(durable)));
            figures.put("durableReadingsPerSecond", Math.round(median(durable) * mode.intervals));
            figures.put("bareMessagesPerSecond", Math.round(median(bare)));
            figures.put("ratioToBare", Math.round(median(ratio) * 1000) / 1000.0);
            figures.put("p50Millis", last.micros().getValueAtPercentile(50) / 1000.0);
            figures.put("p99Millis", last.micros().getValueAtPercentile(99) / 1000.0);
            figures.put("bytesPerMessage", toGateway.get(0).pack.encode(0, mode.intervals).length);
            figures.put("readingsAcknowledged", acknowledged * mode.intervals);
            figures.put("readingsDurable", durableReadings);
            System.out.printf(
                    "%-12s %,9d messages/s  %,11d durable readings/s  bare %,9d messages/s  ratio %.2f  p50 %.1f ms  p99 %.1f ms%n",
                    mode.name,
                    figures.get("messagesPerSecond").asLong(),
                    figures.get("durableReadingsPerSecond").asLong(),
                    figures.get("bareMessagesPerSecond").asLong(),
                    median(ratio),
                    figures.get("p50Millis").asDouble(),
                    figures.get("p99Millis").asDouble());
        } finally {
            toGateway.forEach(Device::close);
            toBare.forEach(Device::close);
        }
    }

    private Request request(Mode mode, Device device, int port) {
        byte[] payload = device.pack.encode(device.pack.take(mode.intervals), mode.intervals);
        return device.post(port, mode.send ? "/dp" : "/readings/" + device.name, payload);
    }

    /** Meters with sockets of their own, connected and, for Send, registered. */
    private List<Device> connect(Mode mode, int port, ProtocolScheduledExecutorService executor) throws Exception {
        List<Device> connected = new ArrayList<>();
        int first = MODES.indexOf(mode) * devices;
        for (int i = first; i < first + devices; i++) {
            // Each mode has meters of its own, so that no reading comes twice.
            Pack pack = new Pack(mode.send ? "/3305/0/5805" : "1-0:1.8.0", i);
            String name = mode.secure ? deviceName(i) : openName(i);
            Device device = new Device(name, pack, mode.secure, executor);
            device.endpoint().start();
            if (mode.send) {
                Request register = device.post(port, "/rd?ep=" + device.name + "&lt=86400&lwm2m=1.1&b=U");
                register.getOptions().setContentFormat(40);
                register.setPayload("</1/0>,</3305/0>");
                device.send(register);
                var answer = register.waitForResponse(10_000);
                if (answer == null || answer.getCode().codeClass != 2) {
                    throw new IllegalStateException("registration of " + device.name + " was answered by " + answer);
                }
            }
            connected.add(device);
        }
        return connected;
    }

    private Child bare(Path folder, int coapPort, int coapsPort) throws InterruptedException {
        Child bare = new Child(
                folder.resolve("bare.txt"),
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareServer.class.getName(),
                        Integer.toString(coapPort),
                        Integer.toString(coapsPort),
                        Integer.toString(devices * MODES.size())));
        TimeUnit.SECONDS.sleep(2);
        return bare;
    }

    /** Meters as an import file: with keys for DTLS, without for plain CoAP. */
    static String inventory(int count, boolean keys) {
        StringBuilder csv = new StringBuilder("id,serial,vendor,model,zone,state,pskIdentity,pskKeyHex\n");
        IntStream.range(0, count).forEach(i -> {
            String name = keys ? deviceName(i) : openName(i);
            String key = HexFormat.of().formatHex(Device.key(name));
            csv.append(name)
                    .append(",S")
                    .append(i)
                    .append(",Bench,london-30min,bench,active,")
                    .append(keys ? name + "," + key : ",")
                    .append('\n');
        });
        return csv.toString();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static int freeUdpPort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
