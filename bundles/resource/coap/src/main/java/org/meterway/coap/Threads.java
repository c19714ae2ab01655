// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names threads so that a thread dump says whose they are. */
final class Threads {
    private Threads() {}

    /** Daemon threads {@code meterway-NAME-1}, {@code -2} … */
    static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "meterway-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
