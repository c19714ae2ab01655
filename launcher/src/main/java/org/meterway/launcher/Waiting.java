// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says how long something takes that says nothing itself; silent in the first second. Ends when closed. */
final class Waiting implements AutoCloseable {
    private final ProgressLine line;
    private final String what;
    private final long begunNs = System.nanoTime();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "meterway-waiting");
        thread.setDaemon(true);
        return thread;
    });
    private boolean shown;

    Waiting(PrintWriter out, String what) {
        this.line = new ProgressLine(out);
        this.what = what;
        ticks.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private synchronized void tick() {
        if (ticks.isShutdown()) {
            return;
        }
        shown = true;
        line.show(text());
    }

    private String text() {
        return what + ": " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNs) + " s";
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        synchronized (this) {
            if (shown) {
                line.end(text());
            }
        }
    }
}
