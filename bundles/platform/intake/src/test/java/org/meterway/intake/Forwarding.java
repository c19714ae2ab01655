// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.meterway.api.reading.Obis;
import org.meterway.api.store.LastInvocation;
import org.meterway.api.store.Message;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.ParkedEntry;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Revision;
import org.meterway.api.store.SeriesSpan;
import org.meterway.api.store.Settlement;
import org.meterway.api.store.StoredMessage;

/** A store that hands everything on to another; a test says what is different. */
class Forwarding implements ReadingStore {
    private final ReadingStore store;

    Forwarding(ReadingStore store) {
        this.store = store;
    }

    @Override
    public long append(List<Message> messages) {
        return store.append(messages);
    }

    @Override
    public List<StoredMessage> unsettled(long after, int limit) {
        return store.unsettled(after, limit);
    }

    @Override
    public long settled() {
        return store.settled();
    }

    @Override
    public void settle(Settlement settlement) {
        store.settle(settlement);
    }

    @Override
    public List<ProfileRow> profiles(Collection<ProfileKey> keys) {
        return store.profiles(keys);
    }

    @Override
    public void profiles(
            List<String> meters, Optional<Obis> obis, long fromDay, long toDay, Consumer<ProfileRow> consumer) {
        store.profiles(meters, obis, fromDay, toDay, consumer);
    }

    @Override
    public List<SeriesSpan> series(String meter) {
        return store.series(meter);
    }

    @Override
    public Optional<StoredMessage> message(long sequence) {
        return store.message(sequence);
    }

    @Override
    public Optional<MessagePage> messages(
            long after, long through, Instant from, Instant to, Predicate<String> meters) {
        return store.messages(after, through, from, to, meters);
    }

    @Override
    public List<ParkedFrame> parked(Optional<String> meter, long after, int limit) {
        return store.parked(meter, after, limit);
    }

    @Override
    public List<ParkedFrame> parkedBefore(Optional<String> meter, long before, int limit) {
        return store.parkedBefore(meter, before, limit);
    }

    @Override
    public List<ParkedEntry> parkedEntries() {
        return store.parkedEntries();
    }

    @Override
    public List<LastInvocation> invocations() {
        return store.invocations();
    }

    @Override
    public List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit) {
        return store.revisions(meter, obis, from, to, limit);
    }
}
