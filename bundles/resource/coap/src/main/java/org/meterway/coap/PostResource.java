// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.function.BiConsumer;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.Resource;

/** {@code /readings/{meter}} or {@code /frames/{meter}}: one resource for all meters, so that none is kept per meter. */
final class PostResource extends CoapResource {
    private final Resource anyMeter;

    private PostResource(String name, String title, BiConsumer<String, CoapExchange> post) {
        super(name);
        getAttributes().setTitle(title);
        getAttributes().addResourceType("meterway." + name);
        anyMeter = new AnyMeter(post);
    }

    /** @param post takes what is posted for a meter */
    static PostResource readings(BiConsumer<String, CoapExchange> post) {
        PostResource resource = new PostResource("readings", "POST readings to /readings/{meter}", post);
        resource.getAttributes().addContentType(110);
        resource.getAttributes().addContentType(112);
        return resource;
    }

    /** @param post takes what is posted for a meter */
    static PostResource frames(BiConsumer<String, CoapExchange> post) {
        return new PostResource("frames", "POST a raw frame to /frames/{meter}?codec=NAME", post);
    }

    @Override
    public Resource getChild(String meter) {
        return anyMeter;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        exchange.respond(
                ResponseCode.NOT_FOUND,
                "the path must name the meter: /" + getName() + "/{meter}",
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
