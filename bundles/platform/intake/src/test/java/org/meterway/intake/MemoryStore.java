// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Series;
import org.meterway.api.store.Decoding;
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
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;

/** An honest store in memory that fails, waits or runs something in between when told to. */
final class MemoryStore implements ReadingStore {
    volatile boolean failing;
    volatile boolean failingSettle;
    /** Does the settling and then says that it failed. */
    volatile boolean failingAfterSettle;
    /** Does the append and then says that it failed, as when the connection breaks during a commit. */
    volatile boolean failingAfterAppend;

    volatile @Nullable CountDownLatch appendWaitsFor;
    volatile Runnable beforeProfiles = () -> {};
    volatile Runnable afterProfiles = () -> {};

    private final List<StoredMessage> messages = new ArrayList<>();
    private final Map<ProfileKey, ProfileRow> rows = new HashMap<>();
    private final TreeMap<Long, ParkedFrame> parked = new TreeMap<>();
    private final Map<List<String>, LastInvocation> invocations = new HashMap<>();
    private final List<Revision> revisions = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private long sequence;
    private long settled;
    private int settlings;

    @Override
    public long append(List<Message> more) {
        CountDownLatch latch = appendWaitsFor;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError("nobody may interrupt the committer", interrupted);
            }
        }
        fail(failing);
        long first;
        synchronized (this) {
            first = sequence + 1;
            more.forEach(message -> messages.add(new StoredMessage(++sequence, message)));
            batches.add(more.size());
        }
        fail(failingAfterAppend);
        return first;
    }

    private static void fail(boolean fail) {
        if (fail) {
            throw new StoreException("no space left on device");
        }
    }

    @Override
    public synchronized List<StoredMessage> unsettled(long after, int limit) {
        fail(failing);
        return messages.stream()
                .filter(stored -> stored.sequence() > Math.max(after, settled))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long settled() {
        fail(failing);
        return settled;
    }

    @Override
    public synchronized void settle(Settlement settlement) {
        fail(failing || failingSettle);
        settlement.profiles().forEach(row -> rows.put(row.key(), row));
        settlement.parked().forEach(frame -> parked.put(frame.number(), frame));
        settlement.unparked().forEach(parked::remove);
        settlement.invocations().forEach(last -> invocations.put(List.of(last.meter(), last.originator()), last));
        settlement.decoded().forEach(this::decoded);
        revisions.addAll(settlement.revisions());
        settled = Math.max(settled, settlement.through());
        settlings++;
        fail(failingAfterSettle);
    }

    private void decoded(Decoding decoding) {
        messages.replaceAll(stored -> {
            Message message = stored.message();
            return stored.sequence() != decoding.message()
                    ? stored
                    : new StoredMessage(
                            stored.sequence(),
                            new Message(
                                    message.frame(),
                                    decoding.codec(),
                                    decoding.codecVersion(),
                                    message.readings(),
                                    message.invocation()),
                            decoding.days());
        });
    }

    @Override
    public synchronized Optional<MessagePage> messages(
            long after, long through, Instant from, Instant to, Predicate<String> meters) {
        fail(failing);
        List<StoredMessage> page = messages.stream()
                .filter(stored -> stored.sequence() > after && stored.sequence() <= through)
                .limit(5)
                .toList();
        return page.isEmpty()
                ? Optional.empty()
                : Optional.of(new MessagePage(
                        page.stream()
                                .filter(stored ->
                                        meters.test(stored.message().frame().meter()))
                                .filter(stored -> !stored.message()
                                                .frame()
                                                .receivedAt()
                                                .isBefore(from)
                                        && stored.message().frame().receivedAt().isBefore(to))
                                .toList(),
                        page.get(page.size() - 1).sequence()));
    }

    @Override
    public synchronized List<ParkedFrame> parked(Optional<String> meter, long after, int limit) {
        fail(failing);
        return parked.tailMap(after, false).values().stream()
                .filter(frame ->
                        meter.isEmpty() || meter.get().equals(frame.frame().meter()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ParkedFrame> parkedBefore(Optional<String> meter, long before, int limit) {
        fail(failing);
        return parked.headMap(before, false).descendingMap().values().stream()
                .filter(frame ->
                        meter.isEmpty() || meter.get().equals(frame.frame().meter()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ParkedEntry> parkedEntries() {
        fail(failing);
        return parked.values().stream()
                .map(frame -> new ParkedEntry(
                        frame.number(),
                        frame.message(),
                        frame.frame().meter(),
                        frame.frame().bytes().length))
                .toList();
    }

    @Override
    public synchronized List<LastInvocation> invocations() {
        fail(failing);
        return List.copyOf(invocations.values());
    }

    @Override
    public synchronized List<Revision> revisions(
            String meter, Optional<Obis> obis, Instant from, Instant to, int limit) {
        fail(failing);
        return revisions.stream()
                .filter(revision -> revision.series().meter().equals(meter))
                .filter(revision -> obis.isEmpty()
                        || obis.get().equals(revision.series().quantity().obis()))
                .filter(revision ->
                        !revision.start().isBefore(from) && revision.start().isBefore(to))
                .sorted(Comparator.comparing((Revision revision) ->
                                revision.series().quantity().obis())
                        .thenComparing(revision -> revision.series().interval())
                        .thenComparing(Revision::start))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ProfileRow> profiles(Collection<ProfileKey> keys) {
        fail(failing);
        return keys.stream().filter(rows::containsKey).map(rows::get).toList();
    }

    @Override
    public void profiles(
            List<String> meters, Optional<Obis> obis, long fromDay, long toDay, Consumer<ProfileRow> consumer) {
        fail(failing);
        beforeProfiles.run();
        List<ProfileRow> found;
        synchronized (this) {
            found = meters.stream()
                    .flatMap(meter -> rowsOf(meter)
                            .filter(row -> obis.isEmpty()
                                    || obis.get()
                                            .equals(row.key()
                                                    .series()
                                                    .quantity()
                                                    .obis()))
                            .filter(row ->
                                    row.key().day() >= fromDay && row.key().day() <= toDay))
                    .toList();
        }
        found.forEach(consumer);
        afterProfiles.run();
    }

    private Stream<ProfileRow> rowsOf(String meter) {
        return rows.values().stream()
                .filter(row -> row.key().series().meter().equals(meter))
                .sorted(Comparator.comparing((ProfileRow row) ->
                                row.key().series().quantity().obis())
                        .thenComparing(row -> row.key().series().interval())
                        .thenComparing(row -> row.key().day()));
    }

    @Override
    public synchronized List<SeriesSpan> series(String meter) {
        fail(failing);
        Map<Series, SeriesSpan> spans = new HashMap<>();
        rowsOf(meter)
                .map(ProfileRow::key)
                .forEach(key -> spans.merge(
                        key.series(),
                        new SeriesSpan(key.series(), key.day(), key.day()),
                        (one, other) -> new SeriesSpan(one.series(), one.firstDay(), other.lastDay())));
        return List.copyOf(spans.values());
    }

    @Override
    public synchronized Optional<StoredMessage> message(long number) {
        return messages.stream().filter(stored -> stored.sequence() == number).findFirst();
    }

    synchronized int appended() {
        return messages.size();
    }

    synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    synchronized int settlings() {
        return settlings;
    }

    synchronized List<ProfileRow> rows() {
        return List.copyOf(rows.values());
    }

    /** Damages every row, as a bad disk would. */
    synchronized void corrupt() {
        rows.replaceAll((key, row) -> {
            byte[] damaged = row.packed().clone();
            damaged[damaged.length / 2] ^= 4;
            return new ProfileRow(key, row.present(), damaged);
        });
    }
}
