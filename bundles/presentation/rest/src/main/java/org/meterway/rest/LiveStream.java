// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.meterway.api.event.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of the live stream. No thread belongs to a client: each has a bounded queue that is written as far as its connection
 * takes it. A client that falls behind by a full queue is dropped; it may come back and say what it has seen.
 */
final class LiveStream {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final int QUEUE = 2_000;
    private static final byte[] HELLO = "retry: 2000\n: meterway\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final int maxClients;
    private final Supplier<byte[]> statistics;

    LiveStream(int maxClients, Supplier<byte[]> statistics) {
        this.maxClients = maxClients;
        this.statistics = statistics;
    }

    /** @throws Problem 503 if there are as many clients as may be */
    void open(Call call, List<Event> missed) throws IOException {
        if (clients.size() >= maxClients) {
            throw Problem.unavailable(maxClients + " clients follow the live stream already");
        }
        call.response().setContentType("text/event-stream");
        call.response().setCharacterEncoding("UTF-8");
        AsyncContext async = call.async(0);
        Client client = new Client(async, call.response().getOutputStream());
        client.offer(HELLO);
        missed.forEach(event -> client.offer(EventResource.message(event)));
        clients.add(client);
        async.addListener(new AsyncEnd(client::close));
        client.start();
    }

    void tell(Event event) {
        if (!clients.isEmpty()) {
            broadcast(EventResource.message(event));
        }
    }

    /** Called once a second: the figures, computed once for all clients. */
    void tick() {
        if (clients.isEmpty()) {
            return;
        }
        byte[] message;
        try {
            message = EventResource.message("stats", Optional.empty(), statistics.get());
        } catch (RuntimeException e) {
            LOG.debug("no figures for the live stream", e);
            message = HEARTBEAT;
        }
        broadcast(message);
    }

    int clients() {
        return clients.size();
    }

    void close() {
        clients.forEach(Client::close);
    }

    private void broadcast(byte[] message) {
        clients.forEach(client -> client.offer(message));
    }

    private final class Client implements WriteListener {
        private final AsyncContext async;
        private final ServletOutputStream out;
        private final Queue<byte[]> waiting = new ArrayDeque<>();
        private boolean started;
        private boolean unflushed;
        private boolean closed;

        Client(AsyncContext async, ServletOutputStream out) {
            this.async = async;
            this.out = out;
        }

        void start() {
            out.setWriteListener(this);
        }

        synchronized void offer(byte[] message) {
            if (closed) {
                return;
            }
            if (waiting.size() >= QUEUE) {
                LOG.info("a client of the live stream is too slow and dropped");
                close();
                return;
            }
            waiting.add(message);
            write();
        }

        @Override
        public synchronized void onWritePossible() {
            started = true;
            write();
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("a client of the live stream is gone", failure);
            close();
        }

        private void write() {
            if (!started) {
                return;
            }
            try {
                while (!closed && out.isReady()) {
                    byte[] next = waiting.poll();
                    if (next != null) {
                        out.write(next);
                        unflushed = true;
                    } else if (unflushed) {
                        unflushed = false;
                        out.flush();
                    } else {
                        return;
                    }
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("a client of the live stream is gone", e);
                close();
            }
        }

        synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            clients.remove(this);
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("the stream was over already", e);
            }
        }
    }
}
