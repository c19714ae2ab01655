// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.meterway.api.line.LineSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A raw TCP connection to a serial server, which has the rate and format of its port set by itself. */
final class TcpTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[4_096];

    private TcpTransport(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static TcpTransport open(String host, int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        boolean open = false;
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            TcpTransport transport = new TcpTransport(socket);
            open = true;
            return transport;
        } finally {
            if (!open) {
                socket.close();
            }
        }
    }

    @Override
    public void set(LineSettings settings) {
        // at the other end
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public byte[] receive(long nanos) throws IOException {
        socket.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / NANOS_PER_MILLI)));
        try {
            int length = in.read(buffer);
            if (length < 0) {
                throw new EOFException("the serial server closed the connection");
            }
            return Arrays.copyOf(buffer, length);
        } catch (SocketTimeoutException e) {
            return new byte[0];
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the connection to {} failed", socket.getRemoteSocketAddress(), e);
        }
    }
}
