// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import static java.util.Objects.requireNonNull;

/**
 * The invocation counter of a ciphered frame (IEC 62056-5-3, 5.3.3.6). A codec has no state: intake refuses a frame whose counter
 * is not above the last accepted of the same originator, and keeps the last one durable.
 *
 * @param originator who counts: the sender's system title in hexadecimal
 * @param counter unsigned, 0–2³²−1
 * @param offset where the counter stands in the frame, −1 if unknown
 */
public record Invocation(String originator, long counter, int offset) {
    public Invocation {
        requireNonNull(originator, "originator");
        if (counter < 0) {
            throw new IllegalArgumentException("counter must not be negative, was " + counter);
        }
    }
}
