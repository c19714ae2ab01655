// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * A meter's local date and time and what it says of daylight saving. Forms: {@code YYMMDDhhmm[ss]} with {@code S} or {@code W} behind
 * (DSMR P1 5.0.2, 6.4) or the season digit 0 (normal), 1 (daylight saving), 2 (UTC) before; {@code [YY]YY-MM-DD hh:mm[:ss]}.
 *
 * @param local as the meter shows it
 * @param season {@code S} daylight saving, {@code W} not, as P1 says it; {@code s}, {@code w} the same as a season digit; {@code U}
 *     UTC; 0 not said
 */
record Stamp(LocalDateTime local, char season) {
    private static final ZoneOffset CENTRAL_EUROPEAN = ZoneOffset.ofHours(1);
    private static final ZoneOffset CENTRAL_EUROPEAN_SUMMER = ZoneOffset.ofHours(2);

    /** Whether a text has the form of a date and time, possible or not. */
    static boolean isStamp(String text) {
        return !digits(text).isEmpty();
    }

    /**
     * Reads a text for which {@link #isStamp} holds.
     *
     * @return null for the values that mean "no time": zeros, and the undefined time of an M-Bus meter that never reported
     * @throws DateTimeException if there is no such date or time
     */
    static @Nullable Stamp parse(String text) {
        String digits = digits(text);
        char last = digits.charAt(digits.length() - 1);
        char season = last == 'S' || last == 'W' ? last : 0;
        if (season != 0) {
            digits = digits.substring(0, digits.length() - 1);
        }
        if (isNoTime(digits)) {
            return null;
        }
        if (digits.length() % 2 != 0) {
            season = switch (digits.charAt(0)) {
                case '0' -> 'w';
                case '1' -> 's';
                case '2' -> 'U';
                default -> throw new DateTimeException("season " + digits.charAt(0) + " is none of 0, 1, 2");
            };
            digits = digits.substring(1);
        }
        int at = digits.length() == 14 ? 4 : 2;
        int year = Integer.parseInt(digits, 0, at, 10) + (at == 2 ? 2000 : 0);
        LocalDate date = LocalDate.of(year, two(digits, at), two(digits, at + 2));
        return new Stamp(time(date, digits.substring(at + 4)), season);
    }

    /** A date and a time of day sent apart: 0.9.2 and 0.9.1, each with or without season digit and separators. */
    static Stamp parse(String date, String time) {
        String day = plain(date);
        String clock = plain(time);
        char season = 0;
        if (day.length() == 7) {
            day = day.substring(1);
        }
        if (clock.length() == 7 || clock.length() == 5) {
            season = clock.charAt(0) == '1' ? 's' : clock.charAt(0) == '2' ? 'U' : 'w';
            clock = clock.substring(1);
        }
        if ((day.length() != 6 && day.length() != 8) || (clock.length() != 4 && clock.length() != 6)) {
            throw new DateTimeException("expected YYMMDD and hhmmss");
        }
        int at = day.length() - 4;
        int year = Integer.parseInt(day, 0, at, 10) + (at == 2 ? 2000 : 0);
        return new Stamp(time(LocalDate.of(year, two(day, at), two(day, at + 2)), clock), season);
    }

    private static LocalDateTime time(LocalDate date, String clock) {
        int hour = two(clock, 0);
        int minute = two(clock, 2);
        int second = clock.length() > 4 ? two(clock, 4) : 0;
        // Midnight at the end of a day is written 24:00 by some meters' load profiles.
        return hour == 24 && minute == 0 && second == 0
                ? date.plusDays(1).atStartOfDay()
                : date.atTime(hour, minute, second);
    }

    /**
     * The instant. What the meter says of daylight saving wins over the zone's rules, so that the repeated hour in autumn is
     * unambiguous; without a word the earlier of two instants is taken. Where the zone knows no daylight saving, as UTC when nobody
     * gave the meter's, P1's letters mean Central European Time, the only one that P1 meters are built for.
     */
    Instant instant(ZoneId zone) {
        if (season == 'U') {
            return local.toInstant(ZoneOffset.UTC);
        }
        ZoneRules rules = zone.getRules();
        if (rules.isFixedOffset() && (season == 'S' || season == 'W')) {
            return local.toInstant(season == 'S' ? CENTRAL_EUROPEAN_SUMMER : CENTRAL_EUROPEAN);
        }
        if (season == 0 || rules.isFixedOffset()) {
            return local.atZone(zone).toInstant();
        }
        Instant normal = local.toInstant(rules.getStandardOffset(local.toInstant(ZoneOffset.UTC)));
        return season == 'S' || season == 's' ? normal.minusSeconds(3600) : normal;
    }

    /** The digits of a date and time in order with S or W behind; empty if the text is none. */
    private static String digits(String text) {
        int length = text.length();
        if (length >= 14 && length <= 20 && (text.charAt(2) == '-' || text.charAt(4) == '-')) {
            return separated(text);
        }
        if (length < 10 || length > 15) {
            return "";
        }
        char last = text.charAt(length - 1);
        boolean season = last == 'S' || last == 'W';
        int count = season ? length - 1 : length;
        for (int i = 0; i < count; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return "";
            }
        }
        boolean known = season ? count % 2 == 0 && count <= 14 : count <= 14;
        return known ? text : "";
    }

    private static String separated(String text) {
        StringBuilder digits = new StringBuilder(14);
        int colons = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if (c == ':') {
                colons++;
            } else if (c != '-' && c != ' ' && c != ',' && c != 'T') {
                return "";
            }
        }
        int count = digits.length();
        return colons > 0 && count % 2 == 0 && count >= 10 && count <= 14 ? digits.toString() : "";
    }

    private static boolean isNoTime(String digits) {
        boolean zero = true;
        for (int i = 0; i < digits.length(); i++) {
            zero &= digits.charAt(i) == '0';
        }
        // All bits set in the meter's packed date: year 63, the rest 25.
        return zero || digits.startsWith("6325252525");
    }

    private static String plain(String text) {
        StringBuilder digits = new StringBuilder(8);
        for (int i = 0; i < text.length() && i < 20; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if ("-:./ ".indexOf(c) < 0) {
                throw new DateTimeException("character '" + (c < ' ' ? '.' : c) + "' in a date or time");
            }
        }
        return digits.toString();
    }

    private static int two(String digits, int at) {
        return Integer.parseInt(digits, at, at + 2, 10);
    }
}
