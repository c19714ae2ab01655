// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.stack.CoapUdpStack;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionListener;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Inventory;
import org.meterway.dtls.ServerKeys;

/** The channel's sockets, from binding to closing. */
final class CoapListener implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    final LongAdder handshakesFailed = new LongAdder();

    private final CoapServer server;
    private final ProtocolScheduledExecutorService executor;
    private final CoapEndpoint coaps;
    private final @Nullable CoapEndpoint coap;

    /** Binds the sockets, or throws {@link IllegalStateException} naming the address that cannot be used. */
    CoapListener(
            Config config,
            Path folder,
            Inventory inventory,
            Complaints complaints,
            BiConsumer<String, CoapExchange> readings,
            BiConsumer<String, CoapExchange> frames) {
        Configuration settings = CoapSettings.of(config);
        executor = ExecutorsUtil.newProtocolScheduledThreadPool(CoapSettings.threads(), Threads.named("coap-protocol"));
        server = new CoapServer(settings);
        server.setExecutor(executor, true);
        boolean started = false;
        try {
            server.add(PostResource.readings(readings), PostResource.frames(frames));
            coaps = endpoint(settings)
                    .setConnector(new DTLSConnector(dtls(config, folder, settings, inventory, complaints)))
                    .build();
            coap = config.coap_open()
                    ? endpoint(settings)
                            .setInetSocketAddress(address(config.host(), config.coap_port()))
                            .build()
                    : null;
            List<CoapEndpoint> endpoints = new ArrayList<>(List.of(coaps));
            if (coap != null) {
                endpoints.add(coap);
            }
            endpoints.forEach(server::addEndpoint);
            for (CoapEndpoint endpoint : endpoints) {
                bind(endpoint);
            }
            server.start();
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private static CoapEndpoint.Builder endpoint(Configuration settings) {
        return new CoapEndpoint.Builder()
                .setConfiguration(settings)
                .setCoapStackFactory((protocol, tag, config, matcher, outbox, custom) ->
                        new CoapUdpStack(tag, CoapSettings.forBlocks(config), matcher, outbox));
    }

    private static void bind(CoapEndpoint endpoint) {
        try {
            endpoint.start();
        } catch (IOException busy) {
            throw new IllegalStateException(
                    "cannot listen on UDP " + endpoint.getAddress() + ": " + busy.getMessage(), busy);
        }
    }

    private DtlsConnectorConfig dtls(
            Config config, Path folder, Configuration settings, Inventory inventory, Complaints complaints) {
        PskKeys keys = new PskKeys(inventory, complaints);
        ServerKeys own = serverKeys(config, folder);
        // Any raw public key may connect: whose it is, is checked against the meter of every request.
        StaticCertificateVerifier.Builder trust = new StaticCertificateVerifier.Builder().setTrustAllRPKs();
        if (!config.trust_file().isEmpty()) {
            trust.setTrustedCertificates(trusted(Path.of(config.trust_file())));
        }
        return DtlsConnectorConfig.builder(settings)
                .setAddress(address(config.host(), config.coaps_port()))
                .setPskStore(keys)
                .setApplicationLevelInfoSupplier(keys)
                .setCertificateIdentityProvider(new SingleCertificateProvider(
                        own.privateKey(),
                        own.chain().toArray(X509Certificate[]::new),
                        CertificateType.RAW_PUBLIC_KEY,
                        CertificateType.X_509))
                .setCertificateVerifier(trust.build())
                .setSessionListener(new FailedHandshakes(complaints))
                .build();
    }

    private static ServerKeys serverKeys(Config config, Path folder) {
        boolean configured = !config.key_file().isEmpty();
        Path file = configured ? Path.of(config.key_file()) : folder.resolve("server.pem");
        try {
            return configured ? ServerKeys.load(file) : ServerKeys.loadOrCreate(file);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "the server key " + file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static X509Certificate[] trusted(Path file) {
        try {
            List<X509Certificate> found = ServerKeys.certificates(file);
            if (found.isEmpty()) {
                throw new IllegalArgumentException("trust.file " + file + " has no certificate");
            }
            return found.toArray(X509Certificate[]::new);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "trust.file " + file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException("host '" + host + "' is no address of this machine", unknown);
        }
    }

    int coapsPort() {
        return coaps.getAddress().getPort();
    }

    /** The port of plain CoAP, if it is open. */
    OptionalInt coapPort() {
        return coap == null
                ? OptionalInt.empty()
                : OptionalInt.of(coap.getAddress().getPort());
    }

    @Override
    public void close() {
        server.destroy();
        executor.shutdownNow();
        try {
            executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private final class FailedHandshakes implements SessionListener {
        private final Complaints complaints;

        FailedHandshakes(Complaints complaints) {
            this.complaints = complaints;
        }

        @Override
        public void handshakeStarted(Handshaker handshaker) {
            // Only failures matter.
        }

        @Override
        public void contextEstablished(Handshaker handshaker, DTLSContext context) {
            // Only failures matter.
        }

        @Override
        public void handshakeCompleted(Handshaker handshaker) {
            // Only failures matter.
        }

        @Override
        public void handshakeFailed(Handshaker handshaker, Throwable error) {
            handshakesFailed.increment();
            complaints.say("handshake failed", handshaker.getPeerAddress(), String.valueOf(error.getMessage()));
        }

        @Override
        public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {
            // Only failures matter.
        }
    }
}
