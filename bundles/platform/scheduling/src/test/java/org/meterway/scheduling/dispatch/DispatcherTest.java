// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.meterway.api.order.OrderState;

class DispatcherTest {
    private static final long T0 = 1_800_000_000_000L;
    private static final Outcome SILENCE = new Outcome(Outcome.Kind.UNANSWERED, "no answer");

    private final Fleet fleet = new Fleet(16);
    private final Map<Integer, Standing> standings = new HashMap<>();
    private final Deque<Task> sent = new ArrayDeque<>();
    private final List<Integer> order = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final Set<Integer> down = new HashSet<>();

    private final Wire wire = new Wire() {
        @Override
        public Standing standing(int meter) {
            return standings.getOrDefault(meter, Standing.READY);
        }

        @Override
        public void send(Task task, int timeoutMillis) {
            sent.add(task);
            order.add(task.meter());
        }
    };
    private final Watcher watcher = new Watcher() {
        @Override
        public void ended(Batch batch, int position) {
            assertTrue(batch.state(position).ended());
        }

        @Override
        public void closed(Batch batch) {
            closed.add(batch.job().plan());
        }

        @Override
        public void zone(int zone, boolean isDown) {
            if (isDown) {
                down.add(zone);
            } else {
                down.remove(zone);
            }
        }
    };
    private Dispatcher dispatcher = dispatcher(Settings.DEFAULT);

    private Dispatcher dispatcher(Settings settings) {
        return new Dispatcher(fleet, settings, wire, new Random(1), watcher);
    }

    private static Job job(String plan, int priority, boolean sideEffects) {
        return new Job(plan, 1, plan, priority, 5, 30_000, 10_000, sideEffects);
    }

    private Batch batch(String plan, int priority, long deadline) {
        return batch(job(plan, priority, false), deadline);
    }

    private Batch batch(Job job, long deadline) {
        return new Batch(job, T0, T0 + deadline, T0 + 3_600_000, Members.of(fleet, meter -> true));
    }

    private void meters(int count, String zone) {
        for (int i = 0; i < count; i++) {
            fleet.put(zone + i, zone);
        }
    }

    private void answerAll(Outcome outcome, long now) {
        for (int left = sent.size(); left > 0; left--) {
            dispatcher.answered(sent.poll(), outcome, now);
        }
    }

    private void runDone(long from, long until, long step) {
        for (long now = from; now < until; now += step) {
            dispatcher.tick(now);
            answerAll(Outcome.DONE, now);
        }
    }

    @Test
    void everyMeterIsAskedOnceAndTheBatchCloses() {
        meters(100, "a");
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        runDone(T0, T0 + 30_000, 100);
        assertEquals(100, batch.count(OrderState.DONE));
        assertEquals(100, new HashSet<>(order).size());
        assertEquals(100, order.size());
        assertEquals(List.of("p"), closed);
    }

    @Test
    void theHigherPriorityGoesFirstAndThenTheEarlierDeadline() {
        meters(1, "a");
        Batch low = batch("low", 1, 1_000);
        Batch late = batch("late", 5, 60_000);
        Batch early = batch("early", 5, 30_000);
        Batch high = batch("high", 9, 600_000);
        List.of(low, late, early, high).forEach(dispatcher::open);
        List<String> sequence = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            dispatcher.tick(T0 + i);
            assertEquals(1, sent.size(), "a meter has one order under way");
            Task task = sent.poll();
            sequence.add(task.job().plan());
            dispatcher.answered(task, Outcome.DONE, T0 + i);
        }
        assertEquals(List.of("high", "early", "late", "low"), sequence);
    }

    @Test
    void whatIsDoneAfterTheDeadlineIsLate() {
        meters(1, "a");
        Batch batch = batch("p", 5, 1_000);
        dispatcher.open(batch);
        dispatcher.tick(T0);
        answerAll(Outcome.DONE, T0 + 1_001);
        assertEquals(OrderState.LATE, batch.state(0));
    }

    @Test
    void aReadIsTriedAgainAndASideEffectNever() {
        meters(1, "a");
        Batch read = batch(job("read", 9, false), 60_000);
        dispatcher.open(read);
        dispatcher.tick(T0);
        answerAll(SILENCE, T0 + 1);
        assertEquals(OrderState.QUEUED, read.state(0));
        runDone(T0, T0 + 60_000, 500);
        assertEquals(OrderState.DONE, read.state(0));

        Batch disconnect = batch(job("disconnect", 9, true), 60_000);
        dispatcher.open(disconnect);
        dispatcher.tick(T0 + 60_000);
        answerAll(SILENCE, T0 + 60_001);
        assertEquals(OrderState.FAILED, disconnect.state(0));
        assertTrue(dispatcher.reasons().text(disconnect, 0).startsWith("unknown outcome"));
        int before = order.size();
        runDone(T0 + 60_001, T0 + 3_700_000, 5_000);
        assertEquals(before, order.size());
    }

    @Test
    void aSideEffectTheMeterIsTooBusyForIsNotTriedAgainEither() {
        meters(1, "a");
        Batch disconnect = batch(job("disconnect", 9, true), 60_000);
        dispatcher.open(disconnect);
        dispatcher.tick(T0);
        answerAll(new Outcome(Outcome.Kind.BUSY, "5.03"), T0 + 1);
        assertEquals(OrderState.FAILED, disconnect.state(0));
    }

    @Test
    void whatWasCertainlyNotSentIsSentLater() {
        meters(1, "a");
        Batch disconnect = batch(job("disconnect", 9, true), 60_000);
        dispatcher.open(disconnect);
        dispatcher.tick(T0);
        answerAll(new Outcome(Outcome.Kind.NOT_SENT, "the store fails"), T0 + 1);
        assertEquals(OrderState.QUEUED, disconnect.state(0));
        runDone(T0, T0 + 60_000, 500);
        assertEquals(OrderState.DONE, disconnect.state(0));
    }

    @Test
    void attemptsEndAndTheReasonSaysSo() {
        meters(1, "a");
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        for (long now = T0; now < T0 + 3_500_000; now += 500) {
            dispatcher.tick(now);
            answerAll(SILENCE, now);
        }
        assertEquals(OrderState.FAILED, batch.state(0));
        assertEquals("no answer; tried 5 times", dispatcher.reasons().text(batch, 0));
        assertEquals(5, order.size());
    }

    @Test
    void aSilentMeterIsLeftInPeaceForAWhileUntilItIsHeardOf() {
        meters(1, "a");
        Batch batch = new Batch(
                new Job("p", 1, "p", 5, 100, 30_000, 1_000, false),
                T0,
                T0 + 60_000,
                T0 + 3_600_000,
                Members.of(fleet, meter -> true));
        dispatcher.open(batch);
        long now = T0;
        while (order.size() < 3) {
            dispatcher.tick(now);
            answerAll(SILENCE, now);
            now += 100;
        }
        long blocked = now;
        while (now < blocked + 20_000) {
            dispatcher.tick(now += 100);
        }
        assertEquals(3, order.size(), "blocked for about 30 s");
        dispatcher.heard(0, Standing.READY, now);
        dispatcher.tick(now);
        assertEquals(4, order.size());
    }

    @Test
    void aSleepingMetersWorkWaitsAndGoesOutInOneGoWhenItWakes() {
        meters(3, "a");
        standings.put(1, Standing.ASLEEP);
        Batch one = batch("one", 5, 60_000);
        Batch two = batch("two", 3, 60_000);
        dispatcher.open(one);
        dispatcher.open(two);
        runDone(T0, T0 + 10_000, 100);
        assertEquals(OrderState.QUEUED, one.state(1));
        assertFalse(order.contains(1));
        standings.put(1, Standing.READY);
        dispatcher.heard(1, Standing.READY, T0 + 10_000);
        runDone(T0 + 10_000, T0 + 10_003, 1);
        assertEquals(OrderState.DONE, one.state(1));
        assertEquals(OrderState.DONE, two.state(1));
    }

    @Test
    void aMeterThatIsGoneExpiresWithThatReason() {
        meters(1, "a");
        standings.put(0, Standing.GONE);
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        for (long now = T0; now <= T0 + 3_600_000; now += 1_000) {
            dispatcher.tick(now);
        }
        assertEquals(OrderState.EXPIRED, batch.state(0));
        assertTrue(dispatcher.reasons().text(batch, 0).contains("not registered"));
        assertEquals(List.of("p"), closed);
        assertTrue(order.isEmpty());
    }

    @Test
    void anOrderForARetiredMeterFailsWithThatReason() {
        meters(2, "a");
        fleet.retired(1, true);
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        runDone(T0, T0 + 1_000, 100);
        assertEquals(OrderState.FAILED, batch.state(1));
        assertEquals("the meter is retired", dispatcher.reasons().text(batch, 1));
    }

    @Test
    void zonesAreServedInTurnHoweverLargeTheyAre() {
        meters(1_000, "big");
        meters(10, "small");
        dispatcher.open(batch("p", 5, 60_000));
        dispatcher.tick(T0);
        // Both begin with as many under way as a zone may.
        assertEquals(8, order.stream().filter(meter -> fleet.zone(meter) == 0).count());
        assertEquals(8, order.stream().filter(meter -> fleet.zone(meter) == 1).count());
    }

    @Test
    void aZoneWhoseMetersAllFallSilentIsProbedOnlyAndComesBack() {
        meters(200, "a");
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        long now = T0;
        while (down.isEmpty()) {
            dispatcher.tick(now);
            answerAll(SILENCE, now);
            now += 1_000;
            assertTrue(now < T0 + 60_000, "the zone must be found down");
        }
        dispatcher.tick(now);
        assertEquals(1, sent.size());
        answerAll(Outcome.DONE, now);
        assertTrue(down.isEmpty());
        runDone(now, now + 120_000, 100);
        assertEquals(200, batch.count(OrderState.DONE) + batch.count(OrderState.LATE));
    }

    @Test
    void aCancelledOrderIsNotSent() {
        meters(2, "a");
        Batch batch = batch("p", 5, 60_000);
        dispatcher.open(batch);
        assertTrue(dispatcher.cancel(batch, 1, "by hand", T0));
        assertFalse(dispatcher.cancel(batch, 1, "by hand", T0));
        runDone(T0, T0 + 1_000, 100);
        assertEquals(List.of(0), order);
        assertEquals(OrderState.CANCELLED, batch.state(1));
        assertEquals(List.of("p"), closed);
    }

    @Test
    void anEmptyBatchClosesAtOnce() {
        dispatcher.open(batch("p", 5, 60_000));
        assertEquals(List.of("p"), closed);
    }

    @Test
    void theLimitOfAllZonesTogetherHolds() {
        dispatcher = dispatcher(new Settings(5, 2, 8, 64, 3, 30_000, 900_000, 15_000, 8));
        meters(50, "a");
        meters(50, "b");
        dispatcher.open(batch("p", 5, 60_000));
        dispatcher.tick(T0);
        assertEquals(5, sent.size());
    }

    @Test
    void manyMetersThatComeBackTogetherAreNotAskedTogether() {
        dispatcher = dispatcher(new Settings(10_000, 2, 10_000, 10_000, 3, 30_000, 900_000, 15_000, 8));
        meters(5_000, "a");
        for (int meter = 0; meter < 5_000; meter++) {
            standings.put(meter, Standing.GONE);
        }
        dispatcher.open(batch("p", 5, 60_000));
        dispatcher.tick(T0);
        standings.clear();
        for (int meter = 0; meter < 5_000; meter++) {
            dispatcher.heard(meter, Standing.READY, T0 + 1_000);
        }
        dispatcher.tick(T0 + 1_000);
        assertTrue(order.size() < 1_000, "asked at once: " + order.size());
        runDone(T0 + 1_000, T0 + 30_000, 100);
        assertEquals(5_000, order.size());
    }

    /** Ten thousand meters, losses, an outage and restarts: whatever happens, every order ends exactly once. */
    @Test
    void theSameSeedGivesTheSameCourseAndEveryOrderEnds() {
        assertEquals(course(7), course(7));
        assertFalse(course(7).equals(course(8)));
    }

    private String course(long seed) {
        Fleet simulated = new Fleet(10_000);
        for (int i = 0; i < 10_000; i++) {
            simulated.put("m" + i, "z" + i % 20);
        }
        Simulation.Links links = new Simulation.Links() {
            @Override
            public Standing standing(int meter, long now) {
                return meter % 500 == 0 ? Standing.GONE : Standing.READY;
            }

            @Override
            public Simulation.Reply reply(Task task, int timeoutMillis, int carried, long now, RandomGenerator random) {
                boolean outage = simulated.zone(task.meter()) == 3 && now % 7_200_000 < 900_000;
                return outage || random.nextInt(100) < 5
                        ? new Simulation.Reply(timeoutMillis, SILENCE)
                        : new Simulation.Reply(50 + random.nextInt(200), Outcome.DONE);
            }
        };
        long[] ended = new long[OrderState.values().length];
        Watcher counting = new Watcher() {
            @Override
            public void ended(Batch batch, int position) {
                ended[batch.state(position).ordinal()]++;
            }

            @Override
            public void closed(Batch batch) {
                assertEquals(0, batch.open());
            }

            @Override
            public void zone(int zone, boolean isDown) {}
        };
        long start = T0 - T0 % 7_200_000;
        Simulation simulation =
                new Simulation(simulated, Settings.DEFAULT, links, new SplittableRandom(seed), counting, start);
        simulation.plan(
                new Job("hourly", 1, "", 5, 12, 30_000, 10_000, false),
                Schedule.every(3_600_000, 0),
                900_000,
                3_600_000,
                Members.of(simulated, meter -> true));
        simulation.runUntil(start + 4 * 3_600_000L + 1);
        long total = 0;
        for (long count : ended) {
            total += count;
        }
        // Five batches were opened, the last of them just now.
        assertEquals(40_000, total);
        assertEquals(80, ended[OrderState.EXPIRED.ordinal()]);
        assertEquals(40_000 - 80, ended[OrderState.DONE.ordinal()] + ended[OrderState.LATE.ordinal()]);
        assertTrue(ended[OrderState.LATE.ordinal()] < 2_000);
        return List.of(ended[0], ended[1], ended[2], ended[3], ended[4], ended[5], ended[6], ended[7]) + " "
                + simulation.dispatcher().sent();
    }
}
