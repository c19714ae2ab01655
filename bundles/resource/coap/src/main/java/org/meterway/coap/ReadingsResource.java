// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.function.BiConsumer;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.Resource;

/** {@code /readings/{meter}}: one resource for all meters, so that none is kept per meter. */
final class ReadingsResource extends CoapResource {
    private final Resource anyMeter;

    /** @param post takes what is posted for a meter */
    ReadingsResource(BiConsumer<String, CoapExchange> post) {
        super("readings");
        getAttributes().setTitle("POST readings to /readings/{meter}");
        getAttributes().addResourceType("meterway.readings");
        getAttributes().addContentType(110);
        getAttributes().addContentType(112);
        anyMeter = new AnyMeter(post);
    }

    @Override
    public Resource getChild(String meter) {
        return anyMeter;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        exchange.respond(
                ResponseCode.NOT_FOUND,
                "the path must name the meter: /readings/{meter}",
                MediaTypeRegistry.TEXT_PLAIN);
    }

    private static final class AnyMeter extends CoapResource {
        private final BiConsumer<String, CoapExchange> post;

        AnyMeter(BiConsumer<String, CoapExchange> post) {
            super("meter", false);
            this.post = post;
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            post.accept(exchange.getRequestOptions().getUriPath().get(1).getStringValue(), exchange);
        }
    }
}
