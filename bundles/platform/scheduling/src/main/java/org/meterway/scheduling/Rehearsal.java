// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.meterway.api.meter.Meter;
import org.meterway.api.order.Forecast;
import org.meterway.api.order.OrderState;
import org.meterway.api.plan.Plan;
import org.meterway.scheduling.dispatch.Batch;
import org.meterway.scheduling.dispatch.Fleet;
import org.meterway.scheduling.dispatch.Job;
import org.meterway.scheduling.dispatch.Members;
import org.meterway.scheduling.dispatch.Outcome;
import org.meterway.scheduling.dispatch.Schedule;
import org.meterway.scheduling.dispatch.Settings;
import org.meterway.scheduling.dispatch.Simulation;
import org.meterway.scheduling.dispatch.Standing;
import org.meterway.scheduling.dispatch.Task;
import org.meterway.scheduling.dispatch.Watcher;

/**
 * One plan's next run in virtual time: the same dispatcher, against what was learned of each meter. A meter that is gone stays gone, a
 * sleeping one wakes as it used to, answers take as long and fail as often as they did, and longer when a zone carries more than it was
 * found to. Made on the dispatcher's thread, run on any other.
 */
final class Rehearsal {
    private static final double DEFAULT_ROUND_TRIP_MILLIS = 500;
    private static final double DEAD_LOSS = 0.97;
    private static final int SILENT = 3;
    private static final long AWAKE_MILLIS = 30_000;
    private static final int MOST_WAKES = 100;
    private static final int MOST_MISSES = 1_000;

    private final Plan plan;
    private final long due;
    private final Instant madeAt;
    private final Fleet fleet;
    private final byte[] standings;
    private final Members members;
    private final List<Background> others = new ArrayList<>();
    private final Simulation simulation;
    private final int[] carries;
    private final double[] roundTrips;
    /** What was learned; the fleet's own figures go on changing in the simulation. */
    private final float[] losses;

    private final float[] usual;

    /** Another plan that is due meanwhile. */
    private record Background(Plan plan, Schedule schedule, Members members) {}

    Rehearsal(Engine engine, Settings settings, PlanBook.Kept rehearsed, List<PlanBook.Kept> all, Instant now) {
        this.plan = rehearsed.plan();
        this.madeAt = now;
        this.due = rehearsed
                .schedule()
                .next(now.toEpochMilli())
                .orElseThrow(() -> new IllegalArgumentException("plan " + plan.id() + " is not due any more"));
        Fleet real = engine.fleet();
        Roster roster = engine.roster();
        roster.refresh(now.toEpochMilli());
        this.fleet = new Fleet(real.size());
        List<Meter> meters = new ArrayList<>();
        for (int index = 0; index < real.size(); index++) {
            Meter meter = roster.meter(index);
            if (meter != null) {
                fleet.put(meter.id(), real.zoneName(real.zone(index)));
                meters.add(meter);
            }
        }
        this.standings = new byte[meters.size()];
        this.losses = new float[meters.size()];
        this.usual = new float[meters.size()];
        for (int index = 0; index < meters.size(); index++) {
            Meter meter = meters.get(index);
            fleet.learnFrom(real, real.indexOf(meter.id()), index);
            losses[index] = (float) (fleet.streak(index) >= SILENT ? DEAD_LOSS : fleet.loss(index));
            usual[index] = (float) fleet.roundTripMillis(index);
            standings[index] = (byte) engine.wire().standing(meter).ordinal();
        }
        this.members = Members.of(fleet, index -> plan.selector().selects(meters.get(index)));
        for (PlanBook.Kept other : all) {
            if (!other.plan().id().equals(plan.id()) && !other.plan().paused()) {
                others.add(new Background(other.plan(), other.schedule(), Members.of(fleet, index -> other.plan()
                        .selector()
                        .selects(meters.get(index)))));
            }
        }
        this.carries = new int[fleet.zones()];
        this.roundTrips = new double[fleet.zones()];
        this.simulation = new Simulation(
                fleet,
                settings,
                new LearnedLinks(),
                new SplittableRandom(plan.id().hashCode() ^ due),
                new Result(),
                due - 1);
        for (int zone = 0; zone < fleet.zones(); zone++) {
            int theirs = real.zoneOf(fleet.zoneName(zone));
            simulation.dispatcher().learnFrom(engine.dispatcher(), theirs, zone);
            carries[zone] = Math.max(1, engine.dispatcher().allowed(theirs));
            roundTrips[zone] = engine.dispatcher().roundTripMillis(theirs);
        }
    }

    /** Takes up to seconds. */
    Forecast run() {
        long expires = due + plan.window().toMillis();
        for (Background other : others) {
            simulation.plan(
                    job(other.plan),
                    other.schedule,
                    other.plan.deadline().toMillis(),
                    other.plan.window().toMillis(),
                    other.members);
        }
        Batch batch = new Batch(job(plan), due, due + plan.deadline().toMillis(), expires, members);
        simulation.at(due, now -> simulation.dispatcher().open(batch));
        for (int meter = 0; meter < fleet.size(); meter++) {
            wakes(meter, expires);
        }
        // What is under way when the window ends has its time-out left.
        simulation.runUntil(expires + plan.retry().timeout().toMillis() + 60_000);
        return forecast(batch);
    }

    private static Job job(Plan plan) {
        return new Job(
                plan.id(),
                plan.version(),
                plan.action(),
                plan.priority(),
                plan.retry().attempts(),
                (int) plan.retry().timeout().toMillis(),
                (int) plan.retry().backoff().toMillis(),
                plan.action().sideEffects());
    }

    private void wakes(int meter, long end) {
        long every = fleet.wakesEveryMillis(meter);
        if (standings[meter] != Standing.ASLEEP.ordinal() || every <= 0) {
            return;
        }
        long next = fleet.wokeAt(meter) + Math.max(0, (due - fleet.wokeAt(meter)) / every) * every;
        for (int i = 0; i < MOST_WAKES && next < end; i++, next += every) {
            if (next >= due) {
                simulation.standing(next, meter, Standing.READY);
            }
        }
    }

    private Forecast forecast(Batch batch) {
        Map<OrderState, Integer> orders = new EnumMap<>(OrderState.class);
        for (OrderState state : OrderState.values()) {
            if (batch.count(state) > 0) {
                orders.put(state, batch.count(state));
            }
        }
        long[] done = new long[batch.size()];
        int count = 0;
        List<Forecast.Miss> misses = new ArrayList<>();
        int turn = 0;
        for (int position = 0; position < batch.size(); position++) {
            OrderState state = batch.state(position);
            if (state == OrderState.DONE || state == OrderState.LATE) {
                done[count++] = batch.endedAt(position);
            }
            if (state != OrderState.DONE) {
                String reason = simulation.dispatcher().reasons().text(batch, position);
                turn += state == OrderState.EXPIRED && reason.startsWith("its turn did not come") ? 1 : 0;
                misses.add(new Forecast.Miss(
                        fleet.id(members.meter(position)),
                        state,
                        state == OrderState.LATE
                                ? "done " + (batch.endedAt(position) - due) / 1000 + " s after due"
                                : reason));
            }
        }
        misses.sort((a, b) -> a.meter().compareTo(b.meter()));
        Arrays.sort(done, 0, count);
        int size = batch.size();
        Optional<Instant> finish = at(done, count, count);
        String text = size + " orders, " + batch.count(OrderState.DONE) + " expected in time, "
                + batch.count(OrderState.LATE) + " late, " + (size - count) + " not at all"
                + (turn > 0
                        ? "; the window of " + plan.window().toSeconds() + " s is shorter than the work: the turn of "
                                + turn + " orders does not come"
                        : "");
        return new Forecast(
                plan.id(),
                plan.version(),
                Instant.ofEpochMilli(due),
                madeAt,
                orders,
                at(done, count, (size + 1) / 2),
                at(done, count, (int) Math.ceil(size * 0.95)),
                finish,
                misses.size() > MOST_MISSES ? misses.subList(0, MOST_MISSES) : misses,
                text);
    }

    private static Optional<Instant> at(long[] done, int count, int rank) {
        return rank < 1 || rank > count ? Optional.empty() : Optional.of(Instant.ofEpochMilli(done[rank - 1]));
    }

    private final class LearnedLinks implements Simulation.Links {
        private static final Outcome SILENCE = new Outcome(Outcome.Kind.UNANSWERED, "no answer expected");

        @Override
        public Standing standing(int meter, long now) {
            Standing standing = Standing.values()[standings[meter]];
            long every = fleet.wakesEveryMillis(meter);
            if (standing == Standing.ASLEEP && every > 0 && (now - fleet.wokeAt(meter)) % every < AWAKE_MILLIS) {
                return Standing.READY;
            }
            return standing;
        }

        @Override
        public Simulation.Reply reply(Task task, int timeoutMillis, int carried, long now, RandomGenerator random) {
            int meter = task.meter();
            int zone = fleet.zone(meter);
            if (random.nextDouble() < losses[meter]) {
                return new Simulation.Reply(timeoutMillis, SILENCE);
            }
            double known = usual[meter] > 0 ? usual[meter] : roundTrips[zone];
            double base = known > 0 ? known : DEFAULT_ROUND_TRIP_MILLIS;
            double load = Math.max(1, (double) carried / carries[zone]);
            double spread = 0.7 - 0.3 * Math.log(1 - random.nextDouble());
            long millis = Math.round(base * load * spread);
            return millis >= timeoutMillis
                    ? new Simulation.Reply(timeoutMillis, SILENCE)
                    : new Simulation.Reply(millis, Outcome.DONE);
        }
    }

    /** Nobody watches: what is wanted is in the batch. */
    private static final class Result implements Watcher {
        @Override
        public void ended(Batch batch, int position) {}

        @Override
        public void closed(Batch batch) {}

        @Override
        public void zone(int zone, boolean down) {}
    }
}
