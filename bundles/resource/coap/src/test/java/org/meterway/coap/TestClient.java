// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/** A CoAP client with a socket of its own. */
final class TestClient implements AutoCloseable {
    private final CoapEndpoint endpoint;

    private TestClient(CoapEndpoint endpoint) throws Exception {
        this.endpoint = endpoint;
        endpoint.start();
    }

    private static Configuration settings() {
        Configuration settings = new Configuration(
                SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS);
        settings.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
        settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20);
        settings.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
        settings.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
        settings.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
        settings.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 500, TimeUnit.MILLISECONDS);
        settings.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
        settings.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
        return settings;
    }

    static TestClient plain() throws Exception {
        return new TestClient(new CoapEndpoint.Builder()
                .setConfiguration(settings())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    }

    static TestClient psk(String identity, byte[] key) throws Exception {
        return dtls(config -> config.setPskStore(new SinglePskStore(identity, key)));
    }

    static TestClient rpk(KeyPair keys) throws Exception {
        return dtls(config -> config.setCertificateIdentityProvider(
                        new SingleCertificateProvider(keys.getPrivate(), keys.getPublic()))
                .setCertificateVerifier(new StaticCertificateVerifier.Builder()
                        .setTrustAllRPKs()
                        .build()));
    }

    static TestClient x509(KeyPair keys, List<X509Certificate> chain) throws Exception {
        return dtls(config -> config.setCertificateIdentityProvider(new SingleCertificateProvider(
                        keys.getPrivate(), chain.toArray(X509Certificate[]::new), CertificateType.X_509))
                .setCertificateVerifier(new StaticCertificateVerifier.Builder()
                        .setTrustAllCertificates()
                        .build()));
    }

    private static TestClient dtls(Consumer<DtlsConnectorConfig.Builder> credentials) throws Exception {
        Configuration settings = settings();
        DtlsConnectorConfig.Builder config = DtlsConnectorConfig.builder(settings)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        credentials.accept(config);
        return new TestClient(new CoapEndpoint.Builder()
                .setConfiguration(settings)
                .setConnector(new DTLSConnector(config.build()))
                .build());
    }

    record Pending(CompletableFuture<Response> future) {
        boolean answered() {
            return future.isDone();
        }

        Response response() throws Exception {
            return future.get(20, TimeUnit.SECONDS);
        }
    }

    Response send(Code code, String uri, int format, byte[] payload) throws Exception {
        return start(code, uri, format, payload).response();
    }

    Pending start(Code code, String uri, int format, byte[] payload) {
        Request request = new Request(code);
        request.setURI(uri);
        if (format >= 0) {
            request.getOptions().setContentFormat(format);
        }
        if (payload != null) {
            request.setPayload(payload);
        }
        CompletableFuture<Response> future = new CompletableFuture<>();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                future.complete(response);
            }

            @Override
            public void onSendError(Throwable error) {
                future.completeExceptionally(error);
            }

            @Override
            public void onTimeout() {
                future.completeExceptionally(new java.util.concurrent.TimeoutException("no answer"));
            }
        });
        request.send(endpoint);
        return new Pending(future);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }
}
