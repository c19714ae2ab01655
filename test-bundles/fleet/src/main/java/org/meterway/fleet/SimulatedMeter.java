// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A meter: its registers, what of them is still to be sent, and the LwM2M client that sends it. Nothing is forgotten before the
 * gateway has answered 2.04; one Send is under way at a time. Thread-safe.
 */
public final class SimulatedMeter {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedMeter.class);

    /** Most intervals in one Send. */
    static final int LARGEST_PACK = 48;

    private static final int SILENCES_BEFORE_RECONNECT = 2;
    private static final Duration LONGEST_MAX_AGE = Duration.ofMinutes(5);
    private static final Duration LONGEST_SEND = Duration.ofSeconds(90);

    private final MeterDescription description;
    private final FleetConfig config;
    private final ReplayClock clock;
    private final MeterClient client;
    private final SplittableRandom random;
    private final Duration lag;
    private final long firstGrid;
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private volatile long next;
    private volatile long sentUpTo;
    private long attempt;
    private boolean underWay;
    private long deadlineNanos;
    private long notBeforeNanos;
    private int failures;
    private int silences;

    SimulatedMeter(
            MeterDescription description, FleetConfig config, ReplayClock clock, FleetRuntime runtime, int number) {
        this.description = description;
        this.config = config;
        this.clock = clock;
        this.random = new SplittableRandom(config.seed() ^ (0x5DEECE66DL * (number + 1)));
        // Meters of one kind close their intervals together; what they send is spread.
        this.lag = Duration.ofNanos((long) (random.nextDouble()
                * Math.min(config.collectFor().toNanos(), config.over().toNanos() / 20)));
        this.firstGrid = ceilGrid(clock.from());
        this.next = firstGrid;
        this.sentUpTo = firstGrid;
        this.notBeforeNanos = System.nanoTime();
        this.client = new MeterClient(description, config, clock, runtime);
    }

    public MeterDescription description() {
        return description;
    }

    /** Whether the gateway has taken its registration, as far as the meter knows. */
    public boolean registered() {
        return client.registered();
    }

    /** Every reading the gateway has answered by 2.04, in order of time. */
    public Stream<SimulatedReading> acknowledged() {
        return readings(firstGrid, next);
    }

    long acknowledgedReadings() {
        return (next - firstGrid) * description.registers().size();
    }

    long sentReadings() {
        return (sentUpTo - firstGrid) * description.registers().size();
    }

    long expectedReadings() {
        return (floorGrid(clock.to()) + 1 - firstGrid) * description.registers().size();
    }

    long repeatedReadings() {
        return repeated.get();
    }

    long failedSends() {
        return failed.get();
    }

    boolean done() {
        return next > floorGrid(clock.to());
    }

    void start() {
        client.start();
    }

    /** Power off and on again; what is unsent is kept. */
    void restart() {
        client.restart();
    }

    void stop() {
        client.stop();
    }

    void powerChanged() {
        client.powerChanged();
    }

    /** Sends what is due, if there is enough of it and the way is free. */
    void tick() {
        List<SimulatedReading> pack;
        long upTo;
        long now = System.nanoTime();
        long thisAttempt;
        synchronized (this) {
            if (underWay && now - deadlineNanos > 0) {
                silent(attempt);
            }
            if (underWay || now - notBeforeNanos < 0 || !client.registered()) {
                return;
            }
            long due = floorGrid(dueTime()) + 1;
            long waiting = due - next;
            if (waiting <= 0 || (waiting < packSize() && !clock.live())) {
                return;
            }
            upTo = Math.min(due, next + LARGEST_PACK);
            pack = readings(next, upTo).toList();
            repeated.addAndGet(Math.max(0, Math.min(sentUpTo, upTo) - next)
                    * description.registers().size());
            sentUpTo = Math.max(sentUpTo, upTo);
            underWay = true;
            thisAttempt = ++attempt;
            deadlineNanos = now + LONGEST_SEND.toNanos();
        }
        try {
            client.send(SenmlCbor.encode(pack), new Outcome(thisAttempt, upTo));
        } catch (RejectedExecutionException | IllegalStateException e) {
            LOG.debug("{} could not send: {}", description.endpoint(), e.getMessage());
            silent(thisAttempt);
        }
    }

    private Instant dueTime() {
        return clock.instant().minus(Duration.ofMillis((long) (lag.toMillis() * clock.speed())));
    }

    private long packSize() {
        double intervals = config.collectFor().toMillis()
                * clock.speed()
                / description.kind().interval().toMillis();
        return Math.max(1, Math.min(LARGEST_PACK, (long) intervals));
    }

    private Stream<SimulatedReading> readings(long fromGrid, long toGrid) {
        // By register, so that each path is written once in a pack.
        return description.registers().stream().flatMap(register -> LongStream.range(fromGrid, toGrid)
                .mapToObj(grid ->
                        new SimulatedReading(description.energyPath(register), timeOf(grid), register.valueAt(grid))));
    }

    private Instant timeOf(long grid) {
        return Instant.ofEpochSecond(grid * description.kind().interval().toSeconds());
    }

    private long floorGrid(Instant moment) {
        return Math.floorDiv(
                moment.getEpochSecond(), description.kind().interval().toSeconds());
    }

    private long ceilGrid(Instant moment) {
        return floorGrid(moment.minusNanos(1)) + 1;
    }

    private synchronized void accepted(long ofAttempt, long upTo) {
        if (!underWay || ofAttempt != attempt) {
            return;
        }
        next = upTo;
        underWay = false;
        failures = 0;
        silences = 0;
    }

    private synchronized void refused(long ofAttempt, Duration wait, boolean registrationLost) {
        if (!underWay || ofAttempt != attempt) {
            return;
        }
        underWay = false;
        failed.incrementAndGet();
        silences = 0;
        waitFor(wait.isZero() ? backOff() : wait);
        if (registrationLost) {
            client.updateRegistration(false);
        }
    }

    private synchronized void silent(long ofAttempt) {
        if (!underWay || ofAttempt != attempt) {
            return;
        }
        underWay = false;
        failed.incrementAndGet();
        waitFor(backOff());
        if (++silences >= SILENCES_BEFORE_RECONNECT) {
            silences = 0;
            client.updateRegistration(true);
        }
    }

    private void waitFor(Duration duration) {
        notBeforeNanos = System.nanoTime() + duration.toNanos();
    }

    /** Doubles, up to the longest; between half and the whole of it. */
    private Duration backOff() {
        long most = Math.min(
                config.longestBackOff().toMillis(), config.firstBackOff().toMillis() << Math.min(failures++, 20));
        return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
    }

    private final class Outcome implements MeterClient.SendOutcome {
        private final long ofAttempt;
        private final long upTo;

        Outcome(long ofAttempt, long upTo) {
            this.ofAttempt = ofAttempt;
            this.upTo = upTo;
        }

        @Override
        public void accepted() {
            SimulatedMeter.this.accepted(ofAttempt, upTo);
            tick();
        }

        @Override
        public void busy(Duration maxAge) {
            SimulatedMeter.this.refused(
                    ofAttempt, maxAge.compareTo(LONGEST_MAX_AGE) < 0 ? maxAge : LONGEST_MAX_AGE, false);
        }

        @Override
        public void refused(String code, boolean registrationLost) {
            LOG.debug("{}: Send answered by {}", description.endpoint(), code);
            SimulatedMeter.this.refused(ofAttempt, Duration.ZERO, registrationLost);
        }

        @Override
        public void silent() {
            SimulatedMeter.this.silent(ofAttempt);
        }
    }

    /** The readings of a span of virtual time, sent or not. */
    public List<SimulatedReading> readings(Instant from, Instant before) {
        return new ArrayList<>(readings(ceilGrid(from), ceilGrid(before)).toList());
    }
}
