// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import java.net.InetSocketAddress;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;

/** The baseline of {@code bench register}: a Leshan server as it comes. Argument: CoAP port. */
final class PlainLeshan {
    private PlainLeshan() {}

    public static void main(String[] arguments) throws InterruptedException {
        CaliforniumServerEndpointsProvider.Builder endpoints =
                new CaliforniumServerEndpointsProvider.Builder(new CoapServerProtocolProvider());
        endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), Protocol.COAP);
        LeshanServerBuilder builder = new LeshanServerBuilder();
        builder.setEndpointsProviders(endpoints.build());
        LeshanServer server = builder.build();
        server.start();
        Thread.currentThread().join();
    }
}
