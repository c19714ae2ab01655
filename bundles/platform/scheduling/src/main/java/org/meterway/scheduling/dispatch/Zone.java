// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A shared link: what waits for it and how much it carries. The number under way grows by one per answer up to what was carried
 * before, then by one per round; it shrinks when a meter that used to answer does not, or when round trips grow to a multiple of
 * what they were.
 */
final class Zone extends IndexedHeap.Item {
    /** Round trips so many times longer than the meters' best mean that the link queues. */
    private static final double QUEUING = 3;

    private static final double CUT = 0.7;

    final int number;
    /** Orders nobody has come to yet, the most urgent batch first. */
    final PriorityQueue<Part> parts = new PriorityQueue<>((a, b) -> Task.byUrgency(a.batch, b.batch));
    /** Orders taken up before that may be sent now. */
    final IndexedHeap<Task> ready = new IndexedHeap<>(Task::urgency);

    /** Grows with every order sent, whatever its priority: the zone that was served least goes first. */
    long served;

    int inFlight;
    private double limit;
    private double threshold;
    private double stretch = 1;
    private double roundTrip;
    private long cutAt;
    /** Meters in a row that did not answer although they had the time before. */
    private int streak;

    private boolean down;
    private long upSince;

    Zone(int number, Settings settings) {
        this.number = number;
        this.limit = settings.zoneFirst();
        this.threshold = settings.zoneMost();
    }

    /** The most urgent batch that waits, or null. */
    @Nullable
    Batch head() {
        Part part = parts.peek();
        Task task = ready.peek();
        if (task == null) {
            return part == null ? null : part.batch;
        }
        return part == null || task.hurry || Task.byUrgency(task.batch, part.batch) <= 0 ? task.batch : part.batch;
    }

    boolean readyFirst() {
        Part part = parts.peek();
        Task task = ready.peek();
        return task != null && (part == null || task.hurry || Task.byUrgency(task.batch, part.batch) <= 0);
    }

    boolean waits() {
        return !parts.isEmpty() || ready.size() > 0;
    }

    boolean hasRoom() {
        return inFlight < allowed();
    }

    int allowed() {
        return down ? 1 : (int) limit;
    }

    boolean down() {
        return down;
    }

    /** When the link came back last, ms since 1970. */
    long upSince() {
        return upSince;
    }

    double roundTripMillis() {
        return roundTrip;
    }

    /** Takes over what was learned, for a rehearsal. */
    void learnFrom(Zone other) {
        limit = other.limit;
        threshold = other.threshold;
        roundTrip = other.roundTrip;
        down = other.down;
    }

    /**
     * A meter answered.
     *
     * @param millis how long it took
     * @param best what this meter takes at best
     * @return whether the link has come back by it
     */
    boolean answered(long now, double millis, double best, Settings settings) {
        streak = 0;
        boolean back = down;
        if (down) {
            down = false;
            upSince = now;
            threshold = Math.max(settings.zoneLeast(), limit);
            limit = settings.zoneLeast();
        }
        roundTrip = roundTrip == 0 ? millis : roundTrip + (millis - roundTrip) / 16;
        double longer = best <= 0 ? 1 : millis / best;
        stretch += (Math.min(longer, 20) - stretch) / 16;
        if (stretch > QUEUING && millis > 200) {
            cut(now, settings);
            stretch = 1;
        } else if (inFlight + 1 >= (int) limit) {
            limit = Math.min(settings.zoneMost(), limit < threshold ? limit + 1 : limit + 1 / limit);
        }
        return back;
    }

    /**
     * A meter did not answer.
     *
     * @param healthy whether it had answered the time before
     * @return whether the link is down by it
     */
    boolean unanswered(long now, boolean healthy, Settings settings) {
        if (!healthy) {
            // A meter that is dead says nothing of the link.
            return false;
        }
        cut(now, settings);
        streak++;
        if (!down && streak >= settings.downAfter()) {
            down = true;
            return true;
        }
        return false;
    }

    private void cut(long now, Settings settings) {
        // One cut per round: what was under way at the cut says nothing of the link after it.
        if (now - cutAt >= Math.max(1000, 2 * roundTrip)) {
            cutAt = now;
            limit = Math.max(settings.zoneLeast(), limit * CUT);
            threshold = limit;
        }
    }

    /** The part of a batch that lies in this zone, from the first order nobody has come to yet. */
    static final class Part {
        final Batch batch;
        final int end;
        int next;

        Part(Batch batch, int next, int end) {
            this.batch = batch;
            this.next = next;
            this.end = end;
        }
    }
}
