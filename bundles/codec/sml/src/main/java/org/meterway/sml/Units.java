// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Unit;

/** The unit codes of SML, which are those of DLMS (IEC 62056-6-2, table 4), as base units. */
final class Units {
    /**
     * A unit.
     *
     * @param base the base unit
     * @param factor one unit in the base unit
     */
    record Coded(Unit base, BigDecimal factor) {}

    private static final Map<Integer, Coded> CODES = new HashMap<>();

    static {
        for (Unit unit : Unit.values()) {
            if (unit.dlmsCode() != 0) {
                CODES.put(unit.dlmsCode(), new Coded(unit, BigDecimal.ONE));
            }
        }
        add(4, Unit.SECOND, "86400");
        add(5, Unit.SECOND, "3600");
        add(6, Unit.SECOND, "60");
        add(14, Unit.CUBIC_METRE, "1");
        add(16, Unit.CUBIC_METRE_PER_HOUR, "1");
        add(19, Unit.CUBIC_METRE, "0.001");
    }

    private Units() {}

    private static void add(int code, Unit base, String factor) {
        CODES.put(code, new Coded(base, new BigDecimal(factor)));
    }

    /** What a code is; null if it is none we know. */
    static @Nullable Coded of(int code) {
        return CODES.get(code);
    }

    /** A code for people. */
    static String shown(int code) {
        Coded coded = CODES.get(code);
        return coded == null || coded.factor().signum() == 0
                ? Integer.toString(code)
                : code + " (" + (coded.factor().equals(BigDecimal.ONE) ? "" : coded.factor() + " ")
                        + coded.base().symbol() + ")";
    }
}
