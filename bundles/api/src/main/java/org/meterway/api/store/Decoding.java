// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

/**
 * That a message kept earlier was decoded, or decoded again.
 *
 * @param message its number
 * @param codec name of the codec
 * @param codecVersion version of the codec
 * @param days the days of all readings it ever brought
 */
public record Decoding(long message, String codec, String codecVersion, DaySpan days) {
    public Decoding {
        requireNonNull(codec, "codec");
        requireNonNull(codecVersion, "codecVersion");
        requireNonNull(days, "days");
    }
}
