// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import java.util.List;
import org.meterway.api.reading.Reading;

/**
 * What a codec found in a frame.
 *
 * @param readings values of known quantities, in the frame's order
 * @param unnamed names whose values are no known quantity, at most 16 of them; they stay in the raw bytes
 */
public record Decoded(List<Reading> readings, List<String> unnamed) {
    public Decoded {
        readings = List.copyOf(readings);
        unnamed = List.copyOf(unnamed);
    }
}
