// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** Where a line's port is: a device of the system, or a serial server. */
final class PortAddress {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final String text;
    private final String host;
    private final int port;

    /** @throws IllegalArgumentException if this is neither a path nor {@code tcp://host:port} */
    PortAddress(String text) {
        this.text = text;
        if (!text.startsWith("tcp:")) {
            if (text.isBlank() || text.contains("://")) {
                throw wrong(text);
            }
            host = "";
            port = 0;
            return;
        }
        try {
            URI uri = new URI(text);
            boolean plain = uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= 65_535
                    && (uri.getPath() == null || uri.getPath().isEmpty())
                    && uri.getQuery() == null
                    && uri.getUserInfo() == null;
            if (!plain) {
                throw wrong(text);
            }
            host = uri.getHost();
            port = uri.getPort();
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "port must be a serial device like /dev/ttyUSB0 or COM3, or tcp://host:port, was '" + text + "'");
    }

    /** Whether the port is at a serial server, which has its settings itself. */
    boolean remote() {
        return !host.isEmpty();
    }

    /** Blocks for a few seconds at most. */
    Transport open() throws IOException {
        return host.isEmpty() ? SerialTransport.open(text) : TcpTransport.open(host, port, CONNECT);
    }

    @Override
    public String toString() {
        return text;
    }
}
