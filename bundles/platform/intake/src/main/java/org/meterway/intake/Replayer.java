// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.ReplayStatus.State;
import org.meterway.api.intake.Replays;
import org.meterway.api.model.DeviceModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs replays, one at a time on a thread of its own. Thread-safe. */
final class Replayer implements Replays {
    private static final int MOST_JOBS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

    private final ReplayWalk walk;
    private final Codecs codecs;
    private final Supplier<@Nullable DeviceModels> models;
    private final Clock clock;
    private final Outage.Teller teller;
    private final ArrayDeque<ReplayJob> jobs = new ArrayDeque<>();
    private long nextId = 1;
    private @Nullable Thread thread;
    private boolean stopped;

    Replayer(
            ReplayWalk walk,
            Codecs codecs,
            Supplier<@Nullable DeviceModels> models,
            Clock clock,
            Outage.Teller teller) {
        this.walk = walk;
        this.codecs = codecs;
        this.models = models;
        this.clock = clock;
        this.teller = teller;
    }

    @Override
    public synchronized ReplayStatus start(ReplayRequest request) {
        notRunning();
        Predicate<String> meters = meters(request);
        ReplayJob job = new ReplayJob(nextId++, request, clock.instant());
        jobs.addFirst(job);
        if (jobs.size() > MOST_JOBS) {
            jobs.removeLast();
        }
        run(job, () -> {
            boolean whole = walk.run(job, meters, false);
            if (whole && request.apply()) {
                apply(job, meters);
            } else {
                job.end(whole ? State.PREVIEWED : State.CANCELLED, clock.instant(), "");
            }
        });
        return job.status();
    }

    private void notRunning() {
        if (stopped) {
            throw new IllegalStateException("intake is stopping");
        }
        jobs.stream().filter(job -> job.state().isRunning()).findFirst().ifPresent(job -> {
            throw new IllegalStateException("replay " + job.id() + " runs, one runs at a time");
        });
    }

    private Predicate<String> meters(ReplayRequest request) {
        Predicate<String> meters =
                request.meter().<Predicate<String>>map(meter -> meter::equals).orElse(any -> true);
        if (request.model().isEmpty()) {
            return meters;
        }
        String model = request.model().get();
        DeviceModels known = models.get();
        if (known == null || known.find(model).isEmpty()) {
            throw new IllegalArgumentException("there is no device model '" + model + "'");
        }
        return meters.and(meter -> known.modelOf(meter).name().equals(model));
    }

    private void run(ReplayJob job, Runnable work) {
        Thread runner = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | LinkageError failure) {
                        LOG.warn("Replay {} broke off", job.id(), failure);
                        job.end(State.FAILED, clock.instant(), String.valueOf(failure.getMessage()));
                    }
                },
                "meterway-intake-replay");
        runner.setDaemon(true);
        thread = runner;
        runner.start();
    }

    private void apply(ReplayJob job, Predicate<String> meters) {
        job.begin(State.APPLYING);
        boolean whole = walk.run(job, meters, true);
        job.end(whole ? State.APPLIED : State.CANCELLED, clock.instant(), "");
        ReplayStatus done = job.status();
        teller.tell(
                "replay.applied",
                Severity.INFO,
                "Replay " + done.id() + (whole ? " is applied: " : " was cancelled after: ") + done.changed()
                        + " values changed, " + done.added() + " added, " + done.vanished() + " vanished, by "
                        + done.request().who());
    }

    @Override
    public synchronized Optional<ReplayStatus> replay(long id) {
        return find(id).map(ReplayJob::status);
    }

    private Optional<ReplayJob> find(long id) {
        return jobs.stream().filter(job -> job.id() == id).findFirst();
    }

    @Override
    public synchronized List<ReplayStatus> replays() {
        return jobs.stream().map(ReplayJob::status).toList();
    }

    @Override
    public synchronized List<Difference> differences(long id, int after, int limit) {
        return find(id).map(job -> job.differences(after, limit)).orElse(List.of());
    }

    @Override
    public synchronized ReplayStatus applyReplay(long id) {
        ReplayJob job = find(id).orElseThrow(() -> new IllegalArgumentException("there is no replay " + id));
        notRunning();
        if (job.state() != State.PREVIEWED) {
            throw new IllegalStateException("replay " + id + " is "
                    + job.state().name().toLowerCase(Locale.ROOT) + ", only a previewed one can be applied");
        }
        for (Map.Entry<String, String> used : job.codecs().entrySet()) {
            String there = codecs.identity(used.getKey());
            if (!there.equals(used.getValue())) {
                throw new IllegalStateException("the codec for " + used.getKey() + " was " + used.getValue()
                        + " in the preview and is " + (there.isEmpty() ? "not there" : there)
                        + " now: preview again");
            }
        }
        Predicate<String> meters = meters(job.request());
        job.begin(State.APPLYING);
        run(job, () -> apply(job, meters));
        return job.status();
    }

    @Override
    public synchronized boolean cancelReplay(long id) {
        Optional<ReplayJob> job = find(id).filter(found -> found.state().isRunning());
        job.ifPresent(ReplayJob::cancel);
        return job.isPresent();
    }

    /** Ends what runs after the part under way. */
    void stop(Duration timeout) {
        List<Thread> running = new ArrayList<>(1);
        synchronized (this) {
            stopped = true;
            jobs.forEach(ReplayJob::cancel);
            if (thread != null) {
                running.add(thread);
            }
        }
        running.forEach(each -> Committer.join(each, timeout));
    }
}
