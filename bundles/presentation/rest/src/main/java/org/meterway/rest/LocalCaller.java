// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Until roles exist, only callers on this machine are served. A web page in this machine's browser must not use that: not under a
 * name of its own that resolves to 127.0.0.1 (DNS rebinding, seen in Host), and not by writing across origins (seen in Origin).
 */
final class LocalCaller {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private LocalCaller() {}

    /** @throws Problem 403 */
    static void check(HttpServletRequest request) {
        if (!local(request.getServerName())) {
            throw Problem.of(403, "the host must be a name of this machine (localhost, 127.0.0.1, [::1])");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !READING.contains(request.getMethod()) && !same(origin, request)) {
            throw Problem.of(403, "requests from pages of another origin may not change anything");
        }
    }

    private static boolean same(String origin, HttpServletRequest request) {
        try {
            URI uri = URI.create(origin);
            int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            return local(uri.getHost()) && port == request.getServerPort();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean local(@Nullable String name) {
        return name != null
                && (name.equalsIgnoreCase("localhost")
                        || name.matches("127(\\.\\d{1,3}){3}")
                        || name.equals("[::1]")
                        || name.equals("::1")
                        || name.equals("[0:0:0:0:0:0:0:1]"));
    }
}
