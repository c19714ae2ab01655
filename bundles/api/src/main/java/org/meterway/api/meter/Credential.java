// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** What a meter proves its identity with over DTLS (LwM2M Transport 1.1, 5.2). Secrets never appear in {@code toString}. */
public sealed interface Credential permits Credential.PreSharedKey, Credential.RawPublicKey, Credential.X509 {

    /** The kind as shown in REST: {@code psk}, {@code rpk} or {@code x509}. */
    String kind();

    /**
     * A pre-shared key (RFC 4279).
     *
     * @param identity sent by the meter in the clear, 1–128 characters, unique
     * @param key the secret, 1–64 bytes
     */
    record PreSharedKey(String identity, byte[] key) implements Credential {
        public PreSharedKey {
            if (identity.isEmpty() || identity.length() > 128) {
                throw new IllegalArgumentException("psk identity must be 1–128 characters, was " + identity.length());
            }
            if (key.length < 1 || key.length > 64) {
                throw new IllegalArgumentException("psk key must be 1–64 bytes, was " + key.length);
            }
            key = key.clone();
        }

        @Override
        public byte[] key() {
            return key.clone();
        }

        @Override
        public String kind() {
            return "psk";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PreSharedKey psk && identity.equals(psk.identity) && Arrays.equals(key, psk.key);
        }

        @Override
        public int hashCode() {
            return identity.hashCode();
        }

        @Override
        public String toString() {
            return "psk " + identity;
        }
    }

    /**
     * A raw public key (RFC 7250).
     *
     * @param publicKey SubjectPublicKeyInfo, DER
     */
    record RawPublicKey(byte[] publicKey) implements Credential {
        public RawPublicKey {
            publicKey = publicKey.clone();
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }

        @Override
        public String kind() {
            return "rpk";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RawPublicKey rpk && Arrays.equals(publicKey, rpk.publicKey);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(publicKey);
        }

        @Override
        public String toString() {
            return "rpk";
        }
    }

    /**
     * A certificate issued by an authority the gateway trusts.
     *
     * @param commonName the subject's CN, which must be the endpoint name the certificate may register
     */
    record X509(String commonName) implements Credential {
        public X509 {
            requireNonNull(commonName, "commonName");
        }

        @Override
        public String kind() {
            return "x509";
        }
    }
}
