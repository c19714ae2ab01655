// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;

/** A meter down to the datagram: says exactly what a test wants it to say. */
final class RawMeter implements AutoCloseable {
    private final DatagramSocket socket;
    private final InetSocketAddress gateway;
    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Response> responses = new LinkedBlockingQueue<>();
    final BlockingQueue<EmptyMessage> empties = new LinkedBlockingQueue<>();
    private final Thread reader;
    private int mid = 100;
    /** Answers requests of the gateway; null keeps silent. */
    volatile Function<Request, Response> answers = request -> new Response(ResponseCode.NOT_FOUND);

    RawMeter(String gatewayUri) throws IOException {
        URI uri = URI.create(gatewayUri);
        gateway = new InetSocketAddress("127.0.0.1", uri.getPort());
        socket = new DatagramSocket(0, gateway.getAddress());
        reader = new Thread(this::read, "raw-meter");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        UdpDataParser parser = new UdpDataParser();
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] bytes = java.util.Arrays.copyOf(buffer, packet.getLength());
                Message message = parser.parseMessage(RawData.inbound(
                        bytes,
                        new AddressEndpointContext((InetSocketAddress) packet.getSocketAddress()),
                        false,
                        System.nanoTime(),
                        (InetSocketAddress) socket.getLocalSocketAddress()));
                if (message instanceof Request request) {
                    requests.add(request);
                    Response response = answers.apply(request);
                    if (response != null) {
                        response.setType(Type.ACK);
                        response.setMID(request.getMID());
                        response.setToken(request.getToken());
                        transmit(response);
                    }
                } else if (message instanceof Response response) {
                    responses.add(response);
                    if (response.getType() == Type.CON) {
                        EmptyMessage ack = new EmptyMessage(Type.ACK);
                        ack.setMID(response.getMID());
                        transmit(ack);
                    }
                } else if (message instanceof EmptyMessage empty) {
                    empties.add(empty);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void transmit(Message message) throws IOException {
        message.setDestinationContext(new AddressEndpointContext(gateway));
        byte[] bytes = new UdpDataSerializer().getByteArray(message);
        socket.send(new DatagramPacket(bytes, bytes.length, gateway));
    }

    /** Sends a confirmable request with a path and query such as {@code rd?ep=m1&lt=300} and waits for the response. */
    Response post(String pathAndQuery, int contentFormat, byte[] payload) throws Exception {
        Request request = Request.newPost();
        request.getOptions().setContentFormat(contentFormat);
        request.setPayload(payload);
        return exchange(request, pathAndQuery);
    }

    Response delete(String path) throws Exception {
        return exchange(Request.newDelete(), path);
    }

    private Response exchange(Request request, String pathAndQuery) throws Exception {
        request.setURI("coap://127.0.0.1:" + gateway.getPort() + "/" + pathAndQuery);
        request.setType(Type.CON);
        request.setMID(mid++);
        request.setToken(new byte[] {1, (byte) mid});
        transmit(request);
        Response response = responses.poll(20, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("no response within 20 s");
        }
        return response;
    }

    Response register(String query, String links) throws Exception {
        return post("rd?" + query, 40, links.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a notification for an observation; returns its message id. */
    int notify(Request observe, int sequence, int contentFormat, byte[] payload) throws IOException {
        Response notification = new Response(ResponseCode.CONTENT);
        notification.setType(Type.CON);
        notification.setMID(mid++);
        notification.setToken(observe.getToken());
        notification.getOptions().setObserve(sequence);
        notification.getOptions().setContentFormat(contentFormat);
        notification.setPayload(payload);
        transmit(notification);
        return notification.getMID();
    }

    Request nextRequest() throws InterruptedException {
        Request request = requests.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request within 20 s");
        }
        return request;
    }

    static Response content(int contentFormat, byte[] payload) {
        Response response = new Response(ResponseCode.CONTENT);
        response.getOptions().setContentFormat(contentFormat);
        response.setPayload(payload);
        return response;
    }

    @Override
    public void close() {
        socket.close();
    }
}
