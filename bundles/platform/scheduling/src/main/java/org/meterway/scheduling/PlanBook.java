// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.PlanRefusedException;
import org.meterway.api.plan.Plans;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.DocumentStore.Change;
import org.meterway.scheduling.dispatch.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plans, in memory and as documents in the store. Changes take a lock, are written first and seen afterwards. */
final class PlanBook implements Plans {
    static final String COLLECTION = "plan";
    private static final Logger LOG = LoggerFactory.getLogger(PlanBook.class);
    private static final int MOST = 10_000;

    private final DocumentStore store;
    private final PlanRules rules;
    private final Clock clock;
    private final Listener listener;
    private final Map<String, Kept> kept = new ConcurrentSkipListMap<>();
    private final Object changing = new Object();
    private int unreadable;

    /**
     * A plan with its due times.
     *
     * @param since from when on they count, ms since 1970: when it was made, got this trigger or was resumed
     */
    record Kept(Plan plan, Schedule schedule, long since) {}

    /** Is told of changes, in their order. */
    interface Listener {
        /**
         * A plan is new or changed.
         *
         * @param before what was there, or null
         * @param at when, ms since 1970
         */
        void changed(Kept now, @Nullable Plan before, long at);

        void removed(Plan plan);
    }

    PlanBook(DocumentStore store, PlanRules rules, Clock clock, Listener listener) {
        this.store = store;
        this.rules = rules;
        this.clock = clock;
        this.listener = listener;
        store.forEach(COLLECTION, (id, document) -> {
            try {
                Plan plan = PlanDocuments.read(document);
                kept.put(id, new Kept(plan, PlanRules.schedule(plan.trigger()), PlanDocuments.since(document)));
            } catch (IOException | IllegalArgumentException wrong) {
                unreadable++;
                LOG.error("plan {} cannot be read and is left out: {}", id, wrong.toString());
            }
        });
    }

    List<Kept> all() {
        return List.copyOf(kept.values());
    }

    /** How many documents could not be read. */
    int unreadable() {
        return unreadable;
    }

    @Override
    public List<Plan> plans() {
        return kept.values().stream().map(Kept::plan).toList();
    }

    @Override
    public Optional<Plan> find(String id) {
        return Optional.ofNullable(kept.get(id)).map(Kept::plan);
    }

    @Override
    public Plan put(Plan plan) throws PlanRefusedException {
        synchronized (changing) {
            Kept before = kept.get(plan.id());
            @Nullable Plan old = before == null ? null : before.plan();
            if (plan.version() != 0 && plan.version() != (old == null ? 0 : old.version())) {
                throw PlanRefusedException.conflict("the plan " + plan.id()
                        + (old == null ? " is not there any more" : " has version " + old.version() + " by now")
                        + ", the change was made to version " + plan.version());
            }
            if (old != null && old.sameWork(plan)) {
                return old;
            }
            if (old == null && kept.size() >= MOST) {
                throw PlanRefusedException.conflict("there are " + MOST + " plans already");
            }
            Instant time = clock.instant();
            Schedule schedule = rules.check(plan, old, time);
            Plan next = plan.toBuilder()
                    .version(old == null ? 1 : old.version() + 1)
                    .build();
            boolean goesOn = before != null
                    && before.plan().trigger().equals(next.trigger())
                    && (next.paused() || !before.plan().paused());
            long since = goesOn ? before.since() : time.toEpochMilli();
            store.write(List.of(Change.put(COLLECTION, next.id(), PlanDocuments.write(next, since))));
            Kept now = new Kept(next, schedule, since);
            kept.put(next.id(), now);
            listener.changed(now, old, time.toEpochMilli());
            return next;
        }
    }

    @Override
    public boolean remove(String id) {
        synchronized (changing) {
            Kept before = kept.get(id);
            if (before == null) {
                return false;
            }
            store.write(List.of(Change.remove(COLLECTION, id), Change.remove(OrderLog.PROGRESS, id)));
            kept.remove(id);
            listener.removed(before.plan());
            return true;
        }
    }

    @Override
    public List<Instant> next(Plan plan, Instant after, int limit) {
        Kept known = kept.get(plan.id());
        Schedule schedule = known != null && known.plan().trigger().equals(plan.trigger())
                ? known.schedule()
                : PlanRules.schedule(plan.trigger());
        List<Instant> times = new ArrayList<>();
        long at = after.toEpochMilli();
        while (times.size() < limit) {
            OptionalLong next = schedule.next(at);
            if (next.isEmpty()) {
                break;
            }
            at = next.getAsLong();
            times.add(Instant.ofEpochMilli(at));
        }
        return times;
    }
}
