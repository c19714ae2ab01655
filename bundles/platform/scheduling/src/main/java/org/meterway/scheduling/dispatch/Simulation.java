// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives a dispatcher in virtual time: a discrete-event simulation. The same seed and links give the same course. Single-threaded.
 */
public final class Simulation {
    private final Fleet fleet;
    private final Links links;
    private final RandomGenerator random;
    private final Dispatcher dispatcher;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long sequence;

    /** How meters behave. */
    public interface Links {
        /** How a meter stands. */
        Standing standing(int meter, long now);

        /**
         * What becomes of an order sent now.
         *
         * @param carried how many orders its zone has under way, this one included
         */
        Reply reply(Task task, int timeoutMillis, int carried, long now, RandomGenerator random);
    }

    /**
     * What becomes of an order.
     *
     * @param afterMillis when the outcome is known; for no answer the time-out
     */
    public record Reply(long afterMillis, Outcome outcome) {}

    /** @param start virtual time to begin with, ms since 1970 */
    public Simulation(
            Fleet fleet, Settings settings, Links links, RandomGenerator random, Watcher watcher, long start) {
        this.fleet = fleet;
        this.links = links;
        this.random = random;
        this.now = start;
        this.dispatcher = new Dispatcher(fleet, settings, new VirtualWire(), random, watcher);
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** The virtual time, ms since 1970. */
    public long now() {
        return now;
    }

    /** Has something done at a time. */
    public void at(long time, LongConsumer action) {
        events.add(new Event(Math.max(now, time), sequence++, null, null, action));
    }

    /** A meter changes its standing at a time, and the dispatcher hears of it. */
    public void standing(long time, int meter, Standing standing) {
        at(time, when -> dispatcher.heard(meter, standing, when));
    }

    /** Opens a batch at every due time from now on. */
    public void plan(Job job, Schedule schedule, long deadlineMillis, long windowMillis, Members members) {
        OptionalLong next = schedule.next(now - 1);
        if (next.isPresent()) {
            at(next.getAsLong(), due -> {
                dispatcher.open(new Batch(job, due, due + deadlineMillis, due + windowMillis, members));
                now++;
                plan(job, schedule, deadlineMillis, windowMillis, members);
                now--;
            });
        }
    }

    /** Lets time pass. Returns early when nothing is left to happen. */
    public void runUntil(long end) {
        while (true) {
            long wake = dispatcher.tick(now);
            Event event = events.peek();
            long next = Math.min(event == null ? Dispatcher.NEVER : event.time, Math.max(wake, now));
            if (next >= end) {
                now = Math.max(now, end);
                return;
            }
            now = next;
            while (!events.isEmpty() && events.peek().time <= now) {
                Event due = events.poll();
                if (due.task != null && due.outcome != null) {
                    carried[fleet.zone(due.task.meter())]--;
                    dispatcher.answered(due.task, due.outcome, now);
                } else if (due.action != null) {
                    due.action.accept(now);
                }
            }
        }
    }

    private int[] carried = new int[64];

    private final class VirtualWire implements Wire {
        @Override
        public Standing standing(int meter) {
            return links.standing(meter, now);
        }

        @Override
        public void send(Task task, int timeoutMillis) {
            int zone = fleet.zone(task.meter());
            if (zone >= carried.length) {
                carried = java.util.Arrays.copyOf(carried, Math.max(zone + 1, carried.length * 2));
            }
            Reply reply = links.reply(task, timeoutMillis, ++carried[zone], now, random);
            long after = Math.min(timeoutMillis, Math.max(1, reply.afterMillis));
            events.add(new Event(now + after, sequence++, task, reply.outcome, null));
        }
    }

    private record Event(
            long time, long sequence, @Nullable Task task, @Nullable Outcome outcome, @Nullable LongConsumer action)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
