// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import java.time.Clock;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The console's own servlets beside a stand-in for the REST interface, on loopback. */
final class TestServer implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    final StandInRest rest;

    TestServer(int port, Clock clock, int meters) throws Exception {
        rest = new StandInRest(clock, meters);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new ConsoleServlet()), "/console/*");
        context.addServlet(new ServletHolder(new RootServlet()), "");
        context.addServlet(new ServletHolder(rest), "/api/v1/*");
        server.setHandler(context);
        server.setStopTimeout(0);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        rest.hangUp();
        server.stop();
    }

    /** For looking at the pages by hand: port and number of meters, by default 18080 and 250. */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 18080;
        int meters = args.length > 1 ? Integer.parseInt(args[1]) : 250;
        TestServer server = new TestServer(port, Clock.systemUTC(), meters);
        System.out.println(server.url() + "/console/");
        server.server.join();
    }
}
