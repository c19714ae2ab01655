// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.PrintWriter;

/** One live line: written over itself on a terminal, and every five seconds elsewhere. */
final class ProgressLine {
    private static final long QUIET_NS = 5_000_000_000L;
    private static final int BAR = 20;

    private final PrintWriter out;
    private final boolean live;
    private int width;
    private long lastNs = System.nanoTime() - QUIET_NS;

    ProgressLine(PrintWriter out) {
        this(out, System.console() != null);
    }

    ProgressLine(PrintWriter out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** How long to wait between two lines; there is no use in asking more often. */
    long intervalMs() {
        return 250;
    }

    void show(String line) {
        if (live) {
            int padding = Math.max(0, width - line.length());
            out.print("\r" + line + " ".repeat(padding));
            width = line.length();
        } else if (System.nanoTime() - lastNs >= QUIET_NS) {
            lastNs = System.nanoTime();
            out.println(line);
        }
        out.flush();
    }

    /** Ends the line; the last state of it stays on the screen. */
    void end(String line) {
        lastNs = System.nanoTime() - QUIET_NS;
        show(line);
        if (live) {
            out.println();
            out.flush();
        }
    }

    static String bar(double percent) {
        int full = (int) Math.round(Math.max(0, Math.min(100, percent)) * BAR / 100);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }
}
