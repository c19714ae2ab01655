// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.reading.Obis;
import org.meterway.api.store.DocumentStore;
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
import org.meterway.store.derby.MessageRows.Detail;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The store on an embedded database in {@code <meterway.data>/store}. */
@Designate(ocd = Config.class)
@Component(
        configurationPid = Config.PID,
        service = {ReadingStore.class, DocumentStore.class, HealthReporter.class})
public final class DerbyStore implements ReadingStore, DocumentStore, HealthReporter {
    private static final int READERS = 4;

    private final Database database;
    private final Lane appending;
    private final Lane settling;
    private final Lane archiving;
    private final Lane documents;
    private final Lane reading;
    private final IntakeTables tables;
    private final SeriesDictionary dictionary = new SeriesDictionary();
    private final ProfileQuery profiles;
    private final Housekeeping housekeeping;
    private final Object appendLock = new Object();
    private final Object settleLock = new Object();
    private boolean dictionaryUncertain;
    private volatile long settled;

    @Activate
    public DerbyStore(BundleContext context, Config config) {
        this(folder(context), Settings.of(config), Clock.systemUTC());
    }

    /** @param folder belongs to this store alone */
    DerbyStore(Path folder, Settings settings, Clock clock) {
        database = new Database(folder, settings.pageCacheBytes(), Schema.STEPS);
        appending = new Lane(database, "append", 1);
        settling = new Lane(database, "settle", 1);
        archiving = new Lane(database, "archive", 1);
        documents = new Lane(database, "documents", 1);
        reading = new Lane(database, "read", READERS);
        tables = new IntakeTables(settings.intakeRotateBytes());
        profiles = new ProfileQuery(reading, dictionary);
        long archived;
        try {
            archived = settling.call("find out where the store stopped", session -> {
                settled = Progress.read(session, Progress.SETTLED);
                tables.load(session, settled);
                dictionary.load(session);
                return Progress.read(session, Progress.ARCHIVED);
            });
        } catch (RuntimeException e) {
            closeLanes();
            database.close();
            throw e;
        }
        Archiver archiver = new Archiver(archiving, tables, () -> settled, archived);
        housekeeping = new Housekeeping(folder, settings, clock, archiver, this::probe);
    }

    private static Path folder(BundleContext context) {
        String data = context.getProperty("meterway.data");
        if (data == null) {
            throw new IllegalStateException("the framework property meterway.data (the data folder) is not set");
        }
        return Path.of(data).toAbsolutePath().resolve("store");
    }

    @Override
    public long append(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages must not be empty");
        }
        synchronized (appendLock) {
            return housekeeping.writing(() -> {
                try {
                    long first = appending.call(
                            "append " + messages.size() + " messages", session -> tables.append(session, messages));
                    tables.appended(messages.size());
                    return first;
                } catch (StoreException e) {
                    tables.appendFailed();
                    throw e;
                }
            });
        }
    }

    @Override
    public List<StoredMessage> unsettled(long after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        return reading.call(
                "read unsettled messages",
                session -> tables.read(
                        session,
                        Math.max(after, settled),
                        Long.MAX_VALUE,
                        Detail.WITH_READINGS,
                        soFar -> soFar.size() >= limit));
    }

    @Override
    public long settled() {
        return settled;
    }

    @Override
    public void settle(Settlement settlement) {
        long through = settlement.through();
        if (through >= tables.next()) {
            throw new IllegalArgumentException(
                    "cannot settle through " + through + ": the last message is " + (tables.next() - 1));
        }
        synchronized (settleLock) {
            housekeeping.writing(() -> {
                try {
                    SeriesDictionary.Changes changes =
                            settling.call("settle messages through " + through, session -> settle(session, settlement));
                    changes.publish();
                    settled = Math.max(settled, through);
                    return through;
                } catch (StoreException e) {
                    dictionaryUncertain = true;
                    throw e;
                }
            });
        }
        housekeeping.settled();
    }

    private SeriesDictionary.Changes settle(Session session, Settlement settlement) throws SQLException {
        if (dictionaryUncertain) {
            // a commit that failed may have come through all the same
            dictionary.load(session);
            dictionaryUncertain = false;
        }
        SeriesDictionary.Changes changes = dictionary.changes();
        ProfileTable.write(session, settlement.profiles(), changes);
        Revisions.write(session, settlement.revisions(), changes);
        changes.write(session);
        ParkedTable.write(session, settlement.parked());
        ParkedTable.remove(session, settlement.unparked());
        Invocations.write(session, settlement.invocations());
        Decodings.write(session, settlement.decoded());
        if (settlement.through() > settled) {
            Progress.write(session, Progress.SETTLED, settlement.through());
        }
        return changes;
    }

    @Override
    public List<ProfileRow> profiles(Collection<ProfileKey> keys) {
        return profiles.byKeys(keys);
    }

    @Override
    public void profiles(
            List<String> meters, Optional<Obis> obis, long fromDay, long toDay, Consumer<ProfileRow> consumer) {
        profiles.byMeters(meters, obis, fromDay, toDay, consumer);
    }

    @Override
    public List<SeriesSpan> series(String meter) {
        return dictionary.of(meter).stream()
                .map(entry -> new SeriesSpan(entry.series(), entry.firstDay(), entry.lastDay()))
                .toList();
    }

    @Override
    public Optional<StoredMessage> message(long sequence) {
        return reading.call(
                "read message " + sequence, session -> finder(session).find(sequence));
    }

    private MessageFinder finder(Session session) {
        return new MessageFinder(session, tables);
    }

    @Override
    public Optional<MessagePage> messages(
            long after, long through, Instant from, Instant to, Predicate<String> meters) {
        long end = Math.min(through, tables.next() - 1);
        return after >= end
                ? Optional.empty()
                : reading.call("read messages after " + after, session -> finder(session)
                        .page(after, end, from, to, meters));
    }

    @Override
    public List<ParkedFrame> parked(Optional<String> meter, long after, int limit) {
        return parked(meter, after, false, limit);
    }

    @Override
    public List<ParkedFrame> parkedBefore(Optional<String> meter, long before, int limit) {
        return parked(meter, before, true, limit);
    }

    private List<ParkedFrame> parked(Optional<String> meter, long beyond, boolean newestFirst, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        return reading.call(
                "read parked frames",
                session -> ParkedTable.page(session, meter, beyond, newestFirst, limit, finder(session)::find));
    }

    @Override
    public List<ParkedEntry> parkedEntries() {
        return reading.call("read what is parked", ParkedTable::entries);
    }

    @Override
    public List<LastInvocation> invocations() {
        return reading.call("read invocation counters", Invocations::read);
    }

    @Override
    public List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        return reading.call("read values superseded", session -> {
            List<Revision> found = new ArrayList<>();
            for (SeriesDictionary.Entry entry : dictionary.of(meter)) {
                if (found.size() < limit
                        && (obis.isEmpty()
                                || obis.get().equals(entry.series().quantity().obis()))) {
                    found.addAll(Revisions.read(session, entry.no(), entry.series(), from, to, limit - found.size()));
                }
            }
            return found;
        });
    }

    @Override
    public Optional<byte[]> get(String collection, String key) {
        return reading.call(
                "read document " + collection + "/" + key, session -> Documents.get(session, collection, key));
    }

    @Override
    public void forEach(String collection, BiConsumer<String, byte[]> consumer) {
        String after = "";
        while (true) {
            String from = after;
            List<Map.Entry<String, byte[]>> page = reading.call(
                    "read documents of " + collection, session -> Documents.page(session, collection, from));
            if (page.isEmpty()) {
                return;
            }
            page.forEach(document -> consumer.accept(document.getKey(), document.getValue()));
            after = page.get(page.size() - 1).getKey();
        }
    }

    @Override
    public void write(List<Change> changes) {
        Documents.check(changes);
        housekeeping.writing(() -> documents.call("write " + changes.size() + " documents", session -> {
            Documents.write(session, changes);
            return true;
        }));
    }

    /** Tries whether writing works again after a failure. */
    private void probe() {
        documents.call("write", session -> {
            Progress.write(session, "PROBE", 0);
            return true;
        });
    }

    @Override
    public Health health() {
        return housekeeping.health(database.failure(), tables.next() - 1 - settled, dictionary.size());
    }

    /** Finishes what is under way and shuts the database down, so that this or another bundle can open it again. */
    @Deactivate
    public void close() {
        housekeeping.close();
        closeLanes();
        database.close();
    }

    private void closeLanes() {
        List.of(appending, settling, archiving, documents, reading).forEach(Lane::close);
    }
}
