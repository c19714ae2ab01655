// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Quality;

/**
 * Date-time of COSEM (IEC 62056-6-2, 4.1.6.1): twelve bytes, any of which may be unspecified. The deviation is what must be added
 * to the local time to have UTC; it contains daylight saving.
 */
final class DateTimes {
    /** A time the meter gave. */
    record MeterTime(Instant instant, int quality) {}

    private static final int UNSPECIFIED = 0xff;
    private static final int NO_YEAR = 0xffff;
    private static final int NO_DEVIATION = 0x8000;
    private static final int STATUS_INVALID = 1;
    private static final int STATUS_DOUBTFUL = 2;
    private static final int STATUS_INVALID_CLOCK = 8;
    private static final int STATUS_DAYLIGHT = 0x80;

    private DateTimes() {}

    /**
     * The time of these twelve bytes.
     *
     * @param in stands at the first byte; for offsets only
     * @return null if date or hour are unspecified
     */
    static @Nullable MeterTime read(Cursor in, ZoneId zone) throws FrameRejectedException {
        int start = in.at;
        byte[] b = in.take(12, "date-time");
        in.note(start, "date-time", () -> describe(b));
        return of(b, in.source, start, zone);
    }

    /** The time of twelve bytes that stand at {@code start} of a source. */
    static @Nullable MeterTime of(byte[] b, Source source, int start, ZoneId zone) throws FrameRejectedException {
        int year = (b[0] & 255) << 8 | b[1] & 255;
        int month = b[2] & 255;
        int day = b[3] & 255;
        int hour = b[5] & 255;
        check(source, start + 2, "month", month <= 12 && month > 0 || month >= 0xfd, month);
        check(source, start + 3, "day of month", day <= 31 && day > 0 || day >= 0xe0, day);
        check(source, start + 4, "day of week", (b[4] & 255) <= 7 || (b[4] & 255) == UNSPECIFIED, b[4] & 255);
        check(source, start + 5, "hour", hour < 24 || hour == UNSPECIFIED, hour);
        int minute = part(b, 6, 59, "minute", source, start);
        int second = part(b, 7, 59, "second", source, start);
        int hundredths = part(b, 8, 99, "hundredths", source, start);
        int deviation = (b[9] & 255) << 8 | b[10] & 255;
        int minutes = (short) deviation;
        check(source, start + 9, "deviation", deviation == NO_DEVIATION || Math.abs(minutes) <= 900, minutes);
        if (year == NO_YEAR || month >= 0xfd || day > 31 || hour == UNSPECIFIED) {
            return null;
        }
        LocalDateTime local;
        try {
            local = LocalDateTime.of(LocalDate.of(year, month, day), LocalTime.of(hour, minute, second))
                    .plusNanos(hundredths * 10_000_000L);
        } catch (DateTimeException impossible) {
            throw new FrameRejectedException(
                    "date-time", source.frameOffset(start), "there is no such day: " + describe(b));
        }
        int status = b[11] & 255;
        Instant instant = deviation == NO_DEVIATION
                ? inZone(local, status, zone)
                : local.toInstant(ZoneOffset.UTC).plusSeconds(minutes * 60L);
        return new MeterTime(instant, quality(status));
    }

    /** A local time without deviation: in the hour that comes twice the status says which of the two it is. */
    private static Instant inZone(LocalDateTime local, int status, ZoneId zone) {
        ZonedDateTime time = local.atZone(zone);
        boolean daylight = status != UNSPECIFIED && (status & STATUS_DAYLIGHT) != 0;
        return (daylight || status == UNSPECIFIED ? time.withEarlierOffsetAtOverlap() : time.withLaterOffsetAtOverlap())
                .toInstant();
    }

    private static int quality(int status) {
        if (status == UNSPECIFIED) {
            return 0;
        }
        int bad = STATUS_INVALID | STATUS_DOUBTFUL | STATUS_INVALID_CLOCK;
        return (status & bad) != 0 ? Quality.CLOCK_INVALID : 0;
    }

    private static int part(byte[] b, int at, int most, String name, Source source, int start)
            throws FrameRejectedException {
        int value = b[at] & 255;
        check(source, start + at, name, value <= most || value == UNSPECIFIED, value);
        return value == UNSPECIFIED ? 0 : value;
    }

    private static void check(Source source, int at, String name, boolean good, int value)
            throws FrameRejectedException {
        if (!good) {
            throw new FrameRejectedException(name, source.frameOffset(at), "there is no " + name + " " + value);
        }
    }

    /** For people; unspecified parts as question marks. */
    static String describe(byte[] b) {
        if (b.length != 12) {
            return "";
        }
        int year = (b[0] & 255) << 8 | b[1] & 255;
        int deviation = (b[9] & 255) << 8 | b[10] & 255;
        return (year == NO_YEAR ? "????" : String.format(Locale.ROOT, "%04d", year))
                + "-" + two(b[2]) + "-" + two(b[3]) + "T" + two(b[5]) + ":" + two(b[6]) + ":" + two(b[7])
                + (b[8] == -1 || b[8] == 0 ? "" : "." + two(b[8]))
                + (deviation == NO_DEVIATION ? ", no deviation" : ", deviation " + (short) deviation + " min")
                + ", status " + String.format(Locale.ROOT, "%02x", b[11] & 255);
    }

    private static String two(byte value) {
        int number = value & 255;
        return number > 99 ? "??" : String.format(Locale.ROOT, "%02d", number);
    }

    /** A time as a meter wants it: local time of the zone with deviation and daylight saving. */
    static byte[] encode(Instant instant, ZoneId zone) {
        ZonedDateTime time = instant.atZone(zone);
        int deviation = -time.getOffset().getTotalSeconds() / 60;
        boolean daylight = zone.getRules().isDaylightSavings(instant);
        return new byte[] {
            (byte) (time.getYear() >> 8),
            (byte) time.getYear(),
            (byte) time.getMonthValue(),
            (byte) time.getDayOfMonth(),
            (byte) time.getDayOfWeek().getValue(),
            (byte) time.getHour(),
            (byte) time.getMinute(),
            (byte) time.getSecond(),
            (byte) (time.getNano() / 10_000_000),
            (byte) (deviation >> 8),
            (byte) deviation,
            (byte) (daylight ? STATUS_DAYLIGHT : 0)
        };
    }
}
