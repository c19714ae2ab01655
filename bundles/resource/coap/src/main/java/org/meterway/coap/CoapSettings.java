// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;

/** How CoAP and DTLS are set up: bounded in every direction, and open to the cipher suites meters have. */
final class CoapSettings {
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;
    /** Bytes of a connection id: enough for millions of meters behind changing addresses (RFC 9146). */
    private static final int CONNECTION_ID_BYTES = 6;
    /** Forged records before a peer's traffic is dropped, and for how long. */
    private static final int MAC_ERRORS = 8;

    private static final int MAC_QUIET_SECONDS = 4;
    /** Messages remembered per peer, so that one peer cannot fill the deduplicator. */
    private static final int DEDUPLICATED_PER_PEER = 64;
    /** How long the blocks of a body may take to come. */
    private static final int BLOCKWISE_SECONDS = 60;

    /** Memory for bodies whose blocks are still coming, per socket; a transfer takes its whole body's at the first block. */
    private static final int UNFINISHED_BODIES_BYTES = 64 * 1024 * 1024;

    private static final int FEWEST_UNFINISHED_BODIES = 16;

    private static final int RECORD_BYTES = 1_280;

    /**
     * In the gateway's order of preference. CBC is there for older stacks; Scandium does not recommend it but pads and checks in
     * constant time.
     */
    static final List<CipherSuite> CIPHER_SUITES = List.of(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256);

    private CoapSettings() {}

    static Configuration of(Config config) {
        Configuration settings = new Configuration(
                SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS);
        settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, config.max_body_bytes());
        settings.set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, BLOCKWISE_SECONDS, TimeUnit.SECONDS);
        settings.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
        settings.set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, DEDUPLICATED_PER_PEER);
        settings.set(CoapConfig.MAX_ACTIVE_PEERS, config.max_connections());
        settings.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, threads());
        settings.set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, BUFFER_BYTES);
        settings.set(UdpConfig.UDP_SEND_BUFFER_SIZE, BUFFER_BYTES);

        settings.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
        settings.set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, BUFFER_BYTES);
        settings.set(DtlsConfig.DTLS_SEND_BUFFER_SIZE, BUFFER_BYTES);
        settings.set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, RECORD_BYTES);
        settings.set(DtlsConfig.DTLS_MAX_CONNECTIONS, config.max_connections());
        settings.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, threads());
        settings.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CONNECTION_ID_BYTES);
        // Always ask for the cookie, for resumption too: a spoofed address gets one small answer and costs no state.
        settings.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true);
        settings.set(DtlsConfig.DTLS_MAC_ERROR_FILTER_QUIET_TIME, MAC_QUIET_SECONDS, TimeUnit.SECONDS);
        settings.set(DtlsConfig.DTLS_MAC_ERROR_FILTER_THRESHOLD, MAC_ERRORS);
        // A meter that lost its session makes a new one: the old one is dropped instead of filling the table.
        settings.set(DtlsConfig.DTLS_REMOVE_STALE_DOUBLE_PRINCIPALS, true);
        settings.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
        settings.set(DtlsConfig.DTLS_CIPHER_SUITES, CIPHER_SUITES);
        return settings;
    }

    /** The same for the layer that puts blocks together, which bounds the unfinished bodies by the setting for peers. */
    static Configuration forBlocks(Configuration settings) {
        Configuration bounded = new Configuration(settings);
        int bodies = UNFINISHED_BODIES_BYTES / settings.get(CoapConfig.MAX_RESOURCE_BODY_SIZE);
        bounded.set(CoapConfig.MAX_ACTIVE_PEERS, Math.max(FEWEST_UNFINISHED_BODIES, bodies));
        return bounded;
    }

    /** Protocol work is short and never waits, so more threads than processors only get in each other's way. */
    static int threads() {
        return Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    }
}
