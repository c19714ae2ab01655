// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.meterway.api.codec.Frame;
import org.meterway.api.reading.Reading;

/**
 * An accepted frame with what it was decoded to.
 *
 * @param frame as it came
 * @param codec name of the codec that decoded it
 * @param codecVersion version of that codec
 * @param readings what it brought
 */
public record Message(Frame frame, String codec, String codecVersion, List<Reading> readings) {
    public Message {
        requireNonNull(frame, "frame");
        requireNonNull(codec, "codec");
        requireNonNull(codecVersion, "codecVersion");
        readings = List.copyOf(readings);
    }
}
