// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.HexFormat;

/** Bytes as the standard writes them. */
final class Hex {
    private static final HexFormat PLAIN = HexFormat.of().withUpperCase();
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ").withUpperCase();

    private Hex() {}

    static String of(int code) {
        return PLAIN.toHexDigits((byte) code);
    }

    static String of(byte[] bytes, int from, int to) {
        return SPACED.formatHex(bytes, from, to);
    }
}
