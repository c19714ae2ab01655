// SPDX-License-Identifier: EPL-2.0
package org.meterway.http;

import java.net.URI;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what reaches the loopback port through somebody else's web page. The address alone keeps other machines
 * out, but a page open in a browser on this machine could still send requests here: under a name of its own that
 * resolves to 127.0.0.1 (DNS rebinding), or across origins. Both show in {@code Host} and {@code Origin}.
 */
final class LocalCallers extends Handler.Wrapper {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    LocalCallers(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        boolean reads = READING.contains(request.getMethod());
        if (isLocal(Request.getServerName(request)) && (reads || origin == null || isSameOrigin(origin, request))) {
            return super.handle(request, response, callback);
        }
        Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403, "only callers on this machine");
        return true;
    }

    private static boolean isSameOrigin(String origin, Request request) {
        try {
            URI uri = URI.create(origin);
            return isLocal(uri.getHost()) && uri.getPort() == Request.getServerPort(request);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isLocal(@Nullable String name) {
        return name != null
                && (name.equalsIgnoreCase("localhost")
                        || name.matches("127(\\.\\d{1,3}){3}")
                        || name.equals("::1")
                        || name.equals("[::1]"));
    }
}
