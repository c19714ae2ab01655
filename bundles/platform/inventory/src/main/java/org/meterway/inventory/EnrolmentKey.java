// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.meterway.api.meter.Credential;

/** Derives the keys of endpoints that enrol: the first 16 bytes of HMAC-SHA256(enrolment key, identity in UTF-8). Thread-safe. */
final class EnrolmentKey {
    private static final int DERIVED_BYTES = 16;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException if the text is not at least 16 bytes in hex; it never repeats the text */
    EnrolmentKey(String hex) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hex.strip());
            if (bytes.length < DERIVED_BYTES) {
                throw new IllegalArgumentException("too short");
            }
            this.key = new SecretKeySpec(bytes, "HmacSHA256");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(".enrolment.key.hex must be at least 16 bytes in hex digits");
        }
    }

    Credential.PreSharedKey derive(String identity) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] derived = mac.doFinal(identity.getBytes(StandardCharsets.UTF_8));
            return new Credential.PreSharedKey(identity, Arrays.copyOf(derived, DERIVED_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is missing in this Java runtime", e);
        }
    }
}
