// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ports a gateway listens on: where each is configured, which option sets it, and whether it is free. */
enum Ports {
    HTTP("--http-port", "org.meterway.http", "port", 8080, ""),
    LWM2M("--coap-port", "org.meterway.lwm2m", "coap.port", 5683, "coap.open"),
    LWM2M_DTLS("--coaps-port", "org.meterway.lwm2m", "coaps.port", 5684, ""),
    READINGS("--readings-port", "org.meterway.coap", "coap.port", 5685, "coap.open"),
    READINGS_DTLS("--readings-dtls-port", "org.meterway.coap", "coaps.port", 5686, "");

    final String option;
    final String pid;
    final String key;
    final int usual;
    private final boolean udp;
    /** The key that says whether the port is used at all; empty when it always is. */
    private final String open;

    Ports(String option, String pid, String key, int usual, String open) {
        this.option = option;
        this.pid = pid;
        this.key = key;
        this.usual = usual;
        this.udp = !key.equals("port");
        this.open = open;
    }

    /** The port a feature gives, or the usual one. */
    int of(FeaturePlan plan) {
        Object value = plan.configurations().getOrDefault(pid, Map.of()).get(key);
        if (value == null) {
            return usual;
        }
        int port;
        try {
            port = Integer.parseInt(value.toString());
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 0 || port > 65_535) {
            throw new LaunchException(option + " must be a port, 0 to 65535 (0 takes any free one), was " + value);
        }
        return port;
    }

    boolean usedBy(FeaturePlan plan) {
        return plan.contains(pid)
                && (open.isEmpty()
                        || Boolean.TRUE.equals(plan.configurations()
                                .getOrDefault(pid, Map.of())
                                .get(open)));
    }

    /** @throws LaunchException if a port the feature listens on is taken, or given twice */
    static void check(FeaturePlan plan) {
        Map<String, Ports> taken = new HashMap<>();
        for (Ports which : List.of(values())) {
            int port = which.of(plan);
            if (port == 0 || !which.usedBy(plan)) {
                continue;
            }
            Ports other = taken.put((which.udp ? "UDP " : "TCP ") + port, which);
            if (other != null) {
                throw new LaunchException(
                        which.option + " and " + other.option + " are both " + port + ": give each its own port");
            }
            which.checkFree(port);
        }
    }

    private void checkFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        IOException failure = udp ? tryUdp(address) : tryTcp(address);
        if (failure != null) {
            throw new LaunchException(
                    (udp ? "UDP" : "TCP") + " port " + port + " is in use: stop what uses it, or give another one with "
                            + option,
                    failure);
        }
    }

    private static @Nullable IOException tryUdp(InetSocketAddress address) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setReuseAddress(false);
            socket.bind(address);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static @Nullable IOException tryTcp(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            // As Jetty does it: a port whose last connections are still closing is free.
            socket.setReuseAddress(true);
            socket.bind(address);
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
