// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Unit;

/**
 * The identification code of a data set: an OBIS code, mostly in reduced form (IEC 62056-6-1, annex A): {@code C.D}, {@code C.D.E},
 * {@code A-B:C.D.E*F}, {@code C.D.E*F} or, after a manual reset, {@code C.D.E&F}.
 *
 * @param a medium, −1 if not written
 * @param b channel, −1 if not written
 * @param c quantity
 * @param d processing
 * @param e tariff, −1 if not written
 * @param f billing period, 255 if not written
 */
record Address(int a, int b, int c, int d, int e, int f) {
    private static final int LONGEST = 32;

    /** Reads a code; null if the text has another form, as the letter codes {@code F.F} and {@code C.1} do. */
    static @Nullable Address parse(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        int[] groups = {-1, -1, -1, -1, -1, 255};
        int at = 0;
        int colon = text.indexOf(':');
        if (colon >= 0) {
            int hyphen = text.indexOf('-');
            if (hyphen < 1 || hyphen > colon) {
                return null;
            }
            groups[0] = number(text, 0, hyphen);
            groups[1] = number(text, hyphen + 1, colon);
            if (groups[0] < 0 || groups[1] < 0) {
                return null;
            }
            at = colon + 1;
        }
        int group = 2;
        while (at <= text.length()) {
            int end = at;
            while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
                end++;
            }
            groups[group] = number(text, at, end);
            if (groups[group] < 0) {
                return null;
            }
            if (end == text.length()) {
                return group >= 3
                        ? new Address(groups[0], groups[1], groups[2], groups[3], groups[4], groups[5])
                        : null;
            }
            char separator = text.charAt(end);
            if (group == 5 || (separator == '.' ? group > 4 : group < 3 || (separator != '*' && separator != '&'))) {
                return null;
            }
            group = separator == '.' ? group + 1 : 5;
            at = end + 1;
        }
        return null;
    }

    /** The same register at present: without billing period. */
    Address current() {
        return f == 255 ? this : new Address(a, b, c, d, e, 255);
    }

    private static int number(String text, int from, int to) {
        if (to <= from || to - from > 3) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > 255 ? -1 : value;
    }

    /** Whether C, D and E are these, whatever the medium. */
    boolean is(int wantedC, int wantedD, int wantedE) {
        return c == wantedC && d == wantedD && e == wantedE;
    }

    /**
     * The full code. A reduced one leaves out the medium, which the unit tells: electricity, else heat where old heat meters have
     * their codes (6.8 energy, 6.26 volume), else none.
     */
    Obis obis(@Nullable Unit unit) {
        boolean electrical = unit == null || Units.electrical(unit);
        int medium = a >= 0 ? a : c == 6 && e < 0 && (unit == null || !varUnit(unit)) ? 6 : electrical ? 1 : 0;
        return new Obis(medium, Math.max(b, 0), c, d, e >= 0 ? e : medium == 1 ? 0 : 255, f);
    }

    private static boolean varUnit(Unit unit) {
        return unit == Unit.VAR_HOUR || unit == Unit.VAR;
    }
}
