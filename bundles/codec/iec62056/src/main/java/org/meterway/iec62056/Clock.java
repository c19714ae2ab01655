// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/**
 * The meter's clock as a message says it: 0-0:1.0.0 (P1), or 0.9.1 time and 0.9.2 date, or 0.9.4 both; and when its billing periods
 * ended, 0.1.2*NN. These may stand behind the values they belong to, so that a message is looked through for them first.
 */
final class Clock implements DataSet.Visitor {
    private final ZoneId zone;
    private final Map<Integer, Instant> periodEnds = new HashMap<>();
    private @Nullable Instant now;
    private String time = "";
    private String date = "";
    private int dateOffset;

    Clock(ZoneId zone) {
        this.zone = zone;
    }

    /** Finds the clock of a block. */
    static Clock of(Text text, int from, int to, ZoneId zone) throws FrameRejectedException {
        Clock clock = new Clock(zone);
        DataSet.each(text, from, to, clock);
        if (clock.now == null && !clock.time.isEmpty() && !clock.date.isEmpty()) {
            try {
                clock.now = Stamp.parse(clock.date, clock.time).instant(zone);
            } catch (DateTimeException impossible) {
                throw text.rejected(
                        "0.9.2 (date)",
                        clock.dateOffset,
                        "there is no date and time '" + clock.date + " " + clock.time + "': "
                                + impossible.getMessage());
            }
        }
        return clock;
    }

    @Override
    public void visit(DataSet set) throws FrameRejectedException {
        if (!mayBeClock(set)) {
            return;
        }
        Address address = Address.parse(set.address());
        if (address == null || address.a() > 1 || address.b() > 1) {
            return;
        }
        if ((address.a() == 0 && address.is(1, 0, 0)) || address.is(0, 9, 4)) {
            now = stamp(set, 0, zone);
        } else if (address.is(0, 9, 1)) {
            time = set.value(0);
        } else if (address.is(0, 9, 2)) {
            date = set.value(0);
            dateOffset = set.offset(0);
        } else if (address.is(0, 1, 2) && address.f() < 100 && Stamp.isStamp(set.value(0))) {
            Instant end = stamp(set, 0, zone);
            if (end != null) {
                periodEnds.put(address.f(), end);
            }
        }
    }

    /** Whether an address has C = 0 or is 1.0.0, without a look at all others in detail. */
    private static boolean mayBeClock(DataSet set) {
        Text text = set.text();
        int at = set.addressOffset();
        for (int i = at; i < at + 8 && i < set.addressEnd(); i++) {
            if (text.at(i) == ':') {
                at = i + 1;
                break;
            }
        }
        return text.at(at + 1) == '.' && (text.at(at) == '0' || (text.at(at) == '1' && text.at(at + 2) == '0'));
    }

    /** The time of a data set's value; null when it is one that means none, or has no form of a date and time. */
    static @Nullable Instant stamp(DataSet set, int group, ZoneId zone) throws FrameRejectedException {
        String text = set.value(group);
        if (!Stamp.isStamp(text)) {
            return null;
        }
        try {
            Stamp stamp = Stamp.parse(text);
            return stamp == null ? null : stamp.instant(zone);
        } catch (DateTimeException impossible) {
            throw set.text()
                    .rejected(
                            set.address() + " (date and time)",
                            set.offset(group),
                            "there is no date and time '" + text + "': " + impossible.getMessage());
        }
    }

    /**
     * When a value without a time of its own was taken.
     *
     * @param period its billing period, 255 for none
     * @param otherwise when the meter says nothing
     */
    Instant at(int period, Instant otherwise) {
        Instant end = periodEnds.get(period);
        return end != null ? end : now != null ? now : otherwise;
    }
}
