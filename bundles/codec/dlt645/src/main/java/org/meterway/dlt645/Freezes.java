// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Quality;

/**
 * Frozen data, identifiers 05xxxxxx (2007: table A.6). The time of a freeze has an identifier of its own. When it came before the
 * values in the same bytes, or in the block of all items, the values have it; otherwise they have the time that follows from the
 * kind of freeze and the time of receipt, and are marked suspect, because the meter did not say it.
 */
final class Freezes {
    private static final int HOURLY = 4;
    private static final int DAILY = 6;
    private static final int TIME_ITEM = 0x00;
    private static final int VARIABLES_ITEM = 0x10;
    private static final int BLOCK_ITEM = 0xFF;
    private static final int SEPARATOR = 0xAA;
    private static final int[] ITEMS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0A, VARIABLES_ITEM};
    private static final Format TIME = Format.parse("YYMMDDhhmm");
    private final Decoding decoding;
    private final Map<String, Instant> times = new HashMap<>();

    Freezes(Decoding decoding) {
        this.decoding = decoding;
    }

    private static boolean freeze(int di) {
        return di >>> 24 == 0x05;
    }

    private static int kind(int di) {
        return di >>> 16 & 0xFF;
    }

    private static int item(int di) {
        return di >>> 8 & 0xFF;
    }

    /** Whether this is the block of all items of a freeze. */
    static boolean block(int di) {
        return freeze(di) && item(di) == BLOCK_ITEM && kind(di) <= 7 && (di & 0xFF) != 0 && (di & 0xFF) != 0xFF;
    }

    private static String key(int di, String address) {
        return address + " " + kind(di) + " " + (di & 0xFF);
    }

    /** When the values of an identifier were true, as far as it is known. */
    Decoding.When when(int di, String address) {
        if (!freeze(di)) {
            return decoding.received();
        }
        Instant known = times.get(key(di, address));
        if (known != null) {
            return new Decoding.When(known, 0);
        }
        ZonedDateTime received = decoding.output()
                .receivedAt()
                .atZone(decoding.output().context().timeZone());
        int ago = (di & 0xFF) - 1;
        ZonedDateTime likely =
                switch (kind(di)) {
                    case HOURLY -> received.truncatedTo(ChronoUnit.HOURS).minusHours(ago);
                    case DAILY -> received.toLocalDate().minusDays(ago).atStartOfDay(received.getZone());
                    default -> received;
                };
        return new Decoding.When(likely.toInstant(), Quality.SUSPECT);
    }

    /** Keeps the time of a freeze for the values that follow. */
    void remember(int di, Run run, int from, int to, String address) throws FrameRejectedException {
        if (freeze(di) && item(di) == TIME_ITEM && to - from >= TIME.bytes()) {
            Instant time = decoding.time(run, from, TIME, "freeze time");
            if (time != null) {
                times.put(key(di, address), time);
            }
        }
    }

    /** Decodes the block of all items, each ended by AA, in the order of their identifiers. */
    void block(int di, Run run, int from, int to, boolean whole, String address) throws FrameRejectedException {
        int at = from;
        for (int item : ITEMS) {
            if (at >= to) {
                return;
            }
            int end = at;
            while (end < to && run.at(end) != SEPARATOR) {
                end++;
            }
            if (end > at) {
                item(di & 0xFFFF00FF | item << 8, run, at, end, whole || end < to, address);
            }
            if (end < to) {
                decoding.output().field(run, end, 1, "separator");
            }
            at = end + 1;
            if (kind(di) == HOURLY && item == 2) {
                break;
            }
        }
        if (at < to) {
            decoding.output().field(run, at, to - at, "beyond the standard's format: " + run.wire(at, to));
        }
    }

    private void item(int di, Run run, int from, int to, boolean whole, String address) throws FrameRejectedException {
        DataTable.Meaning meaning = DataTable.OF_2007.find(Edition.E2007, di);
        Layout layout = meaning == null ? null : meaning.entry().layout();
        if (layout == null || whole && layout.repeated() && (to - from) % layout.length() != 0) {
            decoding.output().unnamed(Edition.E2007.identifier(di));
            decoding.output().field(run, from, to - from, "data, format unknown: " + run.wire(from, to));
            return;
        }
        Variables variables = meaning.match().variables();
        Decoding.When when = when(di, address);
        int at = from;
        for (int tariff = 0; at < to && tariff <= Variables.highest(0); tariff++) {
            variables.set(Variables.index('t'), tariff);
            String name = meaning.entry().name() + (layout.repeated() ? " " + tariff : "");
            int next = decoding.items(layout, variables, run, at, to, name, whole, when);
            if (next - at != layout.length() || !layout.repeated()) {
                at = next;
                break;
            }
            at = next;
        }
        remember(di, run, from, to, address);
        if (at < to) {
            decoding.output().field(run, at, to - at, "beyond the standard's format: " + run.wire(at, to));
        }
    }
}
