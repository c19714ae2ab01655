// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Ctrl-C and {@code kill}: the first asks for an orderly end, the second ends at once. Done with signal handlers rather
 * than a shutdown hook because a hook cannot make the exit code 0.
 */
final class Interrupts {
    private final CountDownLatch asked = new CountDownLatch(1);

    private Interrupts() {}

    static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        for (String name : new String[] {"INT", "TERM"}) {
            try {
                Signal.handle(new Signal(name), signal -> interrupts.ask());
            } catch (IllegalArgumentException e) {
                // The JVM was told to leave this signal alone (-Xrs); then it ends the process at once.
            }
        }
        return interrupts;
    }

    private void ask() {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(130);
        }
        asked.countDown();
    }

    /** Waits until somebody asks for the end. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the end was asked for within the time */
    boolean await(long ms) {
        try {
            return asked.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }
}
