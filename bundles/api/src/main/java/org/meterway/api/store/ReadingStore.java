// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.meterway.api.reading.Obis;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Rows of messages and day profiles. It knows no rules: decoding, folding and merging belong to intake. Thread-safe; every method
 * blocks on the disk and throws {@link StoreException} when the store fails, with nothing half-done. What a returned write has
 * written survives the loss of power.
 */
@ProviderType
public interface ReadingStore {
    /**
     * Appends messages in one transaction, durable on return. One caller at a time.
     *
     * @param messages not empty
     * @return sequence number of the first; the others follow it without gaps. Numbers grow for ever, across restarts too
     */
    long append(List<Message> messages);

    /**
     * Messages not settled yet, oldest first.
     *
     * @param after only those with a higher sequence number
     * @param limit at most so many, positive
     */
    List<StoredMessage> unsettled(long after, int limit);

    /** The highest sequence number settled so far, 0 if none. */
    long settled();

    /**
     * Writes the profiles and marks all messages up to {@code through} as settled, in one transaction. Raw bytes stay readable by
     * {@link #message}.
     *
     * @param profiles rows to insert or replace
     */
    void settle(long through, Collection<ProfileRow> profiles);

    /** The rows that exist among the given keys, in no particular order. */
    List<ProfileRow> profiles(Collection<ProfileKey> keys);

    /**
     * Hands over the rows of some meters from one day to another, ordered by meter as given, quantity, interval and day.
     *
     * @param meters ids of the meters
     * @param obis only this quantity, empty for all
     * @param fromDay first day, in days since 1970-01-01 UTC
     * @param toDay last day, included
     */
    void profiles(List<String> meters, Optional<Obis> obis, long fromDay, long toDay, Consumer<ProfileRow> consumer);

    /** The series of a meter with the days they span, by quantity and interval. */
    List<SeriesSpan> series(String meter);

    /** A message by its number, settled or not; empty if there is none or its raw bytes are past their retention. */
    Optional<StoredMessage> message(long sequence);
}
