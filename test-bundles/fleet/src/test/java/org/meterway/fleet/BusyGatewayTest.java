// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway made of two CoAP resources, whose store fails at first. */
@Timeout(60)
class BusyGatewayTest {
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();

    private final class Registration extends CoapResource {
        Registration() {
            super("rd");
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            exchange.setLocationPath("rd/1");
            exchange.respond(ResponseCode.CREATED);
        }
    }

    private final class Sends extends CoapResource {
        Sends() {
            super("dp");
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            if (refused.get() < 2) {
                refused.incrementAndGet();
                // 5.03 with this Max-Age.
                exchange.respondOverload(1);
            } else {
                accepted.incrementAndGet();
                exchange.respond(ResponseCode.CHANGED);
            }
        }
    }

    @Test
    void whatABusyGatewayRefusedIsSentAgain() throws Exception {
        Configuration configuration =
                new Configuration(SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS);
        CoapServer gateway = new CoapServer(configuration);
        CoapEndpoint endpoint = new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        gateway.addEndpoint(endpoint);
        gateway.add(new Registration(), new Sends());
        gateway.start();
        // One that reads the Max-Age comes back after a second or two; one that does not would wait for five minutes.
        FleetConfig config = FleetConfig.builder(endpoint.getAddress())
                .meters(1)
                .days(1)
                .over(Duration.ofSeconds(2))
                .backOff(Duration.ofMinutes(5), Duration.ofMinutes(5))
                .build();
        try (FleetSimulator fleet = new FleetSimulator(config)) {
            fleet.start();

            Progress end = fleet.done().get(50, TimeUnit.SECONDS);

            assertEquals(2, refused.get());
            assertEquals(2, end.failed());
            assertTrue(end.repeated() > 0);
            assertTrue(accepted.get() >= 2);
            assertTrue(end.acknowledged() >= end.expected());
        } finally {
            gateway.destroy();
        }
    }
}
