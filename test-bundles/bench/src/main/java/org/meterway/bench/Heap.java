// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

/** How much heap is in use by what lives. */
final class Heap {
    private Heap() {}

    /** Bytes live after collections until the figure stands still. */
    static long live() {
        Runtime runtime = Runtime.getRuntime();
        long last = Long.MAX_VALUE;
        while (true) {
            System.gc();
            long now = runtime.totalMemory() - runtime.freeMemory();
            if (now >= last - 100_000) {
                return Math.min(now, last);
            }
            last = now;
        }
    }
}
