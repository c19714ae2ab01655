// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
     * Writes all of a settlement in one transaction. Raw bytes of settled messages stay readable by {@link #message}.
     *
     * @throws IllegalArgumentException if a message is settled that was never appended
     */
    void settle(Settlement settlement);

    /** Writes the profiles and marks all messages up to {@code through} as settled, in one transaction. */
    default void settle(long through, Collection<ProfileRow> profiles) {
        settle(new Settlement(through, profiles));
    }

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

    /**
     * Messages in the order of their numbers, settled or not, part by part: each call reads a bounded part of them and hands over
     * those that are wanted, perhaps none.
     *
     * @param after only those with a higher number
     * @param through none with a higher number
     * @param from first time of reception wanted
     * @param to first time of reception not wanted any more
     * @param meters whether messages of a meter are wanted
     * @return empty when there is nothing more to look at
     */
    Optional<MessagePage> messages(long after, long through, Instant from, Instant to, Predicate<String> meters);

    /**
     * Parked frames, the oldest first.
     *
     * @param meter only those of this meter, empty for all
     * @param after only those with a higher number
     * @param limit at most so many, positive; fewer when they are large
     */
    List<ParkedFrame> parked(Optional<String> meter, long after, int limit);

    /**
     * Parked frames, the newest first.
     *
     * @param meter only those of this meter, empty for all
     * @param before only those with a lower number
     * @param limit at most so many, positive; fewer when they are large
     */
    List<ParkedFrame> parkedBefore(Optional<String> meter, long before, int limit);

    /** All parked frames in short, the oldest first. */
    List<ParkedEntry> parkedEntries();

    /** The last invocation counters of all meters, as far as messages are settled. */
    List<LastInvocation> invocations();

    /**
     * Values superseded, by quantity, interval and start, and for each the oldest first.
     *
     * @param meter whose
     * @param obis only this quantity, empty for all
     * @param from first start wanted
     * @param to first start not wanted any more
     * @param limit at most so many, positive
     */
    List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit);
}
