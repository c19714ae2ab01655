// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Says in the log what devices did wrong, a few lines of each kind in a while however many there are. Thread-safe. */
final class Complaints {
    private static final long WINDOW_MILLISECONDS = 10_000;
    private static final int PER_WINDOW = 5;
    private static final int LONGEST = 300;

    private final Logger log;
    private final Clock clock;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    Complaints(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * @param kind one of few fixed words
     * @param who where it came from
     * @param reason what is wrong, in words that may be the device's
     */
    void say(String kind, Object who, String reason) {
        Window window = windows.computeIfAbsent(kind, absent -> new Window());
        long left = window.admit(clock.millis());
        if (left < 0) {
            return;
        }
        if (left > 0) {
            log.warn("{} from {}: {} (and {} more like it before)", kind, who, printable(reason), left);
        } else {
            log.warn("{} from {}: {}", kind, who, printable(reason));
        }
    }

    /** Without what could forge a line or move a terminal's cursor. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(safe::appendCodePoint);
        return safe.toString();
    }

    private static final class Window {
        private long start = Long.MIN_VALUE / 2;
        private int admitted;
        private long left;

        /** How many were left out before this one; −1 if this one is left out. */
        synchronized long admit(long now) {
            if (now - start >= WINDOW_MILLISECONDS) {
                start = now;
                admitted = 0;
            }
            if (admitted == PER_WINDOW) {
                left++;
                return -1;
            }
            admitted++;
            long before = left;
            left = 0;
            return before;
        }
    }
}
