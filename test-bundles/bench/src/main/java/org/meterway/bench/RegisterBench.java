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

    @Option(names = "--meters", defaultValue = "20000", description = "meters to register (default ${DEFAULT-VALUE})")
    private int meters;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report out = new Report("register", "--meters " + meters);
        Path folder = Files.createTempDirectory("meterway-bench");
        try (Gateway gateway = new Gateway(folder.resolve("gateway"))) {
            gateway.start();
            gateway.importMeters(IngestBench.inventory(meters, false));
            Figures ours = measure(gateway.process(), gateway.coapPort, "ours");
            long registered = gateway.health().at("/meters/registered").asLong();
            gateway.close();

            Gateway ports = new Gateway(folder.resolve("plain"));
            Figures plain;
            try (Child leshan = new Child(
                    folder.resolve("plain.txt"),
                    List.of(
                            "-cp",
                            System.getProperty("java.class.path"),
                            PlainLeshan.class.getName(),
                            Integer.toString(ports.coapPort)))) {
                TimeUnit.SECONDS.sleep(4);
                plain = measure(leshan, ports.coapPort, "plain");
            }
            put(out.figures().putObject("meterway"), ours);
            put(out.figures().putObject("plainLeshan"), plain);
            out.figures().put("registered", registered);
            out.figures().put("ratioToPlain", Math.round(1000 * ours.perSecond / plain.perSecond) / 1000.0);
            out.figures().put("bytesPerMeterOverLeshan", ours.bytesPerMeter - plain.bytesPerMeter);
            System.out.printf(
                    "%,d registrations: %,.0f/s (plain Leshan %,.0f/s); heap per registered meter %,d bytes, %,d over plain Leshan%n",
                    meters,
                    ours.perSecond,
                    plain.perSecond,
                    ours.bytesPerMeter,
                    ours.bytesPerMeter - plain.bytesPerMeter);
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

    private Figures measure(Child server, int port, String salt) throws Exception {
        List<Device> sockets = new ArrayList<>();
        List<CoapServer> answering = new ArrayList<>();
        try {
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
            long before = server.liveHeapBytes();
            AtomicInteger next = new AtomicInteger();
            Load.Result result = new Load(sockets, 2).run(600, device -> {
                int number = next.getAndIncrement();
                return number < meters ? register(device, port, number) : null;
            });
            settle(server);
            long after = server.liveHeapBytes();
            return new Figures(result.perSecond(), result.failed() + result.busy(), (after - before) / meters);
        } finally {
            answering.forEach(CoapServer::destroy);
        }
    }

    /** Lets what follows a registration (reads, observations) end, and Californium forget its exchanges. */
    private static void settle(Child server) throws IOException, InterruptedException {
        long last = Long.MAX_VALUE;
        for (int i = 0; i < 60; i++) {
            TimeUnit.SECONDS.sleep(10);
            long now = server.liveHeapBytes();
            if (i >= 25 && now >= last * 0.995) {
                return;
            }
            last = now;
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
