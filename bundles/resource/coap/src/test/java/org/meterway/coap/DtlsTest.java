// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.dtls.ServerKeys;
import org.osgi.util.converter.Converters;

class DtlsTest {
    private static final byte[] PACK = "[{\"n\":\"1-0:1.8.0\",\"v\":1}]".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY_1 = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY_2 = "fedcba9876543210".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path data;

    private final TestInventory inventory = new TestInventory();
    private final TestIntake intake = new TestIntake();
    private final KeyPair authority = keys();
    private CoapChannel channel;

    @BeforeEach
    void start() throws Exception {
        Path trust = data.resolve("trust.pem");
        Files.writeString(
                trust,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(ServerKeys.selfSigned("authority", authority, Instant.now()))
                        + "\n-----END CERTIFICATE-----\n");
        Config config = Converters.standardConverter()
                .convert(Map.of("coaps.port", 0, "trust.file", trust.toString()))
                .to(Config.class);
        channel = new CoapChannel(data, inventory, config, Clock.systemUTC());
        channel.bind(intake, List.of());
    }

    @AfterEach
    void stop() {
        channel.stop();
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Response post(TestClient client, String meter) throws Exception {
        return client.send(Code.POST, "coaps://127.0.0.1:" + channel.coapsPort() + "/readings/" + meter, 110, PACK);
    }

    private static void assertForbidden(String reason, Response response) {
        assertEquals(ResponseCode.FORBIDDEN, response.getCode());
        assertTrue(response.getPayloadString().contains(reason), response.getPayloadString());
    }

    @Test
    void aPresharedKeyPostsForItsMeterOnly() throws Exception {
        inventory.with("m1", new Credential.PreSharedKey("id1", KEY_1));
        inventory.with("m2", new Credential.PreSharedKey("id2", KEY_2));
        try (TestClient client = TestClient.psk("id1", KEY_1)) {
            assertEquals(ResponseCode.CHANGED, post(client, "m1").getCode());
            assertEquals("m1", intake.next().meter());
            assertForbidden("belongs to another meter", post(client, "m2"));
            assertTrue(intake.frames.isEmpty());
        }
    }

    @Test
    void aWrongKeyAndAnUnknownIdentityDoNotConnect() throws Exception {
        inventory.with("m1", new Credential.PreSharedKey("id1", KEY_1));
        try (TestClient wrong = TestClient.psk("id1", KEY_2);
                TestClient unknown = TestClient.psk("nobody", KEY_1)) {
            assertThrows(ExecutionException.class, () -> post(wrong, "m1"));
            assertThrows(ExecutionException.class, () -> post(unknown, "m1"));
        }
        assertTrue(intake.frames.isEmpty());
    }

    @Test
    void aConnectionEndsInEffectWithItsKeyOrItsMeter() throws Exception {
        inventory.with("m1", new Credential.PreSharedKey("id1", KEY_1));
        try (TestClient client = TestClient.psk("id1", KEY_1)) {
            assertEquals(ResponseCode.CHANGED, post(client, "m1").getCode());
            inventory.with("m1", new Credential.PreSharedKey("id1", KEY_2));
            assertForbidden("the key was changed", post(client, "m1"));
            inventory.with("m1", new Credential.PreSharedKey("id1", KEY_1));
            inventory.put(Meter.builder("m1").state(MeterState.RETIRED).build());
            assertForbidden("retired", post(client, "m1"));
            inventory.with("m1");
            assertForbidden("not known any more", post(client, "m1"));
        }
    }

    @Test
    void aRawPublicKeyPostsForItsMeterOnly() throws Exception {
        KeyPair own = keys();
        inventory.with("m1", new Credential.RawPublicKey(own.getPublic().getEncoded()));
        inventory.with("m2", new Credential.RawPublicKey(keys().getPublic().getEncoded()));
        inventory.with("m3");
        try (TestClient client = TestClient.rpk(own)) {
            assertEquals(ResponseCode.CHANGED, post(client, "m1").getCode());
            assertForbidden("not this meter's", post(client, "m2"));
            assertForbidden("not this meter's", post(client, "m3"));
        }
    }

    @Test
    void aCertificatePostsForItsMeterOnly() throws Exception {
        KeyPair own = keys();
        inventory.with("m1", new Credential.X509("m1"));
        inventory.with("m2", new Credential.X509("m2"));
        try (TestClient client = TestClient.x509(own, List.of(certificate("m1", own, authority)))) {
            assertEquals(ResponseCode.CHANGED, post(client, "m1").getCode());
            assertForbidden("certificate is not this meter's", post(client, "m2"));
            inventory.open = true;
            assertForbidden("certificate is not this meter's", post(client, "m9"));
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityDoesNotConnect() throws Exception {
        KeyPair own = keys();
        inventory.with("m1", new Credential.X509("m1"));
        try (TestClient client = TestClient.x509(own, List.of(certificate("m1", own, keys())))) {
            assertThrows(ExecutionException.class, () -> post(client, "m1"));
        }
    }

    private static X509Certificate certificate(String name, KeyPair own, KeyPair issuer) throws Exception {
        byte[] der = ServerKeys.signed(name, own, "authority", issuer, Instant.now());
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
