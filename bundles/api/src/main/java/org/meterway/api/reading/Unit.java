// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Base units of quantities, as in IEC 62056-6-2 (unit enumeration). Multiples such as kWh are not units here: a channel or
 * codec scales them to the base unit exactly.
 */
public enum Unit {
    WATT_HOUR(30, "Wh"),
    VAR_HOUR(32, "varh"),
    VOLT_AMPERE_HOUR(31, "VAh"),
    WATT(27, "W"),
    VAR(29, "var"),
    VOLT_AMPERE(28, "VA"),
    VOLT(35, "V"),
    AMPERE(33, "A"),
    HERTZ(44, "Hz"),
    DEGREE(8, "deg"),
    DEGREE_CELSIUS(9, "Cel"),
    /** Of temperature differences. */
    KELVIN(52, "K"),
    CUBIC_METRE(13, "m3"),
    CUBIC_METRE_PER_HOUR(15, "m3/h"),
    LITRE_PER_HOUR(0, "l/h"),
    JOULE(25, "J"),
    PASCAL(23, "Pa"),
    BAR(24, "bar"),
    KILOGRAM(20, "kg"),
    SECOND(7, "s"),
    PERCENT(56, "%"),
    DECIBEL_MILLIWATT(70, "dBm"),
    /** Money, in whatever currency the meter is charged in. */
    CURRENCY(10, "currency"),
    DECIBEL_MICROVOLT(71, "dBuV"),
    DECIBEL(72, "dB"),
    METRE(11, "m"),
    METRE_PER_SECOND(12, "m/s"),
    OHM(38, "Ohm"),
    AMPERE_HOUR(57, "Ah"),
    VOLT_SQUARED_HOUR(48, "V2h"),
    AMPERE_SQUARED_HOUR(49, "A2h"),
    /** Meter constants: pulses per unit of energy. */
    PER_WATT_HOUR(45, "1/Wh"),
    PER_VAR_HOUR(46, "1/varh"),
    PER_VOLT_AMPERE_HOUR(47, "1/VAh"),
    /** A bare number: counters, ratios, power factor. */
    ONE(255, "1");

    private static final Map<String, Unit> BY_SYMBOL =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(unit -> unit.symbol, Function.identity()));

    private final int dlmsCode;
    private final String symbol;

    Unit(int dlmsCode, String symbol) {
        this.dlmsCode = dlmsCode;
        this.symbol = symbol;
    }

    /** The code in the DLMS unit enumeration; 0 when that enumeration has none. */
    public int dlmsCode() {
        return dlmsCode;
    }

    /** The symbol as shown to people and used in REST and SenML, for example {@code Wh}. */
    public String symbol() {
        return symbol;
    }

    /** The unit of a symbol, if it is a base unit. */
    public static Optional<Unit> ofSymbol(String symbol) {
        return Optional.ofNullable(BY_SYMBOL.get(symbol));
    }
}
