// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Sends the console's files. Everything below {@code /console/} that is not an asset is the one page: the address is read by
 * the page itself. The console asks the REST interface only; this servlet knows nothing of meters.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("org.meterway.console")
@HttpWhiteboardServletPattern("/console/*")
public final class ConsoleServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String ASSETS = "/assets/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final transient Assets assets;
    private final transient IndexPage index;

    @Activate
    public ConsoleServlet() {
        assets = new Assets();
        index = new IndexPage(assets);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (path == null) {
            response.sendRedirect(request.getRequestURI() + "/");
        } else if (path.startsWith(ASSETS)) {
            Optional<Asset> asset = assets.file(path.substring(ASSETS.length()));
            if (asset.isPresent()) send(request, response, asset.get(), FOR_EVER);
            else response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            response.setHeader("Content-Security-Policy", index.policy());
            response.setHeader("Referrer-Policy", "same-origin");
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            send(request, response, index.html(), "no-cache");
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, Asset asset, String caching)
            throws IOException {
        String accepted = request.getHeader("Accept-Encoding");
        boolean compressed =
                accepted != null && accepted.matches("(?i).*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*");
        String etag = asset.etag(compressed);
        response.setHeader("ETag", etag);
        response.setHeader("Cache-Control", caching);
        response.setHeader("Vary", "Accept-Encoding");
        String known = request.getHeader("If-None-Match");
        if (known != null && known.contains(etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] body = compressed ? asset.gzip() : asset.body();
        if (compressed) response.setHeader("Content-Encoding", "gzip");
        response.setContentType(asset.type());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
