// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A serial server with meters of the {@link Plain} protocol behind it. */
final class PlainBus implements AutoCloseable {
    private static final Pattern QUESTION = Pattern.compile("\\?(\\w+) ([^!]+)!");

    /** Value by address; an address that is not here does not answer. */
    final Map<String, String> values = new ConcurrentHashMap<>();
    /** Addresses in the order they were asked. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private ServerSocket server;
    private volatile Socket client;
    private final int port;

    PlainBus() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
        serve();
    }

    String address() {
        return "tcp://127.0.0.1:" + port;
    }

    void vanish() throws IOException {
        server.close();
        Socket open = client;
        if (open != null) {
            open.close();
        }
    }

    void comeBack() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server = again;
        serve();
    }

    private void serve() {
        ServerSocket listening = server;
        Thread thread = new Thread(() -> accept(listening), "test-bus");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                client = socket;
                talk(socket);
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        StringBuilder heard = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0;
                c = socket.getInputStream().read()) {
            heard.append((char) c);
            Matcher question = QUESTION.matcher(heard);
            if (question.find()) {
                String address = question.group(1);
                String path = question.group(2);
                asked.add(address);
                String value = values.get(address);
                heard.setLength(0);
                if (value != null) {
                    String answer = "<" + address + " " + path + "=" + value + ">";
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            vanish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
