// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.leshan.client.object.Security;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.meterway.api.channel.Connection;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;

@Timeout(120)
class RegistrationTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(UTF_8);
    private static final byte[] OTHER_KEY = "fedcba9876543210".getBytes(UTF_8);

    private Bench bench;

    @BeforeEach
    void start(@TempDir Path data) {
        bench = new Bench(data);
        bench.inventory.with("m1", new Credential.PreSharedKey("id1", KEY));
        bench.inventory.with("m2", new Credential.PreSharedKey("id2", OTHER_KEY));
        bench.inventory.with("plain");
        bench.start();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private Security psk(String identity, byte[] key) {
        return Security.psk(bench.coaps(), 123, identity.getBytes(UTF_8), key);
    }

    @Test
    void aMeterRegistersWithItsKeyAndBecomesActive() throws Exception {
        try (TestMeter meter = new TestMeter("m1", psk("id1", KEY)).registered()) {
            assertEquals("m1", bench.events.await("meter.registered").meter().orElseThrow());
            assertEquals(1, bench.channel().registered());
            assertEquals(
                    Connection.State.REGISTERED,
                    bench.channel().connection("m1").orElseThrow().state());
            assertEquals(
                    MeterState.ACTIVE, bench.inventory.find("m1").orElseThrow().state());
            assertEquals(
                    "Temperature",
                    bench.channel().objects("m1").stream()
                            .filter(object -> object.id() == 3303)
                            .findFirst()
                            .orElseThrow()
                            .name());
        }
    }

    @Test
    void aMeterWithoutCredentialsRegistersPlainWhereThatIsOpen() throws Exception {
        try (TestMeter meter = new TestMeter("plain", Security.noSec(bench.coap(), 123)).registered()) {
            assertEquals("plain", bench.events.await("meter.registered").meter().orElseThrow());
        }
    }

    @Test
    void aMeterWithCredentialsMayNotRegisterPlain() throws Exception {
        try (TestMeter meter = new TestMeter("m1", Security.noSec(bench.coap(), 123)).start()) {
            assertEquals("refused 403", meter.next());
            assertTrue(bench.events.await("meter.refused").text().contains("must come over DTLS"));
        }
    }

    @Test
    void aMeterWithAnothersKeyIsRefused() throws Exception {
        try (TestMeter meter = new TestMeter("m1", psk("id2", OTHER_KEY)).start()) {
            assertEquals("refused 403", meter.next());
            assertTrue(bench.events.await("meter.refused").text().contains("belongs to another endpoint"));
            assertEquals(0, bench.channel().registered());
        }
    }

    @Test
    void aWrongKeyMakesNoConnection() throws Exception {
        try (TestMeter meter = new TestMeter("m1", psk("id1", OTHER_KEY), false, settings -> {
                    settings.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 50, TimeUnit.MILLISECONDS);
                    settings.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
                })
                .start()) {
            assertTrue(!meter.next().equals("registered"));
            assertEquals(0, bench.channel().registered());
        }
    }

    @Test
    void anUnknownIdentityIsRefusedAtTheHandshake() throws Exception {
        try (TestMeter meter = new TestMeter("m9", psk("id9", KEY)).start()) {
            assertTrue(bench.events.await("meter.refused").text().contains("id9"));
            assertTrue(!meter.next().equals("registered"));
        }
    }

    @Test
    void anUnknownEndpointIsRefusedUnlessEnrolmentIsOpen() throws Exception {
        try (TestMeter meter = new TestMeter("new", Security.noSec(bench.coap(), 123)).start()) {
            assertEquals("refused 403", meter.next());
        }
        bench.inventory.open = true;
        try (TestMeter meter = new TestMeter("new", Security.noSec(bench.coap(), 123)).registered()) {
            assertEquals(
                    MeterState.ACTIVE, bench.inventory.find("new").orElseThrow().state());
        }
    }

    @Test
    void aRetiredMeterIsRefused() throws Exception {
        bench.inventory.put(Meter.builder("plain").state(MeterState.RETIRED).build());
        try (TestMeter meter = new TestMeter("plain", Security.noSec(bench.coap(), 123)).start()) {
            assertEquals("refused 403", meter.next());
            assertTrue(bench.events.await("meter.refused").text().contains("retired"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_PSK_WITH_AES_128_CCM_8",
                "TLS_PSK_WITH_AES_128_CBC_SHA256",
                "TLS_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256"
            })
    void everyUsualCipherSuiteIsSpoken(CipherSuite suite) throws Exception {
        try (TestMeter meter = new TestMeter("m1", psk("id1", KEY), false, settings -> {
                    settings.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
                    settings.set(DtlsConfig.DTLS_CIPHER_SUITES, java.util.List.of(suite));
                })
                .registered()) {
            assertEquals(1, bench.channel().registered());
        }
    }

    @Test
    void theChannelComesBackOnTheSamePortsAtOnce() throws Exception {
        int port = bench.channel().port(org.eclipse.leshan.core.endpoint.Protocol.COAPS);
        bench.stop();
        bench.set("coaps.port", port).start();
        try (TestMeter meter = new TestMeter("m1", psk("id1", KEY)).registered()) {
            assertEquals(port, bench.channel().port(org.eclipse.leshan.core.endpoint.Protocol.COAPS));
        }
    }
}
