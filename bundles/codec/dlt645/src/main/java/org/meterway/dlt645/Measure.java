// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.math.BigDecimal;
import java.util.Map;
import org.meterway.api.reading.Unit;

/**
 * A unit of the standard's tables and what it is in a base unit.
 *
 * @param symbol as the tables have it
 * @param unit the base unit
 * @param factor base units in one, exact
 */
record Measure(String symbol, Unit unit, BigDecimal factor) {
    private static final BigDecimal KILO = BigDecimal.valueOf(1000);
    private static final Map<String, Measure> ALL = Map.ofEntries(
            of("kWh", Unit.WATT_HOUR, KILO),
            of("kvarh", Unit.VAR_HOUR, KILO),
            of("kVAh", Unit.VOLT_AMPERE_HOUR, KILO),
            of("kW", Unit.WATT, KILO),
            of("kvar", Unit.VAR, KILO),
            of("kVA", Unit.VOLT_AMPERE, KILO),
            of("V", Unit.VOLT, BigDecimal.ONE),
            of("A", Unit.AMPERE, BigDecimal.ONE),
            of("Hz", Unit.HERTZ, BigDecimal.ONE),
            of("deg", Unit.DEGREE, BigDecimal.ONE),
            of("Cel", Unit.DEGREE_CELSIUS, BigDecimal.ONE),
            of("%", Unit.PERCENT, BigDecimal.ONE),
            of("min", Unit.SECOND, BigDecimal.valueOf(60)),
            of("currency", Unit.CURRENCY, BigDecimal.ONE),
            of("1", Unit.ONE, BigDecimal.ONE));

    private static Map.Entry<String, Measure> of(String symbol, Unit unit, BigDecimal factor) {
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
