// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.ReplayStatus.State;

/** One replay: what was asked for, how far it is, what it found. Thread-safe. */
final class ReplayJob {
    private static final int MOST_DIFFERENCES = 50_000;

    private final long id;
    private final ReplayRequest request;
    private final Instant startedAt;
    private final List<Difference> differences = new ArrayList<>();
    /** Name and version of the codec by content type, as the preview had them. */
    private final Map<String, String> codecs = new HashMap<>();

    private State state = State.PREVIEWING;
    private Optional<Instant> endedAt = Optional.empty();
    private String failure = "";
    private double progress;
    private Tally tally = new Tally();
    private volatile boolean cancelled;

    ReplayJob(long id, ReplayRequest request, Instant startedAt) {
        this.id = id;
        this.request = request;
        this.startedAt = startedAt;
    }

    /** What a part of a replay came to. */
    static final class Tally {
        long frames;
        long rejected;
        long undecodable;
        long same;
        long changed;
        long added;
        long vanished;

        void add(Tally other) {
            frames += other.frames;
            rejected += other.rejected;
            undecodable += other.undecodable;
            same += other.same;
            changed += other.changed;
            added += other.added;
            vanished += other.vanished;
        }

        boolean changesNothing() {
            return changed + added + vanished == 0;
        }
    }

    long id() {
        return id;
    }

    ReplayRequest request() {
        return request;
    }

    boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    synchronized State state() {
        return state;
    }

    synchronized void begin(State now) {
        state = now;
        endedAt = Optional.empty();
        progress = 0;
        tally = new Tally();
    }

    synchronized void end(State now, Instant when, String why) {
        state = now;
        endedAt = Optional.of(when);
        failure = why;
        if (why.isEmpty() && now != State.CANCELLED) {
            progress = 1;
        }
    }

    synchronized void forward(double to, Tally more) {
        progress = Math.max(progress, Math.min(1, to));
        tally.add(more);
    }

    /** Keeps differences of a preview while there is room. */
    synchronized void found(List<Difference> more) {
        if (state == State.PREVIEWING) {
            int room = Math.max(0, MOST_DIFFERENCES - differences.size());
            differences.addAll(more.subList(0, Math.min(room, more.size())));
        }
    }

    synchronized void used(String contentType, String codec) {
        if (state == State.PREVIEWING) {
            codecs.put(contentType, codec);
        }
    }

    synchronized Map<String, String> codecs() {
        return Map.copyOf(codecs);
    }

    synchronized List<Difference> differences(int after, int limit) {
        int from = Math.min(after, differences.size());
        return List.copyOf(differences.subList(from, (int) Math.min(differences.size(), (long) from + limit)));
    }

    synchronized ReplayStatus status() {
        return new ReplayStatus(
                id,
                request,
                state,
                startedAt,
                endedAt,
                progress,
                tally.frames,
                tally.rejected,
                tally.undecodable,
                tally.same,
                tally.changed,
                tally.added,
                tally.vanished,
                differences.size(),
                failure);
    }
}
