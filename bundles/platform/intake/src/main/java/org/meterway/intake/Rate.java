// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.function.LongSupplier;

/** Events per second over the last ten full seconds. Thread-safe. */
final class Rate {
    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final LongSupplier nanos;
    private final long startNanos;
    /** One count for each of the last ten full seconds and one for the running one. */
    private final long[] counts = new long[SECONDS + 1];

    private long second;

    Rate(LongSupplier nanos) {
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    synchronized void add(long events) {
        advance();
        counts[(int) (second % counts.length)] += events;
    }

    synchronized double perSecond() {
        advance();
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        long running = counts[(int) (second % counts.length)];
        return second == 0 ? running : (double) (sum - running) / Math.min(second, SECONDS);
    }

    private void advance() {
        long now = (nanos.getAsLong() - startNanos) / SECOND_NANOS;
        for (long next = Math.max(second + 1, now - counts.length + 1); next <= now; next++) {
            counts[(int) (next % counts.length)] = 0;
        }
        second = Math.max(second, now);
    }
}
