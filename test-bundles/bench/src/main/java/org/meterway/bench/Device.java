// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;

/** A meter of the load generator: an own socket, an own name, an own key. */
final class Device implements AutoCloseable {
    static final int SENML_CBOR = 112;

    final String name;
    final Pack pack;

    private final CoapEndpoint endpoint;
    private final boolean secure;

    Device(String name, Pack pack, boolean secure, ProtocolScheduledExecutorService executor) {
        this.name = name;
        this.pack = pack;
        this.secure = secure;
        Configuration configuration = configuration();
        CoapEndpoint.Builder builder = CoapEndpoint.builder().setConfiguration(configuration);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (secure) {
            DtlsConnectorConfig dtls = DtlsConnectorConfig.builder(configuration)
                    .setAddress(any)
                    .setPskStore(new SinglePskStore(name, key(name)))
                    .build();
            DTLSConnector connector = new DTLSConnector(dtls);
            connector.setExecutor(executor);
            builder.setConnector(connector);
        } else {
            builder.setInetSocketAddress(any);
        }
        endpoint = builder.build();
        endpoint.setExecutor(executor);
    }

    /** A device on an endpoint that exists already. */
    Device(String name, Pack pack, CoapEndpoint endpoint) {
        this.name = name;
        this.pack = pack;
        this.secure = false;
        this.endpoint = endpoint;
    }

    CoapEndpoint endpoint() {
        return endpoint;
    }

    /** A confirmable POST of SenML-CBOR to a path of the server at this port. */
    Request post(int port, String path, byte[] payload) {
        Request request = Request.newPost();
        request.setURI((secure ? "coaps" : "coap") + "://127.0.0.1:" + port + path);
        request.getOptions().setContentFormat(SENML_CBOR);
        request.setPayload(payload);
        return request;
    }

    /** A confirmable POST without a body. */
    Request post(int port, String path) {
        Request request = new Request(CoAP.Code.POST);
        request.setURI((secure ? "coaps" : "coap") + "://127.0.0.1:" + port + path);
        return request;
    }

    void send(Request request) {
        endpoint.sendRequest(request);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }

    /** The key of a bench meter: made from its name; it protects nothing. */
    static byte[] key(String name) {
        return ("bench-" + name).getBytes(StandardCharsets.UTF_8);
    }

    static Configuration configuration() {
        CoapConfig.register();
        UdpConfig.register();
        SystemConfig.register();
        DtlsConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, 1000);
        configuration.set(CoapConfig.MAX_MESSAGE_SIZE, 1280);
        configuration.set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024);
        configuration.set(CoapConfig.ACK_TIMEOUT, 4, TimeUnit.SECONDS);
        configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
        configuration.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
        configuration.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
        configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 10);
        return configuration;
    }
}
