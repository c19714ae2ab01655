// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.meterway.api.reading.Series;

/**
 * That a value was replaced, with what was there before: measured values are never overwritten silently.
 *
 * @param series whose value
 * @param start the reading's start, UTC, whole milliseconds
 * @param before the value superseded; empty if there was none
 * @param after the value that took its place; empty if there is none any more
 * @param at when
 * @param who did it
 * @param why the reason given
 */
public record Revision(
        Series series,
        Instant start,
        Optional<Version> before,
        Optional<Version> after,
        Instant at,
        String who,
        String why) {
    public Revision {
        requireNonNull(series, "series");
        requireNonNull(start, "start");
        requireNonNull(before, "before");
        requireNonNull(after, "after");
        requireNonNull(at, "at");
        requireNonNull(who, "who");
        requireNonNull(why, "why");
    }

    /**
     * One version of a value.
     *
     * @param count at the quantity's scale
     * @param quality flags of {@link org.meterway.api.reading.Quality}
     * @param message the message it comes from
     * @param codec name of the codec that decoded it
     * @param codecVersion version of that codec
     */
    public record Version(long count, int quality, long message, String codec, String codecVersion) {
        public Version {
            requireNonNull(codec, "codec");
            requireNonNull(codecVersion, "codecVersion");
        }
    }
}
