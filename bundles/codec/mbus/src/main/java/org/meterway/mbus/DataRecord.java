// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One data record of a telegram (EN 13757-3, 6).
 *
 * @param offset of its DIF
 * @param dataOffset of its data
 * @param end after its last byte
 * @param coding what the DIF says the data are, for people
 * @param function what kind of value it is
 * @param vif what it is of
 * @param of what the orthogonal VIFEs make of it, as in obis.tsv; empty if no quantity of that table
 * @param remarks what the VIFEs say, for people
 * @param value in the unit of the VIF; null if the data are no number
 * @param text the data for people
 * @param time the data as a time, if they are one
 * @param rounded whether the value has lost digits or was binary floating point
 */
record DataRecord(
        int offset,
        int dataOffset,
        int end,
        String coding,
        Function function,
        long storage,
        int tariff,
        int subunit,
        Vif vif,
        String of,
        List<String> remarks,
        @Nullable BigDecimal value,
        String text,
        @Nullable MeterTime time,
        boolean rounded) {

    /** What kind of value a record has (bits 4 and 5 of the DIF). */
    enum Function {
        INSTANTANEOUS("inst", "instantaneous value"),
        MAXIMUM("max", "maximum value"),
        MINIMUM("min", "minimum value"),
        ERROR("error", "value during error state");

        private final String key;
        private final String title;

        Function(String key, String title) {
            this.key = key;
            this.title = title;
        }

        /** As in obis.tsv. */
        String key() {
            return key;
        }

        String title() {
            return title;
        }
    }

    /** Name, value and unit, then all that qualifies them. */
    String meaning() {
        StringBuilder meaning = new StringBuilder(vif.name()).append(": ").append(text);
        meaning.append(" (").append(function.title());
        for (String remark : remarks) {
            meaning.append(", ").append(remark);
        }
        return meaning.append(", storage ")
                .append(storage)
                .append(", tariff ")
                .append(tariff)
                .append(", subunit ")
                .append(subunit)
                .append(')')
                .toString();
    }

    /** Short, for lists of what has no OBIS code. */
    String label() {
        return vif.name()
                + (storage + tariff + subunit == 0 ? "" : " " + storage + "/" + tariff + "/" + subunit)
                + (function == Function.INSTANTANEOUS ? "" : " " + function.title());
    }
}
