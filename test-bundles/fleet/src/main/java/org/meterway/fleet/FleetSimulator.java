// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.meterway.fleet.profile.Profiles;
import org.meterway.fleet.relay.Faults;
import org.meterway.fleet.relay.UdpRelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fleet of meters in one process: real LwM2M clients that replay measured load profiles to a gateway and then stay live. Made
 * ready by the constructor, started once, stopped by {@link #close}. Thread-safe.
 */
public final class FleetSimulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetSimulator.class);

    private static final long TICK_MILLIS = 50;
    private static final long STAGGER_MICROS = 10_000;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final FleetConfig config;
    private final ReplayClock clock;
    private final Optional<UdpRelay> relay;
    private final FleetRuntime runtime;
    private final List<SimulatedMeter> meters;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(new NamedThreadFactory("meterway-fleet-clock-"));
    private final CompletableFuture<Progress> done = new CompletableFuture<>();
    private volatile boolean closed;

    /** Makes the fleet ready; the virtual time starts now. */
    public FleetSimulator(FleetConfig config) {
        this(config, Profiles.load());
    }

    /** The same with profiles that are loaded already. */
    public FleetSimulator(FleetConfig config, Profiles profiles) {
        this.relay = config.faults().equals(Faults.NONE)
                ? Optional.empty()
                : Optional.of(UdpRelay.open(config.gateway(), config.faults(), config.seed()));
        InetSocketAddress reached = relay.map(UdpRelay::address).orElse(config.gateway());
        this.config = config.through(reached);
        this.clock = new ReplayClock(config.clock(), config.days(), config.over());
        this.runtime = new FleetRuntime(config);
        List<SimulatedMeter> made = new ArrayList<>();
        for (MeterDescription description : new FleetPlan(profiles, config.seed()).meters(config.meters())) {
            made.add(new SimulatedMeter(description, this.config, clock, runtime, made.size()));
        }
        this.meters = List.copyOf(made);
    }

    /** Starts the meters one after another. Returns at once. */
    public void start() {
        for (int i = 0; i < meters.size(); i++) {
            SimulatedMeter meter = meters.get(i);
            runtime.registrationExecutor()
                    .schedule(() -> guarded(meter::start), i * STAGGER_MICROS, TimeUnit.MICROSECONDS);
        }
        timer.scheduleWithFixedDelay(
                () -> guarded(() -> meters.forEach(SimulatedMeter::tick)),
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(
                () -> guarded(() -> meters.forEach(SimulatedMeter::powerChanged)),
                config.powerEvery().toMillis(),
                config.powerEvery().toMillis(),
                TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(() -> guarded(this::checkDone), 100, 100, TimeUnit.MILLISECONDS);
        if (config.restartsPerHour() > 0) {
            SplittableRandom random = new SplittableRandom(config.seed());
            scheduleRestart(random);
        }
    }

    private void scheduleRestart(SplittableRandom random) {
        double perMilli = config.restartsPerHour() * meters.size() / 3_600_000;
        long wait = (long) (-Math.log(1 - random.nextDouble()) / perMilli);
        SimulatedMeter meter = meters.get(random.nextInt(meters.size()));
        timer.schedule(
                () -> guarded(() -> {
                    runtime.registrationExecutor().execute(() -> guarded(meter::restart));
                    scheduleRestart(random);
                }),
                wait,
                TimeUnit.MILLISECONDS);
    }

    /** A task that fails must not end the ones that come after it. */
    private void guarded(Runnable task) {
        if (closed) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("the fleet simulator failed in a task", e);
            }
        }
    }

    private void checkDone() {
        if (!done.isDone() && meters.stream().allMatch(SimulatedMeter::done)) {
            done.complete(progress());
        }
    }

    /** Completes when every meter has everything up to the end of the replay acknowledged; cancelled by {@link #close}. */
    public CompletableFuture<Progress> done() {
        return done.copy();
    }

    /** How far it is; quick, never blocks. */
    public Progress progress() {
        return new Progress(
                clock.instant(),
                clock.from(),
                clock.to(),
                meters.size(),
                (int) meters.stream().filter(SimulatedMeter::registered).count(),
                sum(SimulatedMeter::expectedReadings),
                sum(SimulatedMeter::sentReadings),
                sum(SimulatedMeter::acknowledgedReadings),
                sum(SimulatedMeter::repeatedReadings),
                sum(SimulatedMeter::failedSends),
                meters.stream().allMatch(SimulatedMeter::done));
    }

    private long sum(ToLongFunction<SimulatedMeter> count) {
        return meters.stream().mapToLong(count).sum();
    }

    public List<SimulatedMeter> meters() {
        return meters;
    }

    /** The relay in between, when there are faults. */
    public Optional<UdpRelay> relay() {
        return relay;
    }

    /** Stops all meters without deregistering; takes at most about ten seconds. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        ExecutorService stopping = Executors.newFixedThreadPool(16, new NamedThreadFactory("meterway-fleet-stop-"));
        meters.forEach(meter -> stopping.execute(meter::stop));
        stopping.shutdown();
        try {
            if (!stopping.awaitTermination(CLOSE_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("some simulated meters have not stopped within {} s", CLOSE_WITHIN.toSeconds());
                stopping.shutdownNow();
            }
        } catch (InterruptedException e) {
            stopping.shutdownNow();
            Thread.currentThread().interrupt();
        }
        runtime.close();
        relay.ifPresent(UdpRelay::close);
        done.cancel(false);
    }
}
