// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that meters of a fleet share with the gateway's open enrolment. A meter's key is the first 16 bytes of
 * HMAC-SHA256(enrolment key, identity in UTF-8).
 */
public final class EnrolmentKey {
    private final byte[] secret;

    /** @param secret at least 16 bytes */
    public EnrolmentKey(byte[] secret) {
        if (secret.length < 16) {
            throw new IllegalArgumentException("enrolment key must be at least 16 bytes, was " + secret.length);
        }
        this.secret = secret.clone();
    }

    /** @param hex at least 32 hex digits */
    public static EnrolmentKey ofHex(String hex) {
        return new EnrolmentKey(HexFormat.of().parseHex(hex.strip()));
    }

    /** The pre-shared key of a meter, 16 bytes. */
    public byte[] pskOf(String identity) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return Arrays.copyOf(mac.doFinal(identity.getBytes(StandardCharsets.UTF_8)), 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    @Override
    public String toString() {
        return "enrolment key";
    }
}
