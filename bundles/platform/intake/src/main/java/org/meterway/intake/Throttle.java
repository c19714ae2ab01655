// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets something happen at most once in a while. Thread-safe. */
final class Throttle {
    private final LongSupplier nanos;
    private final long everyNanos;
    private long nextNanos;

    Throttle(Duration every, LongSupplier nanos) {
        this.nanos = nanos;
        this.everyNanos = every.toNanos();
        this.nextNanos = nanos.getAsLong();
    }

    synchronized boolean allows() {
        long now = nanos.getAsLong();
        if (now - nextNanos < 0) {
            return false;
        }
        nextNanos = now + everyNanos;
        return true;
    }
}
