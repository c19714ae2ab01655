// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.osgi.util.converter.Converters;

/** The channel on loopback with everything around it in memory. */
final class Bench implements AutoCloseable {
    static {
        // Else Californium's test clients write a properties file to the working directory.
        CoapConfig.register();
        UdpConfig.register();
        Configuration.createStandardWithoutFile();
    }

    final TestInventory inventory = new TestInventory();
    final TestModels models = new TestModels();
    final TestIntake intake = new TestIntake();
    final TestEvents events = new TestEvents();
    private final Path data;
    private final Map<String, Object> settings =
            new HashMap<>(Map.of("coap.open", true, "coap.port", 0, "coaps.port", 0, "recheck.seconds", 3600));
    private Lwm2mChannel running;

    Bench(Path data) {
        this.data = data;
    }

    Bench set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    Lwm2mChannel start() {
        Config config = Converters.standardConverter().convert(settings).to(Config.class);
        running = new Lwm2mChannel(data, inventory, models, config, Clock.systemUTC());
        running.bind(intake, events);
        return running;
    }

    Lwm2mChannel channel() {
        return running;
    }

    String coap() {
        return "coap://127.0.0.1:" + running.port(Protocol.COAP);
    }

    String coaps() {
        return "coaps://127.0.0.1:" + running.port(Protocol.COAPS);
    }

    Path data() {
        return data;
    }

    void stop() {
        running.stop();
        running = null;
    }

    @Override
    public void close() {
        if (running != null) {
            running.stop();
        }
    }

    /** Carries out a command and waits for the answer. */
    Answer send(Command command) throws Exception {
        return running.send(command).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
