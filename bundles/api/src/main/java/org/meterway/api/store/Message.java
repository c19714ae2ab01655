// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.Invocation;
import org.meterway.api.reading.Reading;

/**
 * An accepted frame with what it was decoded to.
 *
 * @param frame as it came
 * @param codec name of the codec that decoded it; empty while none has
 * @param codecVersion version of that codec
 * @param readings what it brought
 * @param invocation the counter that protects it against replay, if it has one; kept until it is settled
 */
public record Message(
        Frame frame, String codec, String codecVersion, List<Reading> readings, Optional<Invocation> invocation) {
    public Message {
        requireNonNull(frame, "frame");
        requireNonNull(codec, "codec");
        requireNonNull(codecVersion, "codecVersion");
        requireNonNull(invocation, "invocation");
        readings = List.copyOf(readings);
    }

    /** A message without an invocation counter. */
    public Message(Frame frame, String codec, String codecVersion, List<Reading> readings) {
        this(frame, codec, codecVersion, readings, Optional.empty());
    }
}
