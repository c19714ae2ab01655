// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Unit;

/** The units meters write behind {@code *} and what one of them is in the base unit, exact. */
final class Units {
    /**
     * A unit as written.
     *
     * @param base the base unit
     * @param factor one unit in the base unit
     */
    record Written(Unit base, BigDecimal factor) {}

    private static final Map<String, Written> EXACT = new HashMap<>();
    /** In lower case, for meters that write KWH or kVArh; without those where case decides, milli and mega. */
    private static final Map<String, Written> ANY_CASE = new HashMap<>();

    static {
        add(Unit.WATT_HOUR, "Wh 1, kWh 1e3, MWh 1e6, GWh 1e9");
        add(Unit.VAR_HOUR, "varh 1, kvarh 1e3, Mvarh 1e6");
        add(Unit.VOLT_AMPERE_HOUR, "VAh 1, kVAh 1e3, MVAh 1e6");
        add(Unit.WATT, "W 1, kW 1e3, mW 1e-3, MW 1e6");
        add(Unit.VAR, "var 1, kvar 1e3, Mvar 1e6");
        add(Unit.VOLT_AMPERE, "VA 1, kVA 1e3, MVA 1e6");
        add(Unit.VOLT, "V 1, kV 1e3, mV 1e-3");
        add(Unit.AMPERE, "A 1, kA 1e3, mA 1e-3");
        add(Unit.HERTZ, "Hz 1");
        add(Unit.DEGREE, "deg 1, Deg 1, ° 1");
        add(Unit.DEGREE_CELSIUS, "C 1, °C 1, Cel 1, degC 1");
        add(Unit.CUBIC_METRE, "m3 1, m^3 1, m³ 1, Nm3 1, dm3 1e-3, l 1e-3");
        add(Unit.CUBIC_METRE_PER_HOUR, "m3/h 1, m3h 1, m3*h 1, Nm3/h 1");
        add(Unit.LITRE_PER_HOUR, "l/h 1, lh 1");
        add(Unit.JOULE, "J 1, kJ 1e3, MJ 1e6, GJ 1e9");
        add(Unit.PASCAL, "Pa 1, hPa 1e2, kPa 1e3");
        add(Unit.BAR, "bar 1, mbar 1e-3");
        add(Unit.KILOGRAM, "kg 1, t 1e3");
        add(Unit.SECOND, "s 1, sec 1, min 60, h 3600, d 86400");
        add(Unit.PERCENT, "% 1");
        add(Unit.DECIBEL_MILLIWATT, "dBm 1");
    }

    private Units() {}

    private static void add(Unit base, String units) {
        for (String unit : units.split(", ")) {
            String[] parts = unit.split(" ");
            Written written = new Written(base, new BigDecimal(parts[1]));
            EXACT.put(parts[0], written);
            if (!unit.startsWith("m") || base == Unit.CUBIC_METRE) {
                ANY_CASE.putIfAbsent(parts[0].toLowerCase(Locale.ROOT), written);
            }
        }
    }

    /** What a unit is; null if it is none we know. */
    static @Nullable Written of(String symbol) {
        Written exact = EXACT.get(symbol);
        return exact != null || symbol.length() > 8 ? exact : ANY_CASE.get(symbol.toLowerCase(Locale.ROOT));
    }

    /** Whether a unit is one of electricity, whose reduced identification codes are those of medium 1. */
    static boolean electrical(Unit unit) {
        return switch (unit) {
            case WATT_HOUR, VAR_HOUR, VOLT_AMPERE_HOUR, WATT, VAR, VOLT_AMPERE, VOLT, AMPERE, HERTZ, DEGREE -> true;
            default -> false;
        };
    }
}
