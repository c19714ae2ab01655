// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.meterway.api.order.OrderState;
import org.meterway.launcher.Benchmark;
import org.meterway.scheduling.dispatch.Batch;
import org.meterway.scheduling.dispatch.Dispatcher;
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
import org.meterway.scheduling.dispatch.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to decide which order is sent next, without sending anything. */
@Command(
        name = "dispatch",
        mixinStandardHelpOptions = true,
        description =
                "Heap and time for many meters under hourly plans: to find the due orders, to decide and send each over a"
                        + " wire that does nothing, and ten times as many in virtual time. Beside Quartz for the triggers.")
public final class DispatchBench implements Callable<Integer>, Benchmark {
    private static final long HOUR = 3_600_000;
    private static final long START = 1_800_000_000_000L / HOUR * HOUR;

    @Option(names = "--meters", defaultValue = "1000000", description = "default ${DEFAULT-VALUE}")
    private int meters;

    @Option(names = "--zones", defaultValue = "2000", description = "default ${DEFAULT-VALUE}")
    private int zones;

    @Option(
            names = "--plans",
            defaultValue = "4",
            description = "hourly plans, each for every meter (default ${DEFAULT-VALUE})")
    private int plans;

    @Option(
            names = "--simulated",
            defaultValue = "10000000",
            description = "dispatches in virtual time; 0 for none (default ${DEFAULT-VALUE})")
    private long simulated;

    @Option(
            names = "--quartz",
            defaultValue = "20000",
            description = "hourly triggers in Quartz; 0 for none (default ${DEFAULT-VALUE})")
    private int quartz;

    @Option(names = "--report", paramLabel = "FILE", description = "write the figures as JSON")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report document = new Report(
                "dispatch", "--meters " + meters + " --zones " + zones + " --plans " + plans + " --quartz " + quartz);
        ObjectNode figures = document.figures();
        // One round to compile what is measured after it.
        new Round(Math.min(meters, 100_000), Math.min(zones, 200), 1).run();
        measure(figures.putObject("dispatcher"));
        growth(figures.putArray("growth"));
        if (simulated > 0) {
            simulate(figures.putObject("simulation"));
        }
        if (quartz > 0) {
            QuartzTriggers.measure(quartz, figures.putObject("quartz"));
        }
        document.write(report);
        return 0;
    }

    private void measure(ObjectNode into) {
        String[] ids = ids(meters);
        long before = Heap.live();
        Round round = new Round(ids, zones, plans);
        round.open();
        long held = Heap.live() - before;
        round.carryOut();
        long after = Heap.live() - before;
        into.put("meters", meters);
        into.put("plans", plans);
        into.put("orders", round.orders());
        into.put("enumerateSeconds", round.openNanos / 1e9);
        into.put("heapBytesPerMeter", (double) held / meters);
        into.put("heapBytesPerMeterAfter", (double) after / meters);
        into.put("cpuMicrosPerOrder", round.cpuNanos / 1e3 / round.orders());
        System.out.printf(
                "%,d meters, %d hourly plans: due orders found in %.2f s, %.0f bytes of heap per meter, %.2f µs of CPU per"
                        + " order decided and sent%n",
                meters,
                plans,
                round.openNanos / 1e9,
                (double) Math.max(held, after) / meters,
                round.cpuNanos / 1e3 / round.orders());
        round.check();
    }

    /** Ten times as many meters and zones must not make a choice ten times as dear. */
    private void growth(ArrayNode into) {
        for (int size = 1_000; size <= meters; size *= 10) {
            Round best = null;
            for (int i = 0; i < 3; i++) {
                Round round = new Round(size, Math.max(1, (int) ((long) zones * size / meters)), 1);
                round.run();
                best = best == null || round.cpuNanos < best.cpuNanos ? round : best;
            }
            double micros = best.cpuNanos / 1e3 / best.orders();
            into.addObject().put("meters", size).put("cpuMicrosPerOrder", micros);
            System.out.printf("%,9d meters: %.2f µs per order%n", size, micros);
        }
    }

    private void simulate(ObjectNode into) {
        int size = 100_000;
        Fleet fleet = new Fleet(size);
        String[] ids = ids(size);
        for (int i = 0; i < size; i++) {
            fleet.put(ids[i], "z" + i % 200);
        }
        long[] ended = new long[OrderState.values().length];
        Simulation simulation = new Simulation(
                fleet,
                Settings.DEFAULT,
                new LossyLinks(),
                new SplittableRandom(1),
                new Watcher() {
                    @Override
                    public void ended(Batch batch, int position) {
                        ended[batch.state(position).ordinal()]++;
                    }

                    @Override
                    public void closed(Batch batch) {}

                    @Override
                    public void zone(int zone, boolean down) {}
                },
                START);
        simulation.plan(job("hourly"), Schedule.every(HOUR, 0), 900_000, HOUR, Members.of(fleet, meter -> true));
        long begin = System.nanoTime();
        long until = START;
        while (simulation.dispatcher().sent() < simulated) {
            until += HOUR;
            simulation.runUntil(until);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long sent = simulation.dispatcher().sent();
        into.put("meters", size);
        into.put("dispatches", sent);
        into.put("virtualHours", (until - START) / HOUR);
        into.put("seconds", seconds);
        into.put("done", ended[OrderState.DONE.ordinal()]);
        into.put("late", ended[OrderState.LATE.ordinal()]);
        into.put("failed", ended[OrderState.FAILED.ordinal()]);
        into.put("expired", ended[OrderState.EXPIRED.ordinal()]);
        System.out.printf(
                "simulation: %,d dispatches in %.1f s (5 %% of answers lost): %,d done, %,d late, %,d failed, %,d expired%n",
                sent,
                seconds,
                ended[OrderState.DONE.ordinal()],
                ended[OrderState.LATE.ordinal()],
                ended[OrderState.FAILED.ordinal()],
                ended[OrderState.EXPIRED.ordinal()]);
    }

    private static String[] ids(int count) {
        String[] ids = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = "meter-" + i;
        }
        return ids;
    }

    private static Job job(String plan) {
        return new Job(plan, 1, plan, 5, 12, 30_000, 10_000, false);
    }

    /** Answers come after 20 to 220 ms, one in twenty not at all. */
    private static final class LossyLinks implements Simulation.Links {
        private static final Outcome SILENCE = new Outcome(Outcome.Kind.UNANSWERED, "no answer");

        @Override
        public Standing standing(int meter, long now) {
            return Standing.READY;
        }

        @Override
        public Simulation.Reply reply(Task task, int timeoutMillis, int carried, long now, RandomGenerator random) {
            return random.nextInt(20) == 0
                    ? new Simulation.Reply(timeoutMillis, SILENCE)
                    : new Simulation.Reply(20 + random.nextInt(200), Outcome.DONE);
        }
    }

    /** One due hour of some plans over a wire that does nothing. */
    private static final class Round implements Wire, Watcher {
        private final Fleet fleet;
        private final int plans;
        private final Deque<Task> sent = new ArrayDeque<>();
        private final List<Batch> batches = new ArrayList<>();
        private final Dispatcher dispatcher;
        long openNanos;
        long cpuNanos;

        Round(int meters, int zones, int plans) {
            this(ids(meters), zones, plans);
        }

        Round(String[] ids, int zones, int plans) {
            this.plans = plans;
            this.fleet = new Fleet(ids.length);
            String[] names = new String[zones];
            for (int i = 0; i < zones; i++) {
                names[i] = "zone-" + i;
            }
            for (int i = 0; i < ids.length; i++) {
                fleet.put(ids[i], names[i % zones]);
            }
            this.dispatcher = new Dispatcher(fleet, Settings.DEFAULT, this, new SplittableRandom(1), this);
        }

        void run() {
            open();
            carryOut();
            check();
        }

        /** From the fleet to open batches: whom each plan is for, and that its orders are due. */
        void open() {
            long begin = System.nanoTime();
            for (int plan = 0; plan < plans; plan++) {
                Members members = Members.of(fleet, meter -> !fleet.retired(meter));
                Batch batch = new Batch(job("plan-" + plan), START, START + 900_000 + plan, START + HOUR, members);
                batches.add(batch);
                dispatcher.open(batch);
            }
            openNanos = System.nanoTime() - begin;
        }

        void carryOut() {
            long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long now = START;
            do {
                now++;
                dispatcher.tick(now);
                for (int left = sent.size(); left > 0; left--) {
                    dispatcher.answered(sent.poll(), Outcome.DONE, now);
                }
            } while (batches.stream().anyMatch(batch -> batch.open() > 0));
            cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        }

        long orders() {
            return (long) plans * fleet.size();
        }

        void check() {
            for (Batch batch : batches) {
                if (batch.count(OrderState.DONE) != fleet.size()) {
                    throw new IllegalStateException("not every order was done: " + batch);
                }
            }
        }

        @Override
        public Standing standing(int meter) {
            return Standing.READY;
        }

        @Override
        public void send(Task task, int timeoutMillis) {
            sent.add(task);
        }

        @Override
        public void ended(Batch batch, int position) {}

        @Override
        public void closed(Batch batch) {}

        @Override
        public void zone(int zone, boolean down) {}
    }
}
