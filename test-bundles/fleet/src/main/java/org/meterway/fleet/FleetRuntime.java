// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.client.endpoint.ClientEndpointToolbox;
import org.eclipse.leshan.client.notification.NotificationManager;
import org.eclipse.leshan.client.request.DownlinkRequestReceiver;
import org.eclipse.leshan.client.resource.LwM2mObjectTree;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.node.codec.LwM2mDecoder;
import org.eclipse.leshan.core.node.codec.LwM2mEncoder;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointFactory;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.ClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientEndpointFactory;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** What all clients of a fleet share, so that one more meter costs a socket with its receiver thread and little else. */
final class FleetRuntime implements AutoCloseable {
    private static final int CLOSE_MILLIS = 2_000;

    private final ProtocolScheduledExecutorService protocol;
    private final ScheduledExecutorService registration;
    private final Configuration configuration;
    private final MeterObjects objects = new MeterObjects();
    private final LwM2mEncoder encoder = new DefaultLwM2mEncoder();
    private final LwM2mDecoder decoder = new DefaultLwM2mDecoder();
    private final InetAddress gateway;
    private final boolean secure;

    FleetRuntime(FleetConfig config) {
        this.gateway = config.gateway().getAddress();
        this.secure = config.enrolmentKey().isPresent();
        this.configuration = configuration(config);
        int cores = Runtime.getRuntime().availableProcessors();
        this.protocol = ExecutorsUtil.newProtocolScheduledThreadPool(
                Math.max(2, cores), new NamedThreadFactory("meterway-fleet-coap-"));
        // Leshan's registration engine waits for its answers: one thread for each registration under way.
        this.registration = Executors.newScheduledThreadPool(
                Math.min(64, Math.max(16, config.meters() / 4)),
                new NamedThreadFactory("meterway-fleet-registration-"));
    }

    private static Configuration configuration(FleetConfig config) {
        Configuration configuration = new Configuration(
                SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS);
        new CoapClientProtocolProvider().applyDefaultValue(configuration);
        new CoapsClientProtocolProvider().applyDefaultValue(configuration);
        long timeout = config.acknowledgeTimeout().toMillis();
        configuration.set(CoapConfig.ACK_TIMEOUT, timeout, TimeUnit.MILLISECONDS);
        configuration.set(CoapConfig.MAX_RETRANSMIT, 3);
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, 4);
        configuration.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
        configuration.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, timeout, TimeUnit.MILLISECONDS);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 4);
        // 0: the meter needs no connection id itself but uses the one the gateway gives it (RFC 9146, 3).
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
        // The suite every LwM2M device has (LwM2M Transport 1.1, 5.2.8.1) and, where the gateway wants it, forward
        // secrecy.
        configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
        configuration.set(
                DtlsConfig.DTLS_CIPHER_SUITES,
                List.of(
                        CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                        CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
                        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256));
        return configuration;
    }

    MeterObjects objects() {
        return objects;
    }

    LwM2mEncoder encoder() {
        return encoder;
    }

    LwM2mDecoder decoder() {
        return decoder;
    }

    ScheduledExecutorService registrationExecutor() {
        return registration;
    }

    /** Whether the meters talk DTLS. */
    boolean secure() {
        return secure;
    }

    CaliforniumClientEndpointsProvider endpoints() {
        return new SharingEndpoints(new OwnBuilder(secure ? new SharingProtocol() : new CoapClientProtocolProvider()));
    }

    @Override
    public void close() {
        registration.shutdownNow();
        ExecutorsUtil.shutdownExecutorGracefully(CLOSE_MILLIS, protocol);
    }

    /** Leshan's builder, opened so that a subclass of the provider can be built. */
    private final class OwnBuilder extends CaliforniumClientEndpointsProvider.Builder {
        OwnBuilder(ClientProtocolProvider protocol) {
            super(protocol);
            setConfiguration(configuration);
            if (gateway.isLoopbackAddress()) {
                setClientAddress(gateway);
            }
            generateDefaultValue();
        }
    }

    private final class SharingEndpoints extends CaliforniumClientEndpointsProvider {
        SharingEndpoints(Builder builder) {
            super(builder);
        }

        @Override
        public void init(
                LwM2mObjectTree tree,
                DownlinkRequestReceiver receiver,
                NotificationManager notifications,
                ClientEndpointToolbox toolbox) {
            super.init(tree, receiver, notifications, toolbox);
            getCoapServer().setExecutor(protocol, true);
        }
    }

    private final class SharingProtocol extends CoapsClientProtocolProvider {
        @Override
        public CaliforniumClientEndpointFactory createDefaultEndpointFactory() {
            return new SharingCoaps();
        }
    }

    private final class SharingCoaps extends CoapsClientEndpointFactory {
        @Override
        protected Connector createSecuredConnector(DtlsConnectorConfig config) {
            DTLSConnector connector = new DTLSConnector(config);
            connector.setExecutor(protocol);
            return connector;
        }
    }
}
