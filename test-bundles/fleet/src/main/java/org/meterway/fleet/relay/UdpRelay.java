// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP relay on loopback that loses, doubles, delays and reorders datagrams between many peers and one target. Each peer gets a
 * socket of its own towards the target, so that peers stay apart. What happens to the n-th datagram of the k-th peer depends on
 * the seed alone. One thread; queues are bounded: what does not fit is dropped and counted.
 */
public final class UdpRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private static final int MOST_PEERS = 10_000;
    private static final int MOST_DELAYED = 65_536;
    private static final int LARGEST_DATAGRAM = 65_536;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int AT_ONCE = 64;

    private final Faults faults;
    private final long seed;
    private final InetSocketAddress target;
    private final Selector selector;
    private final DatagramChannel front;
    private final InetSocketAddress address;
    private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
    private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong overflowed = new AtomicLong();
    private final Thread thread;
    private long order;

    private UdpRelay(InetSocketAddress target, Faults faults, long seed) throws IOException {
        this.target = target;
        this.faults = faults;
        this.seed = seed;
        this.selector = Selector.open();
        this.front = DatagramChannel.open();
        front.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        front.configureBlocking(false);
        front.register(selector, SelectionKey.OP_READ);
        this.address = (InetSocketAddress) front.getLocalAddress();
        this.thread = new Thread(this::run, "meterway-fleet-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens a relay on a free port of loopback.
     *
     * @param target where datagrams of peers go
     * @param faults what happens to them on the way, and to the answers on the way back
     * @param seed of the decisions
     */
    public static UdpRelay open(InetSocketAddress target, Faults faults, long seed) {
        try {
            return new UdpRelay(target, faults, seed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a UDP relay", e);
        }
    }

    /** Where peers send to. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * What has passed so far, both directions together.
     *
     * @param received datagrams taken in
     * @param lost of these, dropped on purpose
     * @param duplicated of these, sent on twice
     * @param overflowed of these, dropped because a queue was full
     */
    public record Statistics(long received, long lost, long duplicated, long overflowed) {}

    public Statistics statistics() {
        return new Statistics(received.get(), lost.get(), duplicated.get(), overflowed.get());
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                select();
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
                sendDue();
            }
        } catch (ClosedSelectorException closed) {
            LOG.trace("relay closed");
        } catch (IOException e) {
            LOG.error("the UDP relay has stopped", e);
        }
    }

    private void select() throws IOException {
        Delayed first = delayed.peek();
        if (first == null) {
            selector.select();
            return;
        }
        long wait = first.dueNanos - System.nanoTime();
        if (wait > 0) {
            selector.select(wait / 1_000_000 + 1);
        } else {
            selector.selectNow();
        }
    }

    private void read(SelectionKey key) {
        try {
            for (int i = 0; i < AT_ONCE && key.isValid(); i++) {
                buffer.clear();
                if (key.attachment() instanceof Peer peer) {
                    if (peer.upstream.read(buffer) < 0 || buffer.position() == 0) {
                        return;
                    }
                    pass(peer, false);
                } else {
                    InetSocketAddress from = (InetSocketAddress) front.receive(buffer);
                    if (from == null) {
                        return;
                    }
                    Peer peer = peers.get(from);
                    if (peer == null) {
                        peer = newPeer(from);
                    }
                    pass(peer, true);
                }
            }
        } catch (IOException e) {
            // A closed port on loopback answers by ICMP, which reading reports; for the peers it is a loss like any
            // other.
            LOG.debug("relay: {}", e.getMessage());
        }
    }

    private Peer newPeer(InetSocketAddress from) throws IOException {
        if (peers.size() >= MOST_PEERS) {
            overflowed.incrementAndGet();
            throw new IOException("more than " + MOST_PEERS + " peers");
        }
        DatagramChannel upstream = DatagramChannel.open();
        try {
            upstream.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            upstream.connect(target);
            upstream.configureBlocking(false);
        } catch (IOException e) {
            upstream.close();
            throw e;
        }
        SplittableRandom seeds = new SplittableRandom(seed + 31L * peers.size());
        Peer peer = new Peer(
                from,
                upstream,
                new FaultSequence(faults, seeds.nextLong()),
                new FaultSequence(faults, seeds.nextLong()));
        upstream.register(selector, SelectionKey.OP_READ, peer);
        peers.put(from, peer);
        return peer;
    }

    private void pass(Peer peer, boolean up) {
        received.incrementAndGet();
        FaultSequence.Decision decision = (up ? peer.up : peer.down).next();
        if (decision.copies() == 0) {
            lost.incrementAndGet();
            return;
        }
        if (decision.copies() > 1) {
            duplicated.incrementAndGet();
        }
        buffer.flip();
        if (decision.delayNanos() == 0) {
            for (int copy = 0; copy < decision.copies(); copy++) {
                buffer.rewind();
                send(peer, up, buffer);
            }
            return;
        }
        if (delayed.size() + decision.copies() > MOST_DELAYED) {
            overflowed.incrementAndGet();
            return;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        long due = System.nanoTime() + decision.delayNanos();
        for (int copy = 0; copy < decision.copies(); copy++) {
            delayed.add(new Delayed(due, order++, peer, up, bytes));
        }
    }

    private void sendDue() {
        long now = System.nanoTime();
        for (Delayed first = delayed.peek(); first != null && first.dueNanos - now <= 0; first = delayed.peek()) {
            delayed.remove();
            send(first.peer, first.up, ByteBuffer.wrap(first.bytes));
        }
    }

    private void send(Peer peer, boolean up, ByteBuffer bytes) {
        try {
            int sent = up ? peer.upstream.write(bytes) : front.send(bytes, peer.address);
            if (sent == 0) {
                overflowed.incrementAndGet();
            }
        } catch (IOException e) {
            LOG.debug("relay: {}", e.getMessage());
        }
    }

    /** Stops relaying; what is delayed is gone. */
    @Override
    public void close() {
        try {
            selector.wakeup();
            selector.close();
            thread.join(1_000);
            front.close();
            for (Peer peer : peers.values()) {
                peer.upstream.close();
            }
        } catch (IOException e) {
            LOG.debug("relay: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Peer(InetSocketAddress address, DatagramChannel upstream, FaultSequence up, FaultSequence down) {}

    private record Delayed(long dueNanos, long order, Peer peer, boolean up, byte[] bytes)
            implements Comparable<Delayed> {
        @Override
        public int compareTo(Delayed other) {
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Delayed that && order == that.order;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }

        @Override
        public String toString() {
            return Arrays.hashCode(bytes) + " due " + dueNanos;
        }
    }
}
