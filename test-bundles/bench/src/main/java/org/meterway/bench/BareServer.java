// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskStore;

/**
 * The baseline of {@code bench ingest}: a plain Californium server that walks through every token of a body and answers 2.04,
 * storing nothing. Takes any path. Arguments: CoAP port, DTLS port, number of devices.
 */
final class BareServer {
    private static final CBORFactory CBOR = new CBORFactory();

    private BareServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        int coapPort = Integer.parseInt(arguments[0]);
        int coapsPort = Integer.parseInt(arguments[1]);
        int devices = Integer.parseInt(arguments[2]);
        Configuration configuration = Device.configuration();
        // As a server would have it, not as a device.
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, 100_000);
        configuration.set(
                CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, Runtime.getRuntime().availableProcessors());
        configuration.set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, 4 << 20);
        configuration.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, 4 << 20);
        configuration.set(
                DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, Runtime.getRuntime().availableProcessors());
        configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 6);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 100_000);

        CoapServer server = new CoapServer(configuration) {
            @Override
            protected Resource createRoot() {
                return new AnyPath();
            }
        };
        InetAddress loopback = InetAddress.getLoopbackAddress();
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress(loopback, coapPort))
                .build());
        MultiPskStore keys = new MultiPskStore();
        for (int i = 0; i < devices; i++) {
            keys.setKey(IngestBench.deviceName(i), Device.key(IngestBench.deviceName(i)));
        }
        DtlsConnectorConfig dtls = DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(loopback, coapsPort))
                .setPskStore(keys)
                .build();
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(new DTLSConnector(dtls))
                .build());
        server.start();
        Thread.currentThread().join();
    }

    private static final class AnyPath extends CoapResource {
        AnyPath() {
            super("");
        }

        @Override
        public Resource getChild(String name) {
            return this;
        }

        @Override
        public void handleRequest(Exchange exchange) {
            Request request = exchange.getRequest();
            Response response = new Response(CoAP.ResponseCode.CHANGED);
            if (request.getOptions().getUriPathString().equals("rd")) {
                response = new Response(CoAP.ResponseCode.CREATED);
                response.getOptions().addLocationPath("rd").addLocationPath("1");
            } else if (!readable(request.getPayload())) {
                response = new Response(CoAP.ResponseCode.BAD_REQUEST);
            }
            exchange.sendResponse(response);
        }

        private static boolean readable(byte[] body) {
            try (JsonParser parser = CBOR.createParser(body)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken().isNumeric()) {
                        parser.getNumberValue();
                    }
                }
                return true;
            } catch (IOException unreadable) {
                return false;
            }
        }
    }
}
