// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.endpoint.EffectiveEndpointUriProvider;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpoint;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpointsProvider;
import org.eclipse.leshan.server.endpoint.ServerEndpointToolbox;
import org.eclipse.leshan.server.observation.LwM2mNotificationReceiver;
import org.eclipse.leshan.server.request.UplinkDeviceManagementRequestReceiver;
import org.eclipse.leshan.servers.security.ServerSecurityInfo;
import org.eclipse.leshan.transport.californium.identity.IdentityHandler;
import org.eclipse.leshan.transport.californium.identity.IdentityHandlerProvider;
import org.eclipse.leshan.transport.californium.server.RootResource;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointFactory;
import org.eclipse.leshan.transport.californium.server.endpoint.ServerCoapMessageTranslator;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the channel, for Leshan. In place of Leshan's own provider, because Send is answered after the commit and
 * notifications are taken raw.
 */
final class Endpoints implements LwM2mServerEndpointsProvider {
    private final Configuration settings;
    private final List<CaliforniumServerEndpointFactory> factories;
    private final ScheduledExecutorService timeouts;
    private final Resources resources;
    private final NotificationHandler notifications;
    private final List<LwM2mServerEndpoint> endpoints = new ArrayList<>();
    private final List<CoapEndpoint> coapEndpoints = new ArrayList<>();
    private @Nullable CoapServer coapServer;
    private @Nullable DTLSConnector dtls;

    /** Makes the CoAP resources meters talk to. */
    @FunctionalInterface
    interface Resources {
        List<Resource> create(
                UplinkDeviceManagementRequestReceiver receiver,
                ServerEndpointToolbox toolbox,
                IdentityHandlerProvider identities);
    }

    /** Takes notifications as they came. */
    @FunctionalInterface
    interface NotificationHandler {
        void notified(Request observe, Response notification, EndpointUri endpoint, IdentityHandler identities);
    }

    Endpoints(
            Configuration settings,
            List<CaliforniumServerEndpointFactory> factories,
            ScheduledExecutorService timeouts,
            Resources resources,
            NotificationHandler notifications) {
        this.settings = settings;
        this.factories = List.copyOf(factories);
        this.timeouts = timeouts;
        this.resources = resources;
        this.notifications = notifications;
    }

    @Override
    public List<LwM2mServerEndpoint> getEndpoints() {
        return List.copyOf(endpoints);
    }

    @Override
    public @Nullable LwM2mServerEndpoint getEndpoint(EndpointUri uri) {
        for (LwM2mServerEndpoint endpoint : endpoints) {
            if (endpoint.getURI().equals(uri)) {
                return endpoint;
            }
        }
        return null;
    }

    @Override
    public void createEndpoints(
            UplinkDeviceManagementRequestReceiver receiver,
            LwM2mNotificationReceiver observations,
            ServerEndpointToolbox toolbox,
            ServerSecurityInfo security,
            LeshanServer server) {
        CoapServer coap = new CoapServer(settings) {
            @Override
            protected Resource createRoot() {
                return new RootResource();
            }
        };
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        coap.setExecutor(ExecutorsUtil.newProtocolScheduledThreadPool(threads, Threads.named("lwm2m-protocol")), false);
        IdentityHandlerProvider identities = new IdentityHandlerProvider();
        ServerCoapMessageTranslator translator = new ServerCoapMessageTranslator();
        for (CaliforniumServerEndpointFactory factory : factories) {
            EffectiveEndpointUriProvider uri = new EffectiveEndpointUriProvider();
            CoapEndpoint coapEndpoint = factory.createCoapEndpoint(settings, security, observations, server, uri);
            if (coapEndpoint == null) {
                throw new IllegalStateException("DTLS could not be configured for " + factory.getUri());
            }
            if (coapEndpoint.getConnector() instanceof DTLSConnector connector) {
                dtls = connector;
            }
            IdentityHandler identity = factory.createIdentityHandler();
            identities.addIdentityHandler(coapEndpoint, identity);
            CaliforniumServerEndpoint endpoint = new CaliforniumServerEndpoint(
                    factory.getProtocol(),
                    factory.getEndpointDescription(),
                    coapEndpoint,
                    translator,
                    toolbox,
                    observations,
                    identity,
                    factory.createExceptionTranslator(),
                    timeouts);
            uri.setEndpoint(endpoint);
            endpoints.add(endpoint);
            coapEndpoints.add(coapEndpoint);
            coap.addEndpoint(coapEndpoint);
            BiConsumer<Request, Response> listener = (observe, notification) ->
                    notifications.notified(observe, notification, endpoint.getURI(), identity);
            coapEndpoint.addNotificationListener(listener);
        }
        resources.create(receiver, toolbox, identities).forEach(coap::add);
        coapServer = coap;
    }

    /** Binds every socket or throws, naming the address that cannot be used. */
    @Override
    public void start() {
        for (CoapEndpoint endpoint : coapEndpoints) {
            try {
                endpoint.start();
            } catch (IOException busy) {
                throw new IllegalStateException(
                        "cannot listen on UDP " + endpoint.getAddress() + ": " + busy.getMessage(), busy);
            }
        }
        if (coapServer != null) {
            coapServer.start();
        }
    }

    @Override
    public void stop() {
        if (coapServer != null) {
            coapServer.stop();
        }
    }

    @Override
    public void destroy() {
        if (coapServer != null) {
            coapServer.destroy();
        }
    }

    /** The port in use for a protocol, if it is open. */
    OptionalInt port(Protocol protocol) {
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).getProtocol().equals(protocol)) {
                return OptionalInt.of(coapEndpoints.get(i).getAddress().getPort());
            }
        }
        return OptionalInt.empty();
    }

    /** Ends the DTLS connections of some identities; the meters have to prove themselves again. */
    void disconnect(Predicate<LwM2mIdentity> whose) {
        DTLSConnector connector = dtls;
        if (connector != null) {
            connector.startTerminateConnectionsForPrincipal(principal ->
                    principal != null && Identities.of(principal).filter(whose).isPresent());
        }
    }

    static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException("host '" + host + "' is no address of this machine", unknown);
        }
    }
}
