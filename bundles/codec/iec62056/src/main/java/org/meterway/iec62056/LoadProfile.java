// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;

/**
 * A load profile as one data set: {@code P.01(time)(status)(minutes)(channels)(code)(unit)…} and a row of values for each interval
 * (IEC 62056-21 in the form of the German specification VDEW 2.1, and DSMR P1 2.2 to 3.0, 0-n:24.3.0). The time is the first row's:
 * of averages and demands the end of their interval.
 */
final class LoadProfile {
    private static final int MOST_CHANNELS = 64;
    private static final int HEADER = 4;

    private LoadProfile() {}

    static void read(DataSet set, String name, ReadingSink sink) throws FrameRejectedException {
        if (set.count() < HEADER) {
            // The request repeated, or an empty profile: P.01() or P.01(ERROR).
            return;
        }
        Text text = set.text();
        Instant stamp = Clock.stamp(set, 0, sink.zone());
        if (stamp == null) {
            if (!Stamp.isStamp(set.value(0)) && !set.value(0).isEmpty()) {
                throw text.rejected(
                        name + " (time)", set.offset(0), "expected a date and time, was '" + shown(set, 0) + "'");
            }
            sink.unnamed(name);
            return;
        }
        int quality = quality(set, name);
        int minutes = whole(set, 2, name + " (registration period)", 0, 1440);
        int channels = whole(set, 3, name + " (number of channels)", 1, MOST_CHANNELS);
        int rows = HEADER + 2 * channels;
        if (set.count() < rows) {
            throw text.rejected(
                    name + " (channels)",
                    set.offset(3),
                    "says " + channels + " channels, only " + (set.count() - HEADER) + " values follow for their codes"
                            + " and units");
        }
        if ((set.count() - rows) % channels != 0) {
            throw text.rejected(
                    name + " (row)",
                    set.offset(set.count() - 1),
                    "the last row has " + (set.count() - rows) % channels + " of " + channels + " values");
        }
        Channel[] known = new Channel[channels];
        for (int i = 0; i < channels; i++) {
            known[i] = channel(set, HEADER + 2 * i, sink);
        }
        Duration period = Duration.ofMinutes(minutes);
        for (int i = rows; i < set.count(); i++) {
            Channel channel = known[(i - rows) % channels];
            Instant at = stamp.plus(period.multipliedBy((i - rows) / channels));
            BigDecimal number = channel == null ? null : Interpreter.number(set, i, true);
            if (channel != null && number != null) {
                sink.add(
                        channel.obis,
                        channel.unit.base(),
                        number.multiply(channel.unit.factor()),
                        Interpreter.start(channel.obis, at, period),
                        period.isZero() ? null : period,
                        quality,
                        text,
                        set.offset(i));
            }
        }
    }

    private record Channel(Obis obis, Units.Written unit) {}

    private static @Nullable Channel channel(DataSet set, int group, ReadingSink sink) {
        Address address = Address.parse(set.content(group).trim());
        Units.Written unit = Units.of(set.content(group + 1).trim());
        if (address == null || unit == null) {
            sink.unnamed(shown(set, group) + " " + shown(set, group + 1));
            return null;
        }
        return new Channel(address.obis(unit.base()), unit);
    }

    /** The profile's status: 1 fatal error, 2 clock invalid, 4 value disturbed, 64 power back, 128 power lost. */
    private static int quality(DataSet set, String name) throws FrameRejectedException {
        String text = set.value(1);
        int status = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.length() > 8) {
                throw set.text()
                        .rejected(
                                name + " (status)",
                                set.offset(1),
                                "expected up to 8 hexadecimal digits, was '" + shown(set, 1) + "'");
            }
            status = status << 4 | digit;
        }
        return ((status & 0x05) != 0 ? Quality.SUSPECT : 0)
                | ((status & 0x02) != 0 ? Quality.CLOCK_INVALID : 0)
                | ((status & 0xc0) != 0 ? Quality.POWER_FAIL : 0);
    }

    private static int whole(DataSet set, int group, String field, int least, int most) throws FrameRejectedException {
        String text = set.value(group);
        int value = -1;
        if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            value = Integer.parseInt(text);
        }
        if (value < least || value > most) {
            throw set.text()
                    .rejected(
                            field,
                            set.offset(group),
                            "expected " + least + " to " + most + ", was '" + shown(set, group) + "'");
        }
        return value;
    }

    private static String shown(DataSet set, int group) {
        return set.text().shown(set.offset(group), Math.min(set.valueEnd(group), set.offset(group) + 24));
    }
}
