// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static java.util.Objects.requireNonNull;

/**
 * A durable reading with where it came from.
 *
 * @param meter id of the meter
 * @param reading the value
 * @param message sequence number of the accepted message that brought it, for tracing it to its bytes
 */
public record StoredReading(String meter, Reading reading, long message) {
    public StoredReading {
        requireNonNull(meter, "meter");
        requireNonNull(reading, "reading");
    }
}
