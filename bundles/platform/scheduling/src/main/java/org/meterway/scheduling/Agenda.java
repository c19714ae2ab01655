// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.meterway.api.plan.Plan;
import org.meterway.scheduling.dispatch.Schedule;

/**
 * When which plan is due next. Decides what becomes of due times that were missed because nobody looked at the time. Used by the
 * dispatcher's thread only.
 */
final class Agenda {
    private static final int MOST_CAUGHT_UP = 100;
    /** Further back nothing is looked for. */
    private static final long FURTHEST_BACK_MILLIS = 40L * 86_400_000;

    private final Map<String, Item> items = new HashMap<>();
    private final PriorityQueue<Item> next = new PriorityQueue<>((a, b) -> Long.compare(a.due, b.due));
    private final Opener opener;

    /** What is done at a due time. */
    interface Opener {
        /**
         * Work is due.
         *
         * @param expires when it is to be given up
         */
        void open(Plan plan, long due, long expires);

        /** Work was due while nobody looked and will not be done. */
        void missed(Plan plan, long due);
    }

    private static final class Item {
        private final Plan plan;
        private final Schedule schedule;
        private long due;

        Item(Plan plan, Schedule schedule) {
            this.plan = plan;
            this.schedule = schedule;
        }
    }

    Agenda(Opener opener) {
        this.opener = opener;
    }

    /**
     * Puts a plan on the agenda in place of its former version.
     *
     * @param after its due times after this moment count
     */
    void put(Plan plan, Schedule schedule, long after) {
        remove(plan.id());
        if (plan.paused()) {
            return;
        }
        Item item = new Item(plan, schedule);
        OptionalLong due = schedule.next(after);
        if (due.isPresent()) {
            item.due = due.getAsLong();
            items.put(plan.id(), item);
            next.add(item);
        }
    }

    void remove(String plan) {
        Item item = items.remove(plan);
        if (item != null) {
            next.remove(item);
        }
    }

    /** The next due time of all, or {@link Long#MAX_VALUE}. */
    long nextDue() {
        Item item = next.peek();
        return item == null ? Long.MAX_VALUE : item.due;
    }

    @Nullable
    Plan plan(String id) {
        Item item = items.get(id);
        return item == null ? null : item.plan;
    }

    /** Opens what is due. */
    void tick(long now) {
        for (Item item = next.peek(); item != null && item.due <= now; item = next.peek()) {
            next.poll();
            advance(item, now);
        }
    }

    private void advance(Item item, long now) {
        Plan plan = item.plan;
        long window = plan.window().toMillis();
        Deque<Long> missed = new ArrayDeque<>();
        OptionalLong due = OptionalLong.of(item.due);
        if (now - item.due > FURTHEST_BACK_MILLIS + window) {
            due = item.schedule.next(now - FURTHEST_BACK_MILLIS - window);
        }
        while (due.isPresent() && due.getAsLong() <= now) {
            long at = due.getAsLong();
            if (at + window > now) {
                catchUp(plan, missed, now);
                opener.open(plan, at, at + window);
            } else {
                missed.add(at);
            }
            due = item.schedule.next(at);
        }
        catchUp(plan, missed, now);
        if (due.isPresent()) {
            item.due = due.getAsLong();
            next.add(item);
        } else {
            items.remove(plan.id(), item);
        }
    }

    private void catchUp(Plan plan, Deque<Long> missed, long now) {
        int wanted =
                switch (plan.catchUp()) {
                    case ALL -> MOST_CAUGHT_UP;
                    case LATEST -> 1;
                    case NONE -> 0;
                };
        while (!missed.isEmpty()) {
            long due = missed.poll();
            if (missed.size() < wanted) {
                opener.open(plan, due, now + plan.window().toMillis());
            } else {
                opener.missed(plan, due);
            }
        }
    }
}
