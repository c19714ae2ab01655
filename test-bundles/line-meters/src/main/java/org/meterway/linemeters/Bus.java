// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** A serial server on a free port of loopback, with meters behind it on a half-duplex bus. */
public final class Bus implements AutoCloseable {
    /** How long a collision of two answers lasts is not emulated: they lie on each other byte by byte. */
    private final List<EmulatedMeter> meters = new CopyOnWriteArrayList<>();

    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor(task -> daemon(task));
    private final int port;
    private final Trouble trouble;
    private volatile IntSupplier rate = () -> 0;
    private volatile ServerSocket server;
    private volatile Socket client;

    public Bus(Trouble trouble) throws IOException {
        this.trouble = trouble;
        this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        this.port = server.getLocalPort();
        serve();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "emulated-bus");
        thread.setDaemon(true);
        return thread;
    }

    public Bus with(EmulatedMeter... more) {
        meters.addAll(List.of(more));
        return this;
    }

    /** Takes a meter off the bus. */
    public void without(EmulatedMeter meter) {
        meters.remove(meter);
    }

    /** Where the rate of the other end can be seen: a meter at another rate hears and says nothing of sense. */
    public void rate(IntSupplier bitsPerSecond) {
        rate = bitsPerSecond;
    }

    public int port() {
        return port;
    }

    /** As a line's configuration names it. */
    public String address() {
        return "tcp://127.0.0.1:" + port;
    }

    /** The server goes away, with the connection. */
    public void vanish() throws IOException {
        server.close();
        Socket open = client;
        if (open != null) {
            open.close();
        }
    }

    /** It is there again, on the same port. */
    public void comeBack() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server = again;
        serve();
    }

    private void serve() {
        ServerSocket listening = server;
        daemon(() -> accept(listening)).start();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                client = socket;
                socket.setTcpNoDelay(true);
                talk(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // the gateway or the test closed it
            }
        }
    }

    private void talk(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[4_096];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            byte[] heard = Arrays.copyOf(buffer, length);
            if (trouble.echoes()) {
                write(out, heard);
            }
            byte[] answer = new byte[0];
            for (EmulatedMeter meter : meters) {
                answer = overlay(answer, atItsRate(meter, heard));
            }
            if (answer.length > 0) {
                byte[] spoilt = trouble.on(answer);
                int delay = trouble.delayMillis();
                if (delay == 0) {
                    write(out, spoilt);
                } else {
                    delays.schedule(() -> later(out, spoilt), delay, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private byte[] atItsRate(EmulatedMeter meter, byte[] heard) {
        int there = rate.getAsInt();
        if (there != 0 && meter.baud() != 0 && there != meter.baud()) {
            byte[] sampled = new byte[heard.length / 2 + 1];
            Arrays.fill(sampled, (byte) 0x80); // what a receiver makes of another rate
            return meter.hear(sampled).length == 0 ? new byte[0] : sampled;
        }
        return meter.hear(heard);
    }

    /** Two senders on one wire: a zero of either wins. */
    private static byte[] overlay(byte[] one, byte[] other) {
        byte[] longer = one.length >= other.length ? one.clone() : other.clone();
        byte[] shorter = one.length >= other.length ? other : one;
        for (int i = 0; i < shorter.length; i++) {
            longer[i] &= shorter[i];
        }
        return longer;
    }

    private static void later(OutputStream out, byte[] bytes) {
        try {
            write(out, bytes);
        } catch (IOException e) {
            // the connection is gone, and the answer with it
        }
    }

    private static synchronized void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() {
        delays.shutdownNow();
        try {
            vanish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
