// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.store.LastInvocation;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that folds durable messages into day profiles, in large batches. Folding twice changes nothing: a key that is
 * there keeps its first value.
 */
final class Settler {
    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    private final Limits limits;
    private final StoreLink link;
    private final Unsettled unsettled;
    private final Outage outage;
    private final Counters counters;
    private final LateDecoding late;
    private final ParkingLot parking;
    private final InvocationGuard guard;
    private final Outage.Teller teller;
    private final Throttle tellConflict;
    private final Throttle tellUnreadable;
    private final Semaphore nudges = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "meterway-intake-settle");
    private volatile boolean stopping;
    /** Whether a settling failed and it is unknown how far the store has come. */
    private boolean uncertain;

    Settler(
            Limits limits,
            StoreLink link,
            Unsettled unsettled,
            Outage outage,
            Counters counters,
            LateDecoding late,
            ParkingLot parking,
            InvocationGuard guard,
            Supplier<Throttle> throttles,
            Outage.Teller teller) {
        this.limits = limits;
        this.link = link;
        this.unsettled = unsettled;
        this.outage = outage;
        this.counters = counters;
        this.late = late;
        this.parking = parking;
        this.guard = guard;
        this.tellConflict = throttles.get();
        this.tellUnreadable = throttles.get();
        this.teller = teller;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends after the settling under way; what is unsettled stays in the store for the next start. */
    void stop(Duration timeout) {
        stopping = true;
        nudges.release();
        Committer.join(thread, timeout);
    }

    /** Settles soon. */
    void soon() {
        nudges.release();
    }

    /** Settles before the interval is over if enough has gathered for a batch. */
    void committed() {
        if (unsettled.messages() >= limits.settleMessages() && nudges.availablePermits() == 0) {
            nudges.release();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                nudges.tryAcquire(limits.settleInterval().toNanos(), TimeUnit.NANOSECONDS);
                nudges.drainPermits();
            } catch (InterruptedException stray) {
                LOG.debug("Nobody should interrupt this thread", stray);
            }
            while (!stopping && !outage.waiting() && settle()) {
                LOG.debug("More to settle at once");
            }
        }
    }

    /**
     * Settles one batch now.
     *
     * @return whether another full batch waits; less than that waits for the interval, so that batches stay large
     */
    boolean settle() {
        link.settling.lock();
        try {
            Optional<ReadingStore> store = link.loaded();
            return store.isPresent() && settle(store.get());
        } catch (RuntimeException | Error failure) {
            uncertain = true;
            outage.failed(String.valueOf(failure.getMessage()), failure);
            return false;
        } finally {
            link.settling.unlock();
        }
    }

    private boolean settle(ReadingStore store) {
        if (uncertain) {
            guard.catchUp(store.invocations());
            parking.load(store.parkedEntries());
            unsettled.settled(store.settled());
            uncertain = false;
        }
        List<Pending> batch = unsettled.oldest(limits.settleMessages());
        LateDecoding.Round round = late.round(store, batch);
        boolean more;
        try {
            more = settle(store, batch, round);
        } catch (RuntimeException | Error failure) {
            late.failed(round);
            throw failure;
        }
        return unsettled.messages() >= limits.settleMessages() || more;
    }

    private boolean settle(ReadingStore store, List<Pending> batch, LateDecoding.Round round) {
        ParkingLot.Plan plan = parking.plan(round.undecoded, round.changed, round.freed);
        if (batch.isEmpty() && round.decoded.isEmpty() && plan.isEmpty()) {
            outage.worked();
            return late.settled(round);
        }
        Fold fold = new Fold(inOrder(round.decoded, batch));
        fold.load(store.profiles(fold.keys()));
        fold.addAll();
        long through =
                batch.isEmpty() ? store.settled() : batch.get(batch.size() - 1).sequence();
        List<LastInvocation> invocations = guard.changes(batch, round.counters);
        store.settle(new Settlement(
                through, fold.changed(), plan.frames(), plan.removed(), invocations, round.decodings, List.of()));
        unsettled.settled(through);
        guard.written(invocations);
        parking.written(plan, round.decoded.size() + round.madeMessages());
        boolean more = late.settled(round);
        counters.readingsDurable.add(
                round.decoded.stream().mapToLong(Pending::readings).sum());
        outage.worked();
        count(fold);
        return more;
    }

    static ProfileRow row(ProfileKey key, DayProfile profile) {
        int interval = (int) key.series().interval().toSeconds();
        int present = profile.present(interval * 1000, 0, DayProfile.DAY_MILLIS);
        return new ProfileRow(key, present, DayProfileFormat.pack(profile, interval));
    }

    private static List<Pending> inOrder(List<Pending> decodedLate, List<Pending> batch) {
        if (decodedLate.isEmpty()) {
            return batch;
        }
        return Stream.concat(decodedLate.stream(), batch.stream())
                .sorted(Comparator.comparingLong(Pending::sequence))
                .toList();
    }

    private void count(Fold fold) {
        counters.readingsDuplicate.add(fold.duplicates + fold.conflicts);
        counters.readingsConflicting.add(fold.conflicts);
        counters.readingsUnreadable.add(fold.unreadable);
        if (fold.conflicts > 0 && tellConflict.allows()) {
            teller.tell(
                    "reading.conflict",
                    Severity.WARNING,
                    fold.conflicts + " readings came again with another value, the first stays; for example "
                            + fold.conflictAt);
        }
        if (fold.unreadable > 0 && tellUnreadable.allows()) {
            teller.tell(
                    "profile.unreadable",
                    Severity.ALARM,
                    fold.unreadable
                            + " readings could not be added to unreadable day profiles; their messages are kept");
        }
    }

    /** One batch on its way into profiles. */
    static final class Fold {
        private final List<Pending> batch;
        private final Map<ProfileKey, Day> days;
        /** The day of each block, in the order of the blocks: so that each is looked up once. */
        private final List<Day> ofBlocks;

        long duplicates;
        long conflicts;
        long unreadable;
        String conflictAt = "";

        Fold(List<Pending> batch) {
            this.batch = batch;
            days = new HashMap<>(batch.size() * 2);
            ofBlocks = new ArrayList<>(batch.size() * 2);
            for (Pending pending : batch) {
                for (DayBlock block : pending.blocks()) {
                    Day day = days.computeIfAbsent(new ProfileKey(block.series(), block.day()), Day::new);
                    day.expected += block.size();
                    ofBlocks.add(day);
                }
            }
        }

        List<ProfileKey> keys() {
            return List.copyOf(days.keySet());
        }

        void load(List<ProfileRow> rows) {
            for (ProfileRow row : rows) {
                Day day = days.get(row.key());
                try {
                    day.profile = DayProfileFormat.unpack(row.packed());
                } catch (CorruptProfileException corrupt) {
                    LOG.error("The profile of {} is left as it is", row.key(), corrupt);
                    day.readable = false;
                }
            }
        }

        void addAll() {
            int next = 0;
            for (Pending pending : batch) {
                for (DayBlock block : pending.blocks()) {
                    Day day = ofBlocks.get(next++);
                    if (day.readable) {
                        add(block, pending.sequence(), day);
                    } else {
                        unreadable += block.size();
                    }
                }
            }
        }

        private void add(DayBlock block, long message, Day day) {
            if (day.profile == null) {
                day.profile = new DayProfile(day.expected);
            }
            for (int index = 0; index < block.size(); index++) {
                switch (day.profile.add(block.at()[index], block.counts()[index], block.qualities()[index], message)) {
                    case NEW -> day.changed = true;
                    case DUPLICATE -> duplicates++;
                    case CONFLICT -> {
                        conflicts++;
                        conflictAt = block.series().quantity().obis() + " of "
                                + block.series().meter() + " in message " + message;
                    }
                }
            }
        }

        /** The rows that are new or not as they were. */
        List<ProfileRow> changed() {
            List<ProfileRow> rows = new ArrayList<>(days.size());
            for (Day day : days.values()) {
                if (day.changed) {
                    rows.add(row(day.key, day.profile));
                }
            }
            return rows;
        }
    }

    private static final class Day {
        private final ProfileKey key;
        private int expected;
        private DayProfile profile;
        private boolean readable = true;
        private boolean changed;

        Day(ProfileKey key) {
            this.key = key;
        }
    }
}
