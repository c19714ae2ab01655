// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.core.CertificateUsage;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.dtls.ServerKeys;

/** Raw public keys and certificates, and what happens when a credential changes. */
@Timeout(120)
class CredentialTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(UTF_8);

    private Bench bench;
    private KeyPair authority;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        authority = keys();
        Path trust = data.resolve("trust.pem");
        byte[] certificate = ServerKeys.selfSigned("authority", authority, Instant.now());
        Files.writeString(
                trust,
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n",
                StandardCharsets.US_ASCII);
        bench = new Bench(data).set("trust.file", trust.toString());
        bench.inventory.with("m1", new Credential.PreSharedKey("id1", KEY));
        bench.start();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private ServerKeys server() throws Exception {
        return ServerKeys.load(bench.data().resolve("lwm2m").resolve("server.pem"));
    }

    private Security rpk(KeyPair pair) throws Exception {
        return Security.rpk(
                bench.coaps(),
                123,
                pair.getPublic().getEncoded(),
                pair.getPrivate().getEncoded(),
                server().certificate().getPublicKey().getEncoded());
    }

    private Security x509(String name, KeyPair issuer) throws Exception {
        KeyPair pair = keys();
        return Security.x509(
                bench.coaps(),
                123,
                ServerKeys.signed(name, pair, "authority", issuer, Instant.now()),
                pair.getPrivate().getEncoded(),
                server().certificate().getEncoded(),
                CertificateUsage.DOMAIN_ISSUER_CERTIFICATE.code);
    }

    @Test
    void theServersKeyIsMadeOnceAndReadableByItsOwnerOnly() throws Exception {
        Path file = bench.data().resolve("lwm2m").resolve("server.pem");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String before = Files.readString(file);
        bench.stop();
        bench.start();
        assertEquals(before, Files.readString(file));
    }

    @Test
    void aMeterRegistersWithItsRawPublicKey() throws Exception {
        KeyPair pair = keys();
        bench.inventory.with("r", new Credential.RawPublicKey(pair.getPublic().getEncoded()));
        try (TestMeter meter = new TestMeter("r", rpk(pair)).registered()) {
            assertEquals(
                    204,
                    meter.send(ContentFormat.SENML_CBOR, "/3303/0/5700")
                            .getCode()
                            .getCode());
        }
        try (TestMeter meter = new TestMeter("r", rpk(keys())).start()) {
            assertEquals("refused 403", meter.next());
            assertTrue(bench.events.await("meter.refused").text().contains("raw public key is not the meter's"));
        }
    }

    @Test
    void aRawPublicKeyNeedsNoAuthority() throws Exception {
        bench.stop();
        bench.set("trust.file", "").start();
        KeyPair pair = keys();
        bench.inventory.with("r", new Credential.RawPublicKey(pair.getPublic().getEncoded()));
        try (TestMeter meter = new TestMeter("r", rpk(pair)).registered()) {
            assertEquals(1, bench.channel().registered());
        }
    }

    @Test
    void aMeterEnrolledWithoutAKeyMayComeBackWithoutOne() throws Exception {
        bench.inventory.open = true;
        bench.inventory.enrolled = List.of(new Credential.PreSharedKey("new", KEY));
        for (int i = 0; i < 2; i++) {
            try (TestMeter meter = new TestMeter("new", Security.noSec(bench.coap(), 123)).registered()) {
                assertEquals(List.of(), bench.inventory.credentials("new"));
            }
        }
    }

    @Test
    void aMeterRegistersWithACertificateOfATrustedAuthority() throws Exception {
        bench.inventory.with("x", new Credential.X509("x"));
        try (TestMeter meter = new TestMeter("x", x509("x", authority)).registered()) {
            assertEquals(1, bench.channel().registered());
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        bench.inventory.with("x", new Credential.X509("x"));
        try (TestMeter meter = new TestMeter("x", x509("y", authority)).start()) {
            assertEquals("refused 403", meter.next());
        }
    }

    @Test
    void aCertificateOfAStrangerMakesNoConnection() throws Exception {
        bench.inventory.with("x", new Credential.X509("x"));
        try (TestMeter meter = new TestMeter("x", x509("x", keys())).start()) {
            assertNotEquals("registered", meter.next());
        }
    }

    @Test
    void aChangedKeyClosesRegistrationAndConnection() throws Exception {
        bench.stop();
        bench.set("recheck.seconds", 1).start();
        try (TestMeter meter =
                new TestMeter("m1", Security.psk(bench.coaps(), 123, "id1".getBytes(UTF_8), KEY)).registered()) {
            bench.inventory.put(
                    bench.inventory.find("m1").orElseThrow(),
                    List.of(new Credential.PreSharedKey("id1", "another key here".getBytes(UTF_8))));
            assertTrue(bench.events.await("meter.refused").text().contains("credential was changed"));
            assertEquals(0, bench.channel().registered());
        }
    }

    @Test
    void aMeterThatIsRetiredMayNotSendAnyMore() throws Exception {
        try (TestMeter meter =
                new TestMeter("m1", Security.psk(bench.coaps(), 123, "id1".getBytes(UTF_8), KEY)).registered()) {
            bench.inventory.put(Meter.builder("m1").state(MeterState.RETIRED).build());
            assertEquals(
                    403,
                    meter.send(ContentFormat.SENML_CBOR, "/3303/0/5700")
                            .getCode()
                            .getCode());
            assertTrue(bench.events.await("meter.refused").text().contains("retired"));
            assertTrue(bench.intake.frames.isEmpty());
        }
    }

    @Test
    void aPortInUseIsNamed() {
        int port = bench.channel().port(org.eclipse.leshan.core.endpoint.Protocol.COAPS);
        try (Bench second = new Bench(bench.data())) {
            second.set("coaps.port", port);
            String message =
                    assertThrows(IllegalStateException.class, second::start).getMessage();
            assertTrue(message.contains(String.valueOf(port)), message);
        }
    }
}
