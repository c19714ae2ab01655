// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Registrations per second and heap per registered meter. */
@Command(
        name = "register",
        mixinStandardHelpOptions = true,
        description =
                "LwM2M registrations per second and heap per registered meter, beside a plain Leshan server in the same run.")
public final class RegisterBench implements Callable<Integer>, Benchmark {
    private static final int SOCKETS = 64;

    /** CoAP remembers an exchange for 247 s (RFC 7252, EXCHANGE_LIFETIME); that is no cost of being registered. */
    private static final int FORGET_SECONDS = 270;

    @Option(names = "--meters", defaultValue = "20000", description = "meters to register (default ${DEFAULT-VALUE})")
    private int meters;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report out = new Report("register", "--meters " + meters);
        Path folder = Files.createTempDirectory("meterway-bench");
        Gateway ports = new Gateway(folder.resolve("plain"));
        List<String> plainLeshan = List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PlainLeshan.class.getName(),
                Integer.toString(ports.coapPort));
        try (Gateway gateway = new Gateway(
                        folder.resolve("gateway"),
                        "--set",
                        "org.meterway.scheduling.registrations.per.second=1000000");
                Child leshan = new Child(folder.resolve("plain.txt"), plainLeshan)) {
            gateway.start();
            gateway.importMeters(IngestBench.inventory(meters, false));
            try (Meters toOurs = new Meters("ours", gateway.process(), gateway.coapPort);
                    Meters toPlain = new Meters("plain", leshan, ports.coapPort)) {
                toOurs.register();
                toPlain.register();
                System.out.println("registered; waiting " + FORGET_SECONDS
                        + " s until both have forgotten the exchanges, then looking at their heaps");
                TimeUnit.SECONDS.sleep(FORGET_SECONDS);
                long registered = gateway.health().at("/meters/registered").asLong();
                Figures ours = toOurs.figures();
                Figures plain = toPlain.figures();
                put(out.figures().putObject("meterway"), ours);
                put(out.figures().putObject("plainLeshan"), plain);
                out.figures().put("registered", registered);
                out.figures().put("ratioToPlain", Math.round(1000 * ours.perSecond / plain.perSecond) / 1000.0);
                out.figures().put("bytesPerMeterOverLeshan", ours.bytesPerMeter - plain.bytesPerMeter);
                System.out.printf(
                        "%,d registered: %,.0f/s (plain Leshan %,.0f/s); heap per registered meter %,d bytes, %,d over plain Leshan%n",
                        registered,
                        ours.perSecond,
                        plain.perSecond,
                        ours.bytesPerMeter,
                        ours.bytesPerMeter - plain.bytesPerMeter);
            }
        } finally {
            Folders.delete(folder);
        }
        out.write(report);
        return 0;
    }

    private record Figures(double perSecond, long failed, long bytesPerMeter) {}

    private static void put(ObjectNode node, Figures figures) {
        node.put("registrationsPerSecond", Math.round(figures.perSecond));
        node.put("failed", figures.failed);
        node.put("heapBytesPerMeter", figures.bytesPerMeter);
    }

    /** The meters of one server: they register and answer what it asks. */
    private final class Meters implements AutoCloseable {
        private final Child server;
        private final int port;
        private final List<Device> sockets = new ArrayList<>();
        private final List<CoapServer> answering = new ArrayList<>();
        private final long heapBefore;
        private Load.Result result;

        Meters(String salt, Child server, int port) throws IOException, InterruptedException {
            this.server = server;
            this.port = port;
            for (int i = 0; i < SOCKETS; i++) {
                CoapServer device = new CoapServer(Device.configuration()) {
                    @Override
                    protected Resource createRoot() {
                        return new MeterResources();
                    }
                };
                CoapEndpoint endpoint = CoapEndpoint.builder()
                        .setConfiguration(Device.configuration())
                        .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .build();
                device.addEndpoint(endpoint);
                device.start();
                answering.add(device);
                sockets.add(new Device(salt + i, new Pack("", i), endpoint));
            }
            heapBefore = server.liveHeapBytes();
        }

        void register() throws InterruptedException {
            AtomicInteger next = new AtomicInteger();
            result = new Load(sockets, 2).run(600, device -> {
                int number = next.getAndIncrement();
                return number < meters ? RegisterBench.register(device, port, number) : null;
            });
        }

        Figures figures() throws IOException, InterruptedException {
            long bytes = (server.liveHeapBytes() - heapBefore) / meters;
            return new Figures(result.perSecond(), result.failed() + result.busy(), bytes);
        }

        @Override
        public void close() {
            answering.forEach(CoapServer::destroy);
        }
    }

    private static Request register(Device device, int port, int number) {
        Request request = device.post(port, "/rd?ep=" + IngestBench.openName(number) + "&lt=86400&lwm2m=1.1&b=U");
        request.getOptions().setContentFormat(40);
        request.setPayload("</>;rt=\"oma.lwm2m\";ct=110,</1/0>,</3/0>,</3305/0>");
        return request;
    }

    /** What every meter answers to what a server asks after a registration. */
    private static final class MeterResources extends CoapResource {
        MeterResources() {
            super("");
        }

        @Override
        public Resource getChild(String name) {
            return this;
        }

        @Override
        public void handleRequest(Exchange exchange) {
            Response response = new Response(CoAP.ResponseCode.CONTENT);
            if (exchange.getRequest().getCode() == CoAP.Code.GET) {
                response.getOptions().setContentFormat(0);
                response.setPayload("0");
            } else {
                response = new Response(CoAP.ResponseCode.CHANGED);
            }
            exchange.sendResponse(response);
        }
    }
}
