// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import org.jspecify.annotations.Nullable;

/** An order that the dispatcher has taken up and that has not ended. There is none for orders that nobody has come to yet. */
public final class Task extends IndexedHeap.Item {
    final Batch batch;
    final int position;
    final int meter;
    final int sequence;
    /** When it may be sent, ms since 1970. */
    long readyAt;

    long sentAt;
    /** The zone it was sent over; the meter may have moved since. */
    int sentOver;
    /** How often it was put off because the meter was not there. */
    int putOff;
    /** Goes before everything else of its zone: its meter is awake for a short time only. */
    boolean hurry;

    boolean parked;

    @Nullable
    Task nextParked;

    Task(Batch batch, int position, int meter, int sequence) {
        this.batch = batch;
        this.position = position;
        this.meter = meter;
        this.sequence = sequence;
    }

    public Batch batch() {
        return batch;
    }

    /** Which of the batch's orders it is. */
    public int position() {
        return position;
    }

    /** Index of the meter. */
    public int meter() {
        return meter;
    }

    public Job job() {
        return batch.job();
    }

    /** The earlier in this order the more urgent. */
    static int urgency(Task one, Task other) {
        if (one.hurry != other.hurry) {
            return one.hurry ? -1 : 1;
        }
        int byBatch = byUrgency(one.batch, other.batch);
        return byBatch != 0 ? byBatch : Integer.compare(one.sequence, other.sequence);
    }

    /** By priority, then deadline, then due time. */
    static int byUrgency(Batch one, Batch other) {
        if (one == other) {
            return 0;
        }
        int priority = Integer.compare(other.job().priority(), one.job().priority());
        if (priority != 0) {
            return priority;
        }
        int deadline = Long.compare(one.deadline(), other.deadline());
        return deadline != 0 ? deadline : Long.compare(one.due(), other.due());
    }
}
