// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.meterway.api.codec.Frame;

/**
 * A frame that is kept until a codec can decode it.
 *
 * @param number its own number, positive; they grow with time
 * @param message number of the accepted message it came with, 0 if it was refused
 * @param frame as it came
 * @param codec name of the codec that did not take it, empty if there was none
 * @param codecVersion version of that codec
 * @param field what is wrong, in the protocol's words; empty if there was no codec
 * @param offset of that field in bytes, −1 if it has none
 * @param reason why it is parked, one sentence
 * @param invocations the meter's last accepted invocation counters by originator, when the frame came
 */
public record ParkedFrame(
        long number,
        long message,
        Frame frame,
        String codec,
        String codecVersion,
        String field,
        int offset,
        String reason,
        Map<String, Long> invocations) {
    public ParkedFrame {
        requireNonNull(frame, "frame");
        requireNonNull(codec, "codec");
        requireNonNull(codecVersion, "codecVersion");
        requireNonNull(field, "field");
        requireNonNull(reason, "reason");
        invocations = Map.copyOf(invocations);
    }

    /** Whether the meter was told that the frame is wrong. */
    public boolean refused() {
        return message == 0;
    }
}
