// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.meterway.api.reading.Reading;

/**
 * What a codec found in a frame.
 *
 * @param readings values of known quantities, in the frame's order
 * @param unnamed names whose values are no known quantity, at most 16 of them; they stay in the raw bytes
 * @param invocation the counter that protects the frame against replay, if it has one and its authenticity was checked
 */
public record Decoded(List<Reading> readings, List<String> unnamed, Optional<Invocation> invocation) {
    public Decoded {
        readings = List.copyOf(readings);
        unnamed = List.copyOf(unnamed);
        requireNonNull(invocation, "invocation");
    }

    /** Of a frame without an invocation counter. */
    public Decoded(List<Reading> readings, List<String> unnamed) {
        this(readings, unnamed, Optional.empty());
    }
}
