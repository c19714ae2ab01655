// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.Arrays;
import org.meterway.api.order.OrderState;

/**
 * All orders of one job for one due time, as arrays: nine bytes an order, beside the list of meters that the batches of a plan share.
 * Used by the thread of the dispatcher only.
 */
public final class Batch {
    private final Job job;
    private final long due;
    private final long deadline;
    private final long expires;
    private final Members members;
    private final byte[] states;
    private final byte[] attempts;
    private final short[] reasons;
    private final int[] endedAfterMillis;
    private final int[] counts = new int[OrderState.values().length];
    private int open;
    private long sent;
    private long endedAt = -1;

    /**
     * @param due when the work became due; all times are milliseconds since 1970 in UTC
     * @param deadline by when it has to be done to be in time
     * @param expires when it is given up
     */
    public Batch(Job job, long due, long deadline, long expires, Members members) {
        this.job = job;
        this.due = due;
        this.deadline = deadline;
        this.expires = expires;
        this.members = members;
        this.states = new byte[members.size()];
        this.attempts = new byte[members.size()];
        this.reasons = new short[members.size()];
        this.endedAfterMillis = new int[members.size()];
        this.open = members.size();
        counts[State.DUE] = members.size();
    }

    public Job job() {
        return job;
    }

    public long due() {
        return due;
    }

    public long deadline() {
        return deadline;
    }

    public long expires() {
        return expires;
    }

    public Members members() {
        return members;
    }

    public int size() {
        return states.length;
    }

    public OrderState state(int position) {
        return State.of(states[position]);
    }

    public int attempts(int position) {
        return attempts[position] & 0xff;
    }

    /** When an order ended; meaningless before. */
    public long endedAt(int position) {
        return due + endedAfterMillis[position];
    }

    /** Number of the reason, see {@link Reasons}. */
    short reason(int position) {
        return reasons[position];
    }

    /** How many orders are in a state. */
    public int count(OrderState state) {
        return counts[state.ordinal()];
    }

    /** How many orders have not ended. */
    public int open() {
        return open;
    }

    /** How many commands were sent. */
    public long sent() {
        return sent;
    }

    /** When the last order ended, or −1. */
    public long endedAt() {
        return endedAt;
    }

    /** Bytes of heap, without the list of meters. */
    public long bytes() {
        return 200 + 8L * states.length;
    }

    byte rawState(int position) {
        return states[position];
    }

    /** What is known of an order from before a restart. */
    public void restore(int position, OrderState state, int attemptsBefore, long endedMillis, short reason) {
        attempts[position] = (byte) Math.min(255, attemptsBefore);
        set(position, state, reason, endedMillis);
    }

    void countAttempt(int position) {
        if (attempts[position] != -1) {
            attempts[position]++;
        }
    }

    void takeBackAttempt(int position) {
        if (attempts[position] != 0) {
            attempts[position]--;
        }
    }

    void countSent() {
        sent++;
    }

    void set(int position, OrderState state, short reason, long now) {
        byte before = states[position];
        byte after = State.of(state);
        counts[before]--;
        counts[after]++;
        states[position] = after;
        reasons[position] = reason;
        if (State.ended(after) && !State.ended(before)) {
            endedAfterMillis[position] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, now - due));
            open--;
            endedAt = Math.max(endedAt, now);
        }
    }

    @Override
    public String toString() {
        return job.plan() + " due " + due + " " + Arrays.toString(counts);
    }
}
