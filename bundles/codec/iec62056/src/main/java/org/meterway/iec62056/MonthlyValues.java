// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;

/**
 * The data of billing periods, 0-0:98.1.0, in the two forms of P1: the peak demand of up to 13 months with its time (Belgium, e-MUCS
 * 1.7, 6.4: {@code (count)(1-0:1.6.0)(1-0:1.6.0)} and for each month {@code (end of month)(time of peak)(value*unit)}), and all
 * registers at the end of last month without their codes (Hungary).
 */
final class MonthlyValues {
    /** The registers of the Hungarian form in their order. */
    private static final String[] HUNGARY = {
        "1.8.0", "1.8.1", "1.8.2", "2.8.0", "2.8.1", "2.8.2", "3.8.0", "4.8.0", "5.8.0", "6.8.0", "7.8.0", "8.8.0",
        "15.8.0", "1.6.0", "1.6.1", "1.6.2", "2.6.0", "2.6.1", "2.6.2"
    };

    private MonthlyValues() {}

    static void read(DataSet set, Address address, ReadingSink sink) throws FrameRejectedException {
        if (Stamp.isStamp(set.value(0)) && set.count() == HUNGARY.length + 1 && hungarianUnits(set)) {
            Instant end = Clock.stamp(set, 0, sink.zone());
            for (int i = 0; end != null && i < HUNGARY.length; i++) {
                add(set, i + 1, Address.parse("1-0:" + HUNGARY[i]), end, sink);
            }
            return;
        }
        Address code = null;
        Instant at = null;
        boolean found = false;
        for (int i = 0; i < set.count(); i++) {
            String value = set.value(i);
            if (set.hasUnit(i)) {
                found |= code != null && add(set, i, code, at, sink);
                at = null;
            } else if (Stamp.isStamp(value)) {
                at = Clock.stamp(set, i, sink.zone());
            } else {
                Address next = Address.parse(value);
                code = next != null ? next : code;
            }
        }
        if (!found && set.count() > 3) {
            sink.unnamed(set.address());
        }
    }

    private static boolean hungarianUnits(DataSet set) {
        for (int i = 0; i < HUNGARY.length; i++) {
            String expected = i < 6 || i == 12 ? "kWh" : i < 12 ? "kvarh" : "kW";
            if (!set.unit(i + 1).equals(expected)) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(
            DataSet set, int group, @Nullable Address address, @Nullable Instant at, ReadingSink sink)
            throws FrameRejectedException {
        Units.Written unit = Units.of(set.unit(group));
        BigDecimal number = unit == null ? null : Interpreter.number(set, group, true);
        if (unit == null || number == null || address == null) {
            return false;
        }
        Obis obis = address.obis(unit.base());
        sink.add(
                obis,
                unit.base(),
                number.multiply(unit.factor()),
                at != null ? at : sink.receivedAt(),
                null,
                at != null ? 0 : Quality.CLOCK_INVALID,
                set.text(),
                set.offset(group));
        return true;
    }
}
