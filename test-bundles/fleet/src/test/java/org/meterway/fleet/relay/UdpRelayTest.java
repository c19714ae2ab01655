// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UdpRelayTest {
    private static final int DATAGRAMS = 300;

    @Test
    void whatIsLostIsTheSameForASeed() throws IOException {
        Faults faults = new Faults(20, 2, 10, 0, Duration.ZERO, Duration.ZERO);

        List<String> first = passed(faults, 11);
        assertEquals(first, passed(faults, 11));
        assertNotEquals(first, passed(faults, 12));
    }

    @Test
    void whatArrivesIsWhatTheSequenceDecided() throws IOException {
        try (DatagramSocket target = socket();
                DatagramSocket peer = socket();
                UdpRelay relay = UdpRelay.open(address(target), Faults.loss(20), 4)) {
            for (int i = 0; i < DATAGRAMS; i++) {
                send(peer, relay.address(), Integer.toString(i));
            }
            List<String> arrived = receiveAll(target);

            UdpRelay.Statistics statistics = relay.statistics();
            assertEquals(DATAGRAMS, statistics.received());
            assertEquals(DATAGRAMS - arrived.size(), statistics.lost());
            assertEquals(0, statistics.overflowed());
            assertEquals(20, 100.0 * statistics.lost() / DATAGRAMS, 6);
        }
    }

    @Test
    void eachPeerHasItsOwnSocketAndGetsItsOwnAnswers() throws IOException {
        try (DatagramSocket target = socket();
                DatagramSocket one = socket();
                DatagramSocket two = socket();
                UdpRelay relay = UdpRelay.open(address(target), Faults.NONE, 1)) {
            Set<Integer> ports = new TreeSet<>();
            for (DatagramSocket peer : List.of(one, two)) {
                send(peer, relay.address(), "from " + peer.getLocalPort());
                DatagramPacket packet = receive(target);
                ports.add(packet.getPort());
                send(target, (InetSocketAddress) packet.getSocketAddress(), "to " + peer.getLocalPort());
            }

            assertEquals(2, ports.size());
            assertEquals("to " + one.getLocalPort(), text(receive(one)));
            assertEquals("to " + two.getLocalPort(), text(receive(two)));
        }
    }

    @Test
    void aHeldBackDatagramIsOvertaken() throws IOException {
        Faults faults = new Faults(0, 1, 0, 30, Duration.ZERO, Duration.ZERO);
        try (DatagramSocket target = socket();
                DatagramSocket peer = socket();
                UdpRelay relay = UdpRelay.open(address(target), faults, 3)) {
            for (int i = 0; i < 20; i++) {
                send(peer, relay.address(), Integer.toString(i));
            }
            List<String> arrived = receiveAll(target);

            assertEquals(20, arrived.size());
            assertNotEquals(
                    arrived.stream().map(Integer::valueOf).sorted().toList(),
                    arrived.stream().map(Integer::valueOf).toList());
        }
    }

    /** What arrives of a row of datagrams sent one after another. */
    private static List<String> passed(Faults faults, long seed) throws IOException {
        try (DatagramSocket target = socket();
                DatagramSocket peer = socket();
                UdpRelay relay = UdpRelay.open(address(target), faults, seed)) {
            for (int i = 0; i < DATAGRAMS; i++) {
                send(peer, relay.address(), Integer.toString(i));
            }
            return receiveAll(target);
        }
    }

    /** Everything until nothing comes any more. */
    private static List<String> receiveAll(DatagramSocket socket) throws IOException {
        List<String> texts = new ArrayList<>();
        socket.setSoTimeout(1_000);
        try {
            while (true) {
                texts.add(text(receive(socket)));
            }
        } catch (SocketTimeoutException end) {
            return texts;
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setReceiveBufferSize(1 << 20);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static void send(DatagramSocket from, InetSocketAddress to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }
}
