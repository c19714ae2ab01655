// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

/** Baud rate identifications (IEC 62056-21, 6.3.2). */
final class Rates {
    private static final int[] RATES = {300, 600, 1200, 2400, 4800, 9600, 19200};

    private Rates() {}

    /** The rate of mode C ({@code 0}–{@code 6}) or B ({@code A}–{@code F}); 0 for another character, which means mode A. */
    static int baud(int identification) {
        if (identification >= '0' && identification <= '6') {
            return RATES[identification - '0'];
        }
        return identification >= 'A' && identification <= 'F' ? RATES[identification - 'A' + 1] : 0;
    }
}
