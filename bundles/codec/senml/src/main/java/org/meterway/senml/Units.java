// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Unit;

/**
 * What the units of SenML (RFC 8428, 12.1), its secondary units (RFC 8798, 3) and their usual multiples are in the base units
 * of quantities. Exact: a fraction where no decimal is.
 */
final class Units {
    /**
     * How much of a base unit one unit is.
     *
     * @param numerator above the fraction bar
     * @param denominator below it, mostly 1
     */
    record Factor(BigDecimal numerator, long denominator) {}

    private static final Map<Unit, Map<String, Factor>> TABLE = new EnumMap<>(Unit.class);
    /** What a value in this unit becomes when summed over seconds (RFC 8428, 4.2). */
    private static final Map<String, String> SUMMED = Map.of(
            "W", "J", "kW", "kJ", "MW", "MJ", "VA", "VAs", "kVA", "kVAs", "var", "vars", "kvar", "kvars", "m3/s", "m3",
            "l/s", "l");

    static {
        add(
                Unit.WATT_HOUR,
                "Wh 1, kWh 1000, MWh 1000000, GWh 1000000000, J 1/3600, kJ 1000/3600, MJ 1000000/3600, "
                        + "GJ 1000000000/3600, Ws 1/3600");
        add(Unit.JOULE, "J 1, Ws 1, kJ 1000, MJ 1000000, GJ 1000000000, Wh 3600, kWh 3600000, MWh 3600000000");
        add(Unit.VAR_HOUR, "varh 1, kvarh 1000, Mvarh 1000000, vars 1/3600, kvars 1000/3600");
        add(Unit.VOLT_AMPERE_HOUR, "VAh 1, kVAh 1000, MVAh 1000000, VAs 1/3600, kVAs 1000/3600");
        add(Unit.WATT, "W 1, mW 0.001, kW 1000, MW 1000000");
        add(Unit.VAR, "var 1, kvar 1000, Mvar 1000000");
        add(Unit.VOLT_AMPERE, "VA 1, kVA 1000, MVA 1000000");
        add(Unit.VOLT, "V 1, mV 0.001, kV 1000");
        add(Unit.AMPERE, "A 1, mA 0.001, kA 1000");
        add(Unit.HERTZ, "Hz 1, 1/s 1, kHz 1000, MHz 1000000");
        add(Unit.DEGREE, "deg 1");
        add(Unit.DEGREE_CELSIUS, "Cel 1");
        add(Unit.CUBIC_METRE, "m3 1, l 0.001");
        add(Unit.CUBIC_METRE_PER_HOUR, "m3/h 1, l/h 0.001, m3/s 3600, l/s 3.6");
        add(Unit.LITRE_PER_HOUR, "l/h 1, m3/h 1000, l/s 3600, m3/s 3600000");
        add(Unit.PASCAL, "Pa 1, hPa 100, kPa 1000, bar 100000, mbar 100");
        add(Unit.BAR, "bar 1, mbar 0.001, Pa 0.00001, hPa 0.001, kPa 0.01");
        add(Unit.KILOGRAM, "kg 1, g 0.001");
        add(Unit.SECOND, "s 1, ms 0.001, min 60, h 3600, d 86400");
        add(Unit.PERCENT, "% 1, %RH 1, %EL 1, /100 1, / 100, /1000 0.1, ppm 0.0001");
        add(Unit.DECIBEL_MILLIWATT, "dBm 1");
        add(Unit.ONE, "1 1, / 1, count 1, % 0.01, /100 0.01, /1000 0.001, ppm 0.000001");
    }

    private Units() {}

    private static void add(Unit unit, String factors) {
        Map<String, Factor> known = new HashMap<>();
        for (String entry : factors.split(", ")) {
            String[] parts = entry.split(" ");
            int bar = parts[1].indexOf('/');
            known.put(
                    parts[0],
                    bar < 0
                            ? new Factor(new BigDecimal(parts[1]), 1)
                            : new Factor(
                                    new BigDecimal(parts[1].substring(0, bar)),
                                    Long.parseLong(parts[1].substring(bar + 1))));
        }
        TABLE.put(unit, Map.copyOf(known));
    }

    /** What one {@code symbol} is in {@code base}; null if it is something else. */
    static @Nullable Factor factor(String symbol, Unit base) {
        return TABLE.getOrDefault(base, Map.of()).get(symbol);
    }

    /** The unit of a sum over seconds of values in {@code symbol}; null if it has no name. */
    static @Nullable String summed(String symbol) {
        return SUMMED.get(symbol);
    }
}
