// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256 in the two spellings the console needs. */
final class Sha256 {
    private Sha256() {}

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest(bytes));
    }

    /** A CSP hash source with its quotes (CSP Level 3, 2.3.1). */
    static String source(byte[] bytes) {
        return "'sha256-" + Base64.getEncoder().encodeToString(digest(bytes)) + "'";
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
