// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.meterway.api.order.OrderState;

/**
 * Decides which order is sent next: by priority; within it fair over the zones; within a zone by the earliest deadline. Each zone has
 * so many under way as its link was found to carry; a meter has one. Choosing costs O(log zones + log waiting). Without thread and
 * clock: whoever drives it calls it from one thread and gives it the time.
 */
public final class Dispatcher {
    /** What {@link #tick} gives back when there is nothing to wait for. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int CHOICES_PER_TICK = 20_000;
    private static final int LONGEST_BACKOFF_MILLIS = 300_000;
    private static final int STORM_WINDOW_MILLIS = 10_000;

    private final Fleet fleet;
    private final Settings settings;
    private final Wire wire;
    private final RandomGenerator random;
    private final Watcher watcher;
    private final Reasons reasons = new Reasons();
    private final List<Zone> zones = new ArrayList<>();
    private final IndexedHeap<Zone> able = new IndexedHeap<>(Dispatcher::zoneOrder);
    private final IndexedHeap<Task> delayed = new IndexedHeap<>((a, b) -> {
        int byTime = Long.compare(a.readyAt, b.readyAt);
        return byTime != 0 ? byTime : Integer.compare(a.sequence, b.sequence);
    });
    private final PriorityQueue<Batch> byExpiry = new PriorityQueue<>((a, b) -> Long.compare(a.expires(), b.expires()));
    private final Map<Integer, Task> parked = new HashMap<>();
    private final short retired = reasons.of("the meter is retired");
    private final short sleeping = reasons.of("waits for the meter to wake");
    private final short gone = reasons.of("waits for the meter: it is not registered");
    private final short blocked = reasons.of("waits: the meter did not answer several times");
    private final short occupied = reasons.of("waits for other work of the meter");
    private final short notReached = reasons.of("its turn did not come before its window ended");
    private int sequence;
    private int inFlight;
    private long sent;
    /** How many meters came back in the current window, to spread what waits for them. */
    private int cameBack;

    private long cameBackSince;

    public Dispatcher(Fleet fleet, Settings settings, Wire wire, RandomGenerator random, Watcher watcher) {
        this.fleet = fleet;
        this.settings = settings;
        this.wire = wire;
        this.random = random;
        this.watcher = watcher;
    }

    private static int zoneOrder(Zone one, Zone other) {
        Batch mine = one.head();
        Batch theirs = other.head();
        int priority = Integer.compare(priority(theirs), priority(mine));
        return priority != 0 ? priority : Long.compare(one.served, other.served);
    }

    private static int priority(@Nullable Batch batch) {
        return batch == null ? -1 : batch.job().priority();
    }

    /** The texts of the reasons in batches. */
    public Reasons reasons() {
        return reasons;
    }

    /** How many orders are under way. */
    public int inFlight() {
        return inFlight;
    }

    /** How many commands were sent in all. */
    public long sent() {
        return sent;
    }

    /** How many orders wait for a time, a meter or another attempt. */
    public int waiting() {
        return delayed.size();
    }

    /** How many orders a zone may have under way now. */
    public int allowed(int zone) {
        return zone < zones.size() ? zones.get(zone).allowed() : settings.zoneFirst();
    }

    public boolean down(int zone) {
        return zone < zones.size() && zones.get(zone).down();
    }

    /** Smoothed round-trip time of a zone in ms; 0 while none is known. */
    public double roundTripMillis(int zone) {
        return zone < zones.size() ? zones.get(zone).roundTripMillis() : 0;
    }

    /** Takes over what another dispatcher has learned of zones, for a rehearsal over the same fleet of zones. */
    public void learnFrom(Dispatcher other, int theirs, int mine) {
        if (theirs < other.zones.size()) {
            zone(mine).learnFrom(other.zones.get(theirs));
        }
    }

    /** Takes a batch on. O(zones of the batch); no order is looked at. */
    public void open(Batch batch) {
        byExpiry.add(batch);
        Members members = batch.members();
        for (int i = 0; i < members.zones(); i++) {
            Zone zone = zone(members.zone(i));
            zone.parts.add(new Zone.Part(batch, members.start(i), members.end(i)));
            rank(zone);
        }
        if (batch.open() == 0) {
            watcher.closed(batch);
        }
    }

    /** Something was heard of a meter: how it stands now. */
    public void heard(int meter, Standing standing, long now) {
        Standing before = fleet.standing(meter);
        fleet.standing(meter, standing);
        if (standing == Standing.GONE) {
            return;
        }
        fleet.heard(meter, now);
        if (standing == Standing.ASLEEP) {
            return;
        }
        if (before == Standing.ASLEEP) {
            fleet.woke(meter, now);
        }
        fleet.blockUntil(meter, 0);
        long spread = 0;
        if (before == Standing.GONE) {
            if (now - cameBackSince > STORM_WINDOW_MILLIS) {
                cameBackSince = now;
                cameBack = 0;
            }
            cameBack++;
            // The more meters come back together, the longer the time over which their work is spread.
            spread = cameBack < 100 ? 0 : Math.min(60_000, cameBack * 2L);
        }
        release(meter, now, spread, before == Standing.ASLEEP);
    }

    /** Takes an order back that is not ended and, with side effects, not sent. Returns whether it was taken back. */
    public boolean cancel(Batch batch, int position, String reason, long now) {
        byte state = batch.rawState(position);
        if (State.ended(state) || state == State.SENT && batch.job().sideEffects()) {
            return false;
        }
        end(batch, position, OrderState.CANCELLED, reasons.of(reason), now);
        return true;
    }

    /** What became of an attempt. */
    public void answered(Task task, Outcome outcome, long now) {
        inFlight--;
        Zone zone = zone(task.sentOver);
        zone.inFlight--;
        fleet.busy(task.meter, false);
        learn(task, zone, outcome, now);
        decide(task, zone, outcome, now);
        release(task.meter, now, 0, fleet.wakesEveryMillis(task.meter) > 0);
        rank(zone);
    }

    private void learn(Task task, Zone zone, Outcome outcome, long now) {
        switch (outcome.kind()) {
            case DONE, REFUSED, BUSY -> {
                double millis = now - task.sentAt;
                double best = fleet.leastRoundTripMillis(task.meter);
                fleet.answered(task.meter, now, millis);
                if (zone.answered(now, millis, best, settings)) {
                    watcher.zone(zone.number, false);
                    revive(zone, now);
                }
            }
            case UNANSWERED -> {
                boolean healthy = fleet.streak(task.meter) == 0;
                fleet.unanswered(task.meter, now);
                if (zone.unanswered(now, healthy, settings)) {
                    watcher.zone(zone.number, true);
                }
                int beyond = fleet.streak(task.meter) - settings.breakerAfter();
                if (beyond >= 0) {
                    long block = Math.min(
                            settings.breakerMostMillis(), (long) settings.breakerMillis() << Math.min(beyond, 10));
                    fleet.blockUntil(task.meter, now + jittered(block));
                }
            }
            case NOT_SENT -> {
                // Says nothing of the link.
            }
        }
    }

    private void decide(Task task, Zone zone, Outcome outcome, long now) {
        Batch batch = task.batch;
        if (State.ended(batch.rawState(task.position))) {
            return;
        }
        switch (outcome.kind()) {
            case DONE ->
                end(
                        batch,
                        task.position,
                        now <= batch.deadline() ? OrderState.DONE : OrderState.LATE,
                        reasons.of(outcome.reason()),
                        now);
            case REFUSED -> end(batch, task.position, OrderState.FAILED, reasons.of(outcome.reason()), now);
            case BUSY, UNANSWERED -> {
                if (outcome.kind() == Outcome.Kind.UNANSWERED
                        && zone.down()
                        && !batch.job().sideEffects()) {
                    // The link is to blame: the order keeps its attempts for when it is back.
                    batch.takeBackAttempt(task.position);
                }
                if (batch.job().sideEffects()) {
                    String reason = outcome.kind() == Outcome.Kind.BUSY
                            ? outcome.reason()
                            : "unknown outcome: " + outcome.reason();
                    end(batch, task.position, OrderState.FAILED, reasons.of(reason), now);
                } else if (batch.attempts(task.position) >= batch.job().attempts()) {
                    String reason = outcome.reason() + "; tried " + batch.attempts(task.position) + " times";
                    end(batch, task.position, OrderState.FAILED, reasons.of(reason), now);
                } else {
                    again(task, reasons.of(outcome.reason()), now);
                }
            }
            case NOT_SENT -> {
                batch.takeBackAttempt(task.position);
                again(task, reasons.of(outcome.reason()), now);
            }
        }
    }

    private void again(Task task, short reason, long now) {
        if (now >= task.batch.expires()) {
            end(task.batch, task.position, OrderState.EXPIRED, reason, now);
            return;
        }
        Job job = task.job();
        int tries = Math.max(1, task.batch.attempts(task.position));
        long bound = Math.min(LONGEST_BACKOFF_MILLIS, (long) job.backoffMillis() << Math.min(tries - 1, 16));
        task.batch.set(task.position, OrderState.QUEUED, reason, now);
        task.hurry = false;
        // Full jitter: what failed together does not come again together.
        delay(task, now + 1 + random.nextLong(Math.max(1, bound)));
    }

    private void end(Batch batch, int position, OrderState state, short reason, long now) {
        batch.set(position, state, reason, now);
        watcher.ended(batch, position);
        if (batch.open() == 0) {
            watcher.closed(batch);
        }
    }

    /**
     * Does all that is to be done now.
     *
     * @return when it wants to be called again at the latest, ms since 1970, at once if that is not after {@code now}; any other call
     *     may make it sooner
     */
    public long tick(long now) {
        expire(now);
        for (Task task = delayed.peek(); task != null && task.readyAt <= now; task = delayed.peek()) {
            delayed.remove(task);
            unpark(task);
            makeReady(task);
        }
        int choices = 0;
        while (inFlight < settings.inFlight()) {
            Zone zone = able.peek();
            if (zone == null) {
                break;
            }
            if (++choices > CHOICES_PER_TICK) {
                return now;
            }
            choose(zone, now);
        }
        Task next = delayed.peek();
        while (!byExpiry.isEmpty() && byExpiry.peek().open() == 0) {
            byExpiry.poll();
        }
        Batch expiring = byExpiry.peek();
        return Math.min(next == null ? NEVER : next.readyAt, expiring == null ? NEVER : expiring.expires());
    }

    private void expire(long now) {
        for (Batch batch = byExpiry.peek(); batch != null && batch.expires() <= now; batch = byExpiry.peek()) {
            byExpiry.poll();
            int ending = batch.open();
            for (int position = 0; position < batch.size() && ending > 0; position++) {
                byte state = batch.rawState(position);
                if (State.ended(state)) {
                    continue;
                }
                ending--;
                // What is under way ends with its answer, or with its time-out, which is not later than the window's
                // end.
                if (state != State.SENT) {
                    short reason = state == State.DUE ? notReached : batch.reason(position);
                    end(batch, position, OrderState.EXPIRED, reason, now);
                }
            }
        }
    }

    /** Takes the most urgent order of a zone: sends it, or puts it off. */
    private void choose(Zone zone, long now) {
        Task task = take(zone);
        if (task != null && !State.ended(task.batch.rawState(task.position))) {
            dispatch(task, zone, now);
        }
        rank(zone);
    }

    private @Nullable Task take(Zone zone) {
        if (zone.readyFirst()) {
            return zone.ready.poll();
        }
        Zone.Part part = zone.parts.peek();
        if (part == null) {
            return null;
        }
        while (part.next < part.end && part.batch.rawState(part.next) != State.DUE) {
            part.next++;
        }
        Task task = null;
        if (part.next < part.end) {
            int position = part.next++;
            task = new Task(part.batch, position, part.batch.members().meter(position), sequence++);
        }
        if (part.next >= part.end) {
            zone.parts.poll();
        }
        return task;
    }

    private void dispatch(Task task, Zone zone, long now) {
        Batch batch = task.batch;
        int meter = task.meter;
        if (fleet.retired(meter)) {
            end(batch, task.position, OrderState.FAILED, retired, now);
            return;
        }
        if (fleet.busy(meter)) {
            park(task, occupied, now + batch.job().timeoutMillis(), now);
            return;
        }
        long blockedUntil = fleet.blockedUntil(meter);
        if (blockedUntil > now && fleet.failedAt(meter) + 999 >= zone.upSince()) {
            park(task, blocked, blockedUntil + random.nextInt(1000), now);
            return;
        }
        Standing standing = wire.standing(meter);
        fleet.standing(meter, standing);
        if (standing != Standing.READY) {
            long recheck = jittered((long) settings.recheckMillis() << Math.min(task.putOff++, 4));
            park(task, standing == Standing.ASLEEP ? sleeping : gone, now + recheck, now);
            return;
        }
        batch.set(task.position, OrderState.SENT, (short) 0, now);
        batch.countSent();
        batch.countAttempt(task.position);
        fleet.busy(meter, true);
        inFlight++;
        sent++;
        zone.inFlight++;
        zone.served++;
        task.sentAt = now;
        task.sentOver = zone.number;
        wire.send(task, (int) Math.max(1, Math.min(batch.job().timeoutMillis(), batch.expires() - now)));
    }

    private void park(Task task, short reason, long until, long now) {
        task.batch.set(task.position, OrderState.QUEUED, reason, now);
        task.parked = true;
        task.nextParked = parked.put(task.meter, task);
        delay(task, until);
    }

    private void delay(Task task, long until) {
        task.readyAt = Math.min(until, task.batch.expires());
        delayed.add(task);
    }

    /** Lets go what waited for a meter. */
    private void release(int meter, long now, long spreadMillis, boolean hurry) {
        Task next = parked.remove(meter);
        while (next != null) {
            Task task = next;
            next = task.nextParked;
            task.nextParked = null;
            task.parked = false;
            if (!task.inHeap()) {
                continue;
            }
            task.hurry = hurry;
            if (spreadMillis == 0) {
                delayed.remove(task);
                makeReady(task);
            } else {
                task.readyAt = Math.min(now + random.nextLong(spreadMillis), task.batch.expires());
                delayed.changed(task);
            }
        }
    }

    private void unpark(Task task) {
        if (!task.parked) {
            return;
        }
        task.parked = false;
        Task first = parked.get(task.meter);
        if (first == task) {
            if (task.nextParked == null) {
                parked.remove(task.meter);
            } else {
                parked.put(task.meter, task.nextParked);
            }
        } else {
            for (Task each = first; each != null; each = each.nextParked) {
                if (each.nextParked == task) {
                    each.nextParked = task.nextParked;
                    break;
                }
            }
        }
        task.nextParked = null;
    }

    private void makeReady(Task task) {
        if (State.ended(task.batch.rawState(task.position))) {
            return;
        }
        Zone zone = zone(fleet.zone(task.meter));
        zone.ready.add(task);
        rank(zone);
    }

    /** A zone's link is back: what waits in it need not wait out back-offs that the link was to blame for. */
    private void revive(Zone zone, long now) {
        List<Task> waiting = new ArrayList<>();
        delayed.forEach(task -> {
            if (fleet.zone(task.meter) == zone.number && fleet.standing(task.meter) == Standing.READY) {
                waiting.add(task);
            }
        });
        long spread =
                Math.max(1, (long) (waiting.size() * Math.max(20, zone.roundTripMillis()) / settings.zoneFirst()));
        for (Task task : waiting) {
            long at = now + random.nextLong(spread);
            if (at < task.readyAt) {
                task.readyAt = at;
                delayed.changed(task);
            }
        }
    }

    /** Puts a zone where it belongs among those that may send. */
    private void rank(Zone zone) {
        boolean now = zone.waits() && zone.hasRoom();
        if (now && zone.inHeap()) {
            able.changed(zone);
        } else if (now) {
            // A zone that had nothing to do for long has not saved up turns.
            Zone first = able.peek();
            if (first != null) {
                zone.served = Math.max(zone.served, first.served - settings.zoneMost());
            }
            able.add(zone);
        } else if (zone.inHeap()) {
            able.remove(zone);
        }
    }

    private Zone zone(int number) {
        while (zones.size() <= number) {
            zones.add(new Zone(zones.size(), settings));
        }
        return zones.get(number);
    }

    private long jittered(long millis) {
        return millis * 3 / 4 + random.nextLong(Math.max(1, millis / 2));
    }
}
