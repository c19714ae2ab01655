// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.model.VersionedModelProvider;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.send.SendListener;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/** Leshan's own server, keeping what it is sent. */
final class LeshanGateway implements AutoCloseable {
    /** Values by path and time, by endpoint. */
    final Map<String, Map<String, NavigableMap<Instant, BigDecimal>>> received = new ConcurrentHashMap<>();

    final CompletableFuture<Void> firstSend = new CompletableFuture<>();
    final AtomicReference<String> error = new AtomicReference<>();
    private final LeshanServer server;
    private final Protocol protocol;

    LeshanGateway(Protocol protocol, int port, EnrolmentKey key, List<String> endpoints) {
        this.protocol = protocol;
        InMemorySecurityStore security = new InMemorySecurityStore();
        for (String endpoint : endpoints) {
            try {
                security.add(SecurityInfo.newPreSharedKeyInfo(endpoint, endpoint, key.pskOf(endpoint)));
            } catch (NonUniqueSecurityInfoException e) {
                throw new IllegalArgumentException(e);
            }
        }
        CaliforniumServerEndpointsProvider endpointsProvider = new CaliforniumServerEndpointsProvider.Builder(
                        new CoapServerProtocolProvider(), new CoapsServerProtocolProvider())
                .setConfiguration(configuration -> configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 6))
                .addEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), protocol)
                .build();
        List<ObjectModel> models = List.copyOf(new MeterObjects().model().getObjectModels());
        LeshanServerBuilder builder = new LeshanServerBuilder()
                .setObjectModelProvider(new VersionedModelProvider(models))
                .setEndpointsProviders(endpointsProvider);
        if (protocol.equals(Protocol.COAPS)) {
            builder.setSecurityStore(security);
        }
        this.server = builder.build();
        server.getSendService().addListener(new SendListener() {
            @Override
            public void dataReceived(Registration registration, TimestampedLwM2mNodes data, SendRequest request) {

                for (Instant time : data.getTimestamps()) {
                    data.getNodesAt(time)
                            .forEach(
                                    (path, node) -> keep(registration.getEndpoint(), time, path, (LwM2mResource) node));
                }
                firstSend.complete(null);
            }

            @Override
            public void onError(Registration registration, String message, Exception cause) {
                error.set(message + " " + (cause == null ? "" : cause.getCause()));
            }
        });
        server.start();
    }

    private void keep(String endpoint, Instant time, LwM2mPath path, LwM2mResource resource) {
        BigDecimal before = received.computeIfAbsent(endpoint, key -> new ConcurrentHashMap<>())
                .computeIfAbsent(path.toString(), key -> new ConcurrentSkipListMap<>())
                .put(time, new BigDecimal(resource.getValue().toString()));
        if (before != null
                && before.compareTo(new BigDecimal(resource.getValue().toString())) != 0) {
            error.set(endpoint + " sent two values for " + path + " at " + time);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                server.getEndpoint(protocol).getURI().getPort());
    }

    Object read(String endpoint, String path) throws InterruptedException {
        Registration registration = server.getRegistrationService().getByEndpoint(endpoint);
        ReadResponse response = server.send(registration, new ReadRequest(path), 10_000);
        return ((LwM2mSingleResource) response.getContent()).getValue();
    }

    @Override
    public void close() {
        server.destroy();
    }
}
