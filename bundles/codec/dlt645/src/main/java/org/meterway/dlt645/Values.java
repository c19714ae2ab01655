// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import org.meterway.api.codec.FrameRejectedException;

/** Reads single items from data bytes. Everything is sent low byte first (2007: 5.2.6). */
final class Values {
    private static final int NO_DATA = 0xFF;
    private static final int NO_DATA_TOO = 0xEE;

    private Values() {}

    /** Whether the meter says that it has no value: all bytes FF, or EE. */
    static boolean absent(Run run, int from, int bytes) {
        return run.filled(from, bytes, NO_DATA) || run.filled(from, bytes, NO_DATA_TOO);
    }

    /** Whether all digits are decimal; the top bit of a signed number does not count. */
    static boolean decimal(Run run, int from, Format format) {
        return firstWrong(run, from, format) < 0;
    }

    private static int firstWrong(Run run, int from, Format format) {
        for (int i = 0; i < format.bytes(); i++) {
            int value = digits(run, from, i, format);
            if ((value & 0xF) > 9 || value >>> 4 > 9) {
                return i;
            }
        }
        return -1;
    }

    private static int digits(Run run, int from, int i, Format format) {
        int value = run.at(from + i);
        return format.signed() && i == format.bytes() - 1 ? value & 0x7F : value;
    }

    /** A number in BCD. */
    static BigDecimal number(Run run, int from, Format format, String name) throws FrameRejectedException {
        return BigDecimal.valueOf(digits(run, from, format, name), format.decimals());
    }

    /** The digits of a number in BCD with its sign, the point left out. */
    static long digits(Run run, int from, Format format, String name) throws FrameRejectedException {
        int wrong = firstWrong(run, from, format);
        if (wrong >= 0) {
            throw run.rejected(
                    name,
                    from + wrong,
                    "byte " + LinkFrame.hex(run.at(from + wrong)) + " is not BCD in " + format.text());
        }
        long number = 0;
        for (int i = format.bytes() - 1; i >= 0; i--) {
            int value = digits(run, from, i, format);
            number = number * 100 + (value >>> 4) * 10 + (value & 0xF);
        }
        boolean negative = format.signed() && (run.at(from + format.bytes() - 1) & 0x80) != 0;
        return negative ? -number : number;
    }

    /** Whether a time is none: nothing has happened yet. */
    static boolean noTime(Run run, int from, int bytes) {
        return run.filled(from, bytes, 0) || absent(run, from, bytes);
    }

    /**
     * A time's parts as people write them.
     *
     * @throws FrameRejectedException if there is no such day or time
     */
    static String time(Run run, int from, Format format, String name) throws FrameRejectedException {
        String parts = format.text();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.bytes(); i++) {
            String part = parts.substring(2 * i, 2 * i + 2);
            int at = from + format.bytes() - 1 - i;
            int value = part(run, at, part, name);
            text.append(
                    switch (part) {
                        case "YY" -> "20";
                        case "MM" -> i == 0 ? "" : "-";
                        case "DD" -> i == 0 ? "day " : "-";
                        case "WW" -> " weekday ";
                        case "hh" -> i == 0 ? "" : parts.charAt(2 * i - 2) == 'W' ? " " : "T";
                        default -> ":";
                    });
            text.append(part.equals("WW") ? String.valueOf(value) : String.format("%02d", value));
        }
        if (parts.contains("YYMMDD")) {
            date(run, from, format, name);
        }
        return text.toString();
    }

    private static int part(Run run, int at, String part, String name) throws FrameRejectedException {
        int value = run.at(at);
        int number = (value >>> 4) * 10 + (value & 0xF);
        int lowest = part.equals("MM") || part.equals("DD") ? 1 : 0;
        int highest =
                switch (part) {
                    case "YY" -> 99;
                    case "MM" -> 12;
                    case "DD" -> 31;
                    case "WW" -> 7;
                    case "hh" -> 23;
                    default -> 59;
                };
        if ((value & 0xF) > 9 || value >>> 4 > 9 || number < lowest || number > highest) {
            throw run.rejected(
                    name, at, "byte " + LinkFrame.hex(value) + " is no " + part + " (" + lowest + "–" + highest + ")");
        }
        return number;
    }

    private static LocalDate date(Run run, int from, Format format, String name) throws FrameRejectedException {
        int at = from + format.bytes() - 1 - format.text().indexOf("YY") / 2;
        int year = 2000 + part(run, at, "YY", name);
        int month = part(run, at - 1, "MM", name);
        int day = part(run, at - 2, "DD", name);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException noSuchDay) {
            throw run.rejected(name, at - 2, "there is no " + String.format("%d-%02d-%02d", year, month, day));
        }
    }

    /** A date and time in the meter's zone; empty if it is none. */
    static Optional<LocalDateTime> dateTime(Run run, int from, Format format, String name)
            throws FrameRejectedException {
        if (noTime(run, from, format.bytes())) {
            return Optional.empty();
        }
        LocalDate date = date(run, from, format, name);
        int hours = from + format.bytes() - 1 - format.text().indexOf("hh") / 2;
        int seconds = format.text().endsWith("ss") ? part(run, from, "ss", name) : 0;
        return Optional.of(LocalDateTime.of(
                date, LocalTime.of(part(run, hours, "hh", name), part(run, hours - 1, "mm", name), seconds)));
    }

    /** Characters, sent last first; what is not printable is left out at the ends and shown as a question mark within. */
    static String ascii(Run run, int from, int bytes) {
        StringBuilder text = new StringBuilder(bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            int c = run.at(from + i);
            text.append(c == 0 || c == NO_DATA ? ' ' : c >= 0x20 && c < 0x7F ? (char) c : '?');
        }
        return text.toString().strip();
    }
}
