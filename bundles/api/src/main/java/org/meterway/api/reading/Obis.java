// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OBIS code A-B:C.D.E*F (IEC 62056-6-1), the name of a quantity. A code without F means F = 255.
 *
 * @param a medium, 0–255 (1 = electricity)
 * @param b channel, 0–255
 * @param c physical quantity, 0–255
 * @param d processing, 0–255
 * @param e tariff or further classification, 0–255
 * @param f billing period, 0–255; 255 = current or not used
 */
public record Obis(int a, int b, int c, int d, int e, int f) implements Comparable<Obis> {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})-(\\d{1,3}):(\\d{1,3})\\.(\\d{1,3})(?:\\.(\\d{1,3}))?(?:[*&.](\\d{1,3}))?");

    public Obis {
        group("A", a);
        group("B", b);
        group("C", c);
        group("D", d);
        group("E", e);
        group("F", f);
    }

    /**
     * Parses {@code A-B:C.D.E} or {@code A-B:C.D.E*F}; E may be missing and is then 255.
     *
     * @throws IllegalArgumentException if the text is no OBIS code
     */
    public static Obis parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an OBIS code (A-B:C.D.E or A-B:C.D.E*F): '" + text + "'");
        }
        return new Obis(
                number(matcher, 1),
                number(matcher, 2),
                number(matcher, 3),
                number(matcher, 4),
                number(matcher, 5),
                number(matcher, 6));
    }

    /** Whether the text has the form of an OBIS code with groups in range. */
    public static boolean isObis(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException notObis) {
            return false;
        }
    }

    private static int number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 255 : Integer.parseInt(matcher.group(group));
    }

    private static void group(String name, int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("OBIS group " + name + " must be 0–255, was " + value);
        }
    }

    /** The six groups as one number, for compact keys: A in the highest byte. */
    public long toLong() {
        return ((long) a << 40) | ((long) b << 32) | ((long) c << 24) | (d << 16) | (e << 8) | f;
    }

    /** The code of a number made by {@link #toLong()}. */
    public static Obis fromLong(long packed) {
        return new Obis(
                (int) (packed >> 40) & 255,
                (int) (packed >> 32) & 255,
                (int) (packed >> 24) & 255,
                (int) (packed >> 16) & 255,
                (int) (packed >> 8) & 255,
                (int) packed & 255);
    }

    @Override
    public int compareTo(Obis other) {
        return Long.compare(toLong(), other.toLong());
    }

    /** {@code A-B:C.D.E}, with {@code *F} only when F is not 255. */
    @Override
    public String toString() {
        return a + "-" + b + ":" + c + "." + d + "." + e + (f == 255 ? "" : "*" + f);
    }
}
