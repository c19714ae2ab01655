// SPDX-License-Identifier: EPL-2.0
package org.meterway.http;

import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Hashtable;
import java.util.List;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty behind the OSGi HTTP whiteboard (OSGi Compendium 8, chapter 140): a servlet, filter or resource that is
 * registered as a service is served as long as it is registered.
 *
 * <p>Listens on loopback addresses only: nothing behind it asks who is calling yet. HTTP/1.1 and cleartext HTTP/2 (h2c)
 * share the port.
 */
@Designate(ocd = Config.class)
@Component(configurationPid = Config.PID, immediate = true)
public final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Server server;
    private final Whiteboard whiteboard;
    private final BundleContext context;

    /**
     * Starts to listen.
     *
     * @throws IllegalArgumentException if a value is out of range, or the host is not a loopback address
     * @throws IllegalStateException if the port is in use, or Jetty does not start
     */
    @Activate
    public HttpServer(BundleContext context, Config config) {
        this.context = context;
        InetAddress host = loopback(config.host());
        between("port", config.port(), 0, 65_535);
        between("request.limit.bytes", config.request_limit_bytes(), 1024, 1 << 30);
        between("threads", config.threads(), 8, 10_000);
        between("idle.timeout.seconds", config.idle_timeout_seconds(), 1, 86_400);

        server = server(config, host);
        whiteboard = new Whiteboard();
        // Jetty looks for its services through the context class loader, which on an SCR thread sees none of them.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(HttpServer.class.getClassLoader());
        try {
            whiteboard.start(context);
            ServletContextHandler servlets = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
            servlets.getSessionHandler().setHttpOnly(true);
            ServletHolder dispatcher = new ServletHolder(whiteboard.dispatcher());
            dispatcher.setAsyncSupported(true);
            servlets.addServlet(dispatcher, "/*");
            whiteboard.listenTo(servlets);
            server.setHandler(handlers(servlets, config));
            server.start();
            int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
            whiteboard.open(servlets, address(host, port));
            LOG.info("HTTP on {}", address(host, port));
        } catch (Exception e) {
            stop();
            throw new IllegalStateException(failure(e, config), e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Deactivate
    void stop() {
        whiteboard.close(context);
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("Jetty did not stop in order", e);
        }
    }

    private static Server server(Config config, InetAddress host) {
        QueuedThreadPool threads = new QueuedThreadPool(config.threads(), Math.min(8, config.threads()));
        threads.setName("meterway-http");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setStopTimeout(1000);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost(host.getHostAddress());
        connector.setPort(config.port());
        connector.setIdleTimeout(config.idle_timeout_seconds() * 1000L);
        // Connections that only wait for a next request do not hold up the end.
        connector.setShutdownIdleTimeout(100);
        server.addConnector(connector);
        return server;
    }

    /** Outermost first: headers on every answer, strangers turned away, bodies bounded, answers packed. */
    private static Handler handlers(ServletContextHandler servlets, Config config) {
        CompressionHandler compression = new CompressionHandler(servlets);
        GzipCompression gzip = new GzipCompression();
        gzip.setMinCompressSize(1024);
        compression.putCompression(gzip);
        compression.putConfiguration(
                "/*",
                // Events are written one by one and must leave at once, so they are not packed; requests are never
                // unpacked, which keeps the limit on their size honest.
                CompressionConfig.builder()
                        .compressIncludeMethod("GET")
                        .compressIncludeMethod("POST")
                        .compressExcludeMimeType("text/event-stream")
                        .compressExcludeMimeType("image/png")
                        .compressExcludeMimeType("font/woff2")
                        .decompressExcludePath("/*")
                        .compressPreferredEncodings(List.of("gzip"))
                        .build());
        SizeLimitHandler limit = new SizeLimitHandler(config.request_limit_bytes(), -1);
        limit.setHandler(compression);
        return new SecurityHeaders(new LocalCallers(limit));
    }

    private static InetAddress loopback(String host) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known to this machine", e);
        }
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("host must be a loopback address (127.0.0.1 or ::1), was " + host
                    + ": there are no roles yet, so whoever reaches the port may do everything");
        }
        return address;
    }

    private static void between(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " must be between " + min + " and " + max + ", was " + value);
        }
    }

    private static String failure(Exception e, Config config) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof BindException
                ? "TCP port " + config.port() + " on " + config.host() + " is in use"
                : "the HTTP server does not start on " + config.host() + ":" + config.port() + ": " + root.getMessage();
    }

    private static String address(InetAddress host, int port) {
        String name = host.getHostAddress();
        return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port + "/";
    }

    /** Felix's whiteboard, started with the component instead of with the bundle. */
    private static final class Whiteboard extends org.apache.felix.http.base.internal.AbstractHttpActivator {
        private boolean open;

        jakarta.servlet.Servlet dispatcher() {
            return getHttpServiceController().createDispatcherServlet();
        }

        void listenTo(ServletContextHandler servlets) {
            servlets.addEventListener(getHttpServiceController().getEventDispatcher());
            servlets.getSessionHandler()
                    .addEventListener(getHttpServiceController().getEventDispatcher());
        }

        void open(ServletContextHandler servlets, String address) {
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("osgi.http.endpoint", new String[] {address});
            getHttpServiceController().register(servlets.getServletContext(), properties);
            getHttpServiceController().getEventDispatcher().setActive(true);
            open = true;
        }

        void close(BundleContext context) {
            if (open) {
                open = false;
                getHttpServiceController().getEventDispatcher().setActive(false);
                try {
                    stop(context);
                } catch (Exception e) {
                    LOG.warn("the HTTP whiteboard did not stop in order", e);
                }
            }
        }
    }
}
