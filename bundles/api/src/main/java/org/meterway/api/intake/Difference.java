// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.meterway.api.reading.Reading;

/**
 * A value that is not what it was when its message is decoded again.
 *
 * @param meter id of the meter
 * @param message number of the message
 * @param before the value there was, empty if there was none
 * @param after the value there is now, empty if there is none
 */
public record Difference(String meter, long message, Optional<Reading> before, Optional<Reading> after) {
    public Difference {
        requireNonNull(meter, "meter");
        requireNonNull(before, "before");
        requireNonNull(after, "after");
    }
}
