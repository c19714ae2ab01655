// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as meters send it (EN 13757-3, annex A, types F, G, I and J).
 *
 * @param text for people
 * @param local date and time; null if it says that it is not valid, or repeats ("every month")
 * @param timed whether it has a time of day
 * @param summer whether it says that it is daylight saving time
 */
record MeterTime(String text, @Nullable LocalDateTime local, boolean timed, boolean summer) {
    private static final int EVERY_YEAR = 127;
    private static final int EVERY_MONTH = 15;
    private static final int EVERY_HOUR = 31;
    private static final int EVERY_MINUTE = 63;

    /** Whether the bytes are as long as one of the types. */
    static boolean isLength(int length) {
        return length == 2 || length == 3 || length == 4 || length == 6;
    }

    /**
     * Reads a time; the length says which type.
     *
     * @throws DateTimeException if there is no such day or time, saying which
     */
    static MeterTime read(byte[] bytes, int offset, int length) {
        int[] b = new int[length];
        boolean allOnes = true;
        for (int i = 0; i < length; i++) {
            b[i] = bytes[offset + i] & 0xff;
            allOnes &= b[i] == 0xff;
        }
        if (allOnes) {
            return new MeterTime("not valid (all ones)", null, length != 2, false);
        }
        return switch (length) {
            case 2 -> of(b[0], b[1], 0, null, false);
            case 3 -> timeOfDay(b);
            case 4 ->
                (b[0] & 0x80) != 0
                        ? new MeterTime("not valid (IV set)", null, true, false)
                        : of(b[2], b[3], b[1] >> 5 & 3, new int[] {b[1] & 0x1f, b[0] & 0x3f, 0}, (b[1] & 0x80) != 0);
            default ->
                (b[1] & 0x80) != 0
                        ? new MeterTime("not valid (IV set)", null, true, false)
                        : of(b[3], b[4], 0, new int[] {b[2] & 0x1f, b[1] & 0x3f, b[0] & 0x3f}, (b[0] & 0x40) != 0);
        };
    }

    private static MeterTime timeOfDay(int[] b) {
        int[] time = {b[2] & 0x1f, b[1] & 0x3f, b[0] & 0x3f};
        String text = two(time[0], EVERY_HOUR) + ":" + two(time[1], EVERY_MINUTE) + ":" + two(time[2], EVERY_MINUTE);
        if (time[0] != EVERY_HOUR && time[1] != EVERY_MINUTE && time[2] != EVERY_MINUTE) {
            LocalTime.of(time[0], time[1], time[2]);
        }
        return new MeterTime(text, null, true, false);
    }

    /**
     * @param low day and the year's lower bits
     * @param high month and the year's upper bits
     * @param hundreds the hundred-year bits of type F
     */
    private static MeterTime of(int low, int high, int hundreds, int @Nullable [] time, boolean summer) {
        int day = low & 0x1f;
        int month = high & 0x0f;
        int year = low >> 5 | high >> 1 & 0x78;
        if (year > 99 && year != EVERY_YEAR) {
            throw new DateTimeException("year " + year + ", expected 0–99, or 127 for every year");
        }
        if (month > 12 && month != EVERY_MONTH) {
            throw new DateTimeException("month " + month + ", expected 1–12, or 15 for every month");
        }
        // Meters from before 2000 leave the hundreds 0 and mean 1981–2080 (EN 13757-3, type F).
        int full = hundreds != 0 ? 1900 + 100 * hundreds + year : year <= 80 ? 2000 + year : 1900 + year;
        boolean unset = day == 0 && month == 0;
        boolean repeats = year == EVERY_YEAR || month == EVERY_MONTH || day == 0;
        String date = (year == EVERY_YEAR ? "****" : Integer.toString(full)) + "-" + two(month, EVERY_MONTH) + "-"
                + (day == 0 && !unset ? "**" : two(day, -1));
        String text = date;
        if (time != null) {
            repeats |= time[0] == EVERY_HOUR || time[1] == EVERY_MINUTE;
            text += "T" + two(time[0], EVERY_HOUR) + ":" + two(time[1], EVERY_MINUTE) + ":" + two(time[2], EVERY_MINUTE)
                    + (summer ? " summer time" : "");
        }
        if (unset) {
            return new MeterTime(text + " (not set)", null, time != null, summer);
        }
        if (repeats) {
            return new MeterTime(text + " (repeating)", null, time != null, summer);
        }
        LocalDate on = LocalDate.of(full, month, day);
        LocalTime at = time == null ? LocalTime.MIDNIGHT : LocalTime.of(time[0], time[1], time[2]);
        return new MeterTime(text, LocalDateTime.of(on, at), time != null, summer);
    }

    private static String two(int number, int wildcard) {
        return number == wildcard ? "**" : number < 10 ? "0" + number : Integer.toString(number);
    }

    /** The instant of a valid time: by its daylight saving flag where the zone knows daylight saving time. */
    @Nullable
    Instant instant(ZoneId zone) {
        LocalDateTime when = local;
        if (when == null) {
            return null;
        }
        ZoneRules rules = zone.getRules();
        if (!timed || rules.isFixedOffset()) {
            return when.atZone(zone).toInstant();
        }
        ZoneOffset standard = rules.getStandardOffset(when.atZone(zone).toInstant());
        return when.toInstant(standard).minusSeconds(summer ? 3600 : 0);
    }
}
