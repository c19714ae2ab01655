// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import static java.util.Objects.requireNonNull;

/**
 * A run of bytes and what it means, for people and for "why this number?".
 *
 * @param part which bytes the offset counts in: empty for the frame itself, else bytes derived from it, for example {@code
 *     decrypted} or {@code reassembled}
 * @param offset of the first byte, from 0
 * @param length in bytes, 0 or more
 * @param meaning in the protocol's words with the value, for example {@code address: 000000000161}; never a secret
 */
public record Field(String part, int offset, int length, String meaning) {
    public Field {
        requireNonNull(part, "part");
        requireNonNull(meaning, "meaning");
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("offset and length must be 0 or more, were " + offset + ", " + length);
        }
    }

    /** A field of the frame itself. */
    public static Field of(int offset, int length, String meaning) {
        return new Field("", offset, length, meaning);
    }
}
