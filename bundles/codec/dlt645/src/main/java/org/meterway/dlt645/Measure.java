// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.Map;
import org.meterway.api.reading.Unit;

/**
 * A unit of the standard's tables and what it is in a base unit.
 *
 * @param symbol as the tables have it
 * @param unit the base unit
 * @param factor base units in one
 */
record Measure(String symbol, Unit unit, long factor) {
    private static final long KILO = 1000;
    private static final Map<String, Measure> ALL = Map.ofEntries(
            of("kWh", Unit.WATT_HOUR, KILO),
            of("kvarh", Unit.VAR_HOUR, KILO),
            of("kVAh", Unit.VOLT_AMPERE_HOUR, KILO),
            of("kW", Unit.WATT, KILO),
            of("kvar", Unit.VAR, KILO),
            of("kVA", Unit.VOLT_AMPERE, KILO),
            of("V", Unit.VOLT, 1),
            of("A", Unit.AMPERE, 1),
            of("Hz", Unit.HERTZ, 1),
            of("deg", Unit.DEGREE, 1),
            of("Cel", Unit.DEGREE_CELSIUS, 1),
            of("%", Unit.PERCENT, 1),
            of("min", Unit.SECOND, 60),
            of("currency", Unit.CURRENCY, 1),
            of("1", Unit.ONE, 1));

    private static Map.Entry<String, Measure> of(String symbol, Unit unit, long factor) {
        return Map.entry(symbol, new Measure(symbol, unit, factor));
    }

    static Measure parse(String symbol) {
        Measure measure = ALL.get(symbol);
        if (measure == null) {
            throw new IllegalArgumentException("no unit: '" + symbol + "'");
        }
        return measure;
    }
}
