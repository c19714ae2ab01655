// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Unit;

/** Makes readings of the data sets of one block. */
final class Interpreter implements DataSet.Visitor {
    private static final int LONGEST_NUMBER = 32;
    private static final int MOST_VALUES = 1_024;

    private final ReadingSink sink;
    private final Clock clock;
    private final String target;
    private final Map<Address, Units.Written> units = new HashMap<>();
    private String register = "";

    /**
     * @param clock the block's clock
     * @param target what was asked for, for an answer that does not repeat it; else empty
     */
    Interpreter(ReadingSink sink, Clock clock, String target) {
        this.sink = sink;
        this.clock = clock;
        this.target = target;
    }

    /** Reads all data sets of a block: its clock first, then the values. */
    static int block(Text text, int from, int to, String target, ReadingSink sink) throws FrameRejectedException {
        Clock clock = Clock.of(text, from, to, sink.zone());
        if (text.traced()) {
            text.field(from, DataSet.skipGaps(text, from, to), "line end");
        }
        return DataSet.each(text, from, to, new Interpreter(sink, clock, target));
    }

    @Override
    public void visit(DataSet set) throws FrameRejectedException {
        String name = set.address();
        trace(set, name);
        if (name.isEmpty()) {
            if (set.content(0).startsWith("ER")) {
                return;
            }
            name = target;
        } else if (name.charAt(0) == '*' || name.charAt(0) == '&') {
            name = register + name; // a list of billing periods repeats only what changes
        } else {
            int period = Math.max(name.indexOf('*'), name.indexOf('&'));
            register = period < 0 ? name : name.substring(0, period);
        }
        if (name.startsWith("P.")) {
            LoadProfile.read(set, name, sink);
            return;
        }
        Address address = Address.parse(name);
        if (address == null) {
            boolean measured = false;
            for (int i = 0; i < set.count(); i++) {
                measured |= set.hasUnit(i);
            }
            if (measured) {
                sink.unnamed(name);
            }
        } else if (address.is(24, 3, 0) && set.count() > 5) {
            LoadProfile.read(set, name, sink);
        } else if (address.c() == 98) {
            MonthlyValues.read(set, address, sink);
        } else if (address.c() != 99) {
            values(set, name, address);
        }
    }

    /** Values with their times: {@code (value*unit)(time)}, as in a maximum demand, or {@code (time)(value*unit)}, as in P1. */
    private void values(DataSet set, String name, Address address) throws FrameRejectedException {
        if (set.count() > MOST_VALUES) {
            throw set.text()
                    .rejected(name, set.addressOffset(), "has " + set.count() + " values, at most " + MOST_VALUES);
        }
        boolean timeFirst = set.count() > 1 && !set.hasUnit(0) && isTime(set.value(0));
        boolean named = false;
        boolean measured = false;
        for (int i = timeFirst ? 1 : 0; i < set.count(); i++) {
            int stamp = timeFirst ? i - 1 : i + 1;
            boolean stamped = stamp < set.count() && !set.hasUnit(stamp) && isTime(set.value(stamp));
            measured |= set.hasUnit(i);
            named |= value(set, i, address, stamped ? stamp : -1, timeFirst);
            i += stamped ? 1 : 0;
        }
        if (measured && !named) {
            sink.unnamed(name);
        }
    }

    private static boolean isTime(String text) {
        return text.isEmpty() || Stamp.isStamp(text);
    }

    private boolean value(DataSet set, int group, Address address, int stamp, boolean captured)
            throws FrameRejectedException {
        String unit = set.unit(group);
        Units.Written written = unit.isEmpty() ? null : Units.of(unit);
        if (written != null && address.f() == 255) {
            units.put(address, written);
        } else if (written == null && !set.hasUnit(group) && group == 0 && address.f() != 255) {
            // Past billing periods are in the unit of the register, which some meters do not repeat.
            written = units.get(address.current());
        }
        Obis obis = address.obis(written == null ? null : written.base());
        Unit base;
        BigDecimal factor;
        if (written != null) {
            base = written.base();
            factor = written.factor();
        } else if (set.hasUnit(group)) {
            return false;
        } else {
            Optional<Register> register = sink.register(obis);
            if (register.isEmpty() && !countsOrRatio(address)) {
                return false;
            }
            base = register.map(known -> known.quantity().unit()).orElse(Unit.ONE);
            factor = register.map(Register::factor).orElse(BigDecimal.ONE);
        }
        BigDecimal number = number(set, group, written != null);
        if (number == null) {
            return false;
        }
        Instant at = null;
        int quality = 0;
        if (stamp >= 0) {
            at = Clock.stamp(set, stamp, sink.zone());
            // A sub-meter that sends a value and the undefined time: the value counts, its time does not.
            quality = at == null && captured ? Quality.CLOCK_INVALID : 0;
        }
        sink.add(
                obis,
                base,
                number.multiply(factor),
                at != null ? at : clock.at(address.f(), sink.receivedAt()),
                null,
                quality,
                set.text(),
                set.offset(group));
        return true;
    }

    /** Numbers that have no unit by their nature: power factor (C 13, 33, 53, 73), power failures, sags and swells. */
    private static boolean countsOrRatio(Address address) {
        return switch (address.c()) {
            case 13, 33, 53, 73 -> address.d() == 7 || address.d() == 3;
            case 32, 52, 72 -> address.d() == 32 || address.d() == 36;
            case 96 -> address.d() == 7 && address.a() == 0;
            default -> false;
        };
    }

    /**
     * The number of a value; null for a placeholder of a value that is not there, such as dashes, and without a unit for any text.
     *
     * @param must whether a text that is neither number nor placeholder is an error
     */
    static @Nullable BigDecimal number(DataSet set, int group, boolean must) throws FrameRejectedException {
        String text = set.value(group);
        int length = text.length();
        int digits = 0;
        int points = 0;
        boolean placeholder = true;
        boolean decimal = length > 0 && length <= LONGEST_NUMBER;
        for (int i = 0; i < length && (decimal || placeholder); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            digits += digit ? 1 : 0;
            points += c == '.' ? 1 : 0;
            decimal &= digit || c == '.' || (i == 0 && (c == '-' || c == '+'));
            placeholder &= c == '-' || c == '.' || c == ' ' || c == '*';
        }
        if (decimal && digits > 0 && points <= 1) {
            return new BigDecimal(text);
        }
        if (placeholder || !must) {
            return null;
        }
        throw set.text()
                .rejected(
                        set.address() + " (value)",
                        set.offset(group),
                        "expected a decimal number, was '" + set.text().shown(set.offset(group), set.valueEnd(group))
                                + "'");
    }

    private void trace(DataSet set, String name) {
        Text text = set.text();
        if (!text.traced()) {
            return;
        }
        int at = set.addressOffset();
        text.field(at, set.addressEnd(), "address: " + text.shown(at, set.addressEnd()));
        at = set.addressEnd();
        for (int i = 0; i < set.count(); i++) {
            if (set.offset(i) - 1 > at) {
                text.field(at, set.offset(i) - 1, "line end");
            }
            at = set.valueEnd(i) + 1;
            text.field(set.offset(i) - 1, at, meaning(set, i, name.isEmpty() ? target : name));
        }
        text.field(at, set.end(), "line end");
    }

    private static String meaning(DataSet set, int group, String name) {
        String content = set.text().shown(set.offset(group), set.valueEnd(group));
        if (name.isEmpty() && content.startsWith("ER")) {
            return "error message: " + content;
        }
        String label = name.isEmpty() ? "value" : name.length() > 32 ? name.substring(0, 32) : name;
        if (set.hasUnit(group)) {
            return label + ": " + set.value(group) + " " + set.unit(group);
        }
        String words = words(set.value(group));
        return label + ": " + content + (words.isEmpty() ? "" : " (\"" + words + "\")");
    }

    /** Texts and identifiers of P1 come as the hexadecimal digits of their characters (DSMR P1 5.0.2, 6.4). */
    private static String words(String hex) {
        if (hex.length() < 8 || hex.length() % 2 != 0 || hex.length() > 160 || !hex.matches("([2-7][0-9A-Fa-f])+")) {
            return "";
        }
        String words = new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII);
        return words.indexOf(0x7f) >= 0 ? "" : words;
    }

    /** The start of the interval that a value stamped at its end covers; a register's moment for all others. */
    static Instant start(Obis obis, Instant stamp, Duration period) {
        return switch (obis.d()) {
            case 4, 5, 6, 14, 15, 16, 24, 25, 26, 27, 28, 29 -> stamp.minus(period);
            default -> stamp;
        };
    }
}
