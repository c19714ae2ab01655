// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.Field;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.store.Message;
import org.meterway.api.store.Revision;

/**
 * Why a number is what it is.
 *
 * @param series whose value
 * @param start the reading's start
 * @param reading the value as it is now; empty if it was there once and is not any more
 * @param messageNumber number of the message it comes from
 * @param message that message, with the codec that decoded it last; empty if its raw bytes are past their retention
 * @param codec name of the codec that is there now for these bytes, empty if there is none
 * @param codecVersion version of that codec
 * @param fields what that codec says the bytes mean, in their order, at most 5,000
 * @param again the value that codec makes of them, if it does
 * @param rejection why that codec does not take them, empty if it does
 * @param revisions what became of the value since it was first there, the oldest first
 */
public record Trace(
        Series series,
        Instant start,
        Optional<Reading> reading,
        long messageNumber,
        Optional<Message> message,
        String codec,
        String codecVersion,
        List<Field> fields,
        Optional<Reading> again,
        String rejection,
        List<Revision> revisions) {
    public Trace {
        requireNonNull(series, "series");
        requireNonNull(start, "start");
        requireNonNull(reading, "reading");
        requireNonNull(message, "message");
        requireNonNull(codec, "codec");
        requireNonNull(codecVersion, "codecVersion");
        requireNonNull(again, "again");
        requireNonNull(rejection, "rejection");
        fields = List.copyOf(fields);
        revisions = List.copyOf(revisions);
    }
}
