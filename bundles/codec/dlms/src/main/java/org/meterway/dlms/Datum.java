// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Obis;

/** One COSEM value (IEC 62056-6-2, 4.1.5) and where it stands. */
final class Datum {
    static final int NULL = 0;
    static final int ARRAY = 1;
    static final int STRUCTURE = 2;
    static final int BOOLEAN = 3;
    static final int BIT_STRING = 4;
    static final int DOUBLE_LONG = 5;
    static final int DOUBLE_LONG_UNSIGNED = 6;
    static final int OCTET_STRING = 9;
    static final int VISIBLE_STRING = 10;
    static final int UTF8_STRING = 12;
    static final int BCD = 13;
    static final int INTEGER = 15;
    static final int LONG = 16;
    static final int UNSIGNED = 17;
    static final int LONG_UNSIGNED = 18;
    static final int COMPACT_ARRAY = 19;
    static final int LONG64 = 20;
    static final int LONG64_UNSIGNED = 21;
    static final int ENUM = 22;
    static final int FLOAT32 = 23;
    static final int FLOAT64 = 24;
    static final int DATE_TIME = 25;
    static final int DATE = 26;
    static final int TIME = 27;
    static final int DELTA_INTEGER = 28;
    static final int DELTA_DOUBLE_LONG_UNSIGNED = 33;
    static final int DONT_CARE = 255;

    /** The type, see the constants. */
    final int tag;

    final Source source;
    /** First byte, the tag's where it has one. */
    final int from;

    /** The number of the integer types, of enum and boolean; the bits of the floating-point ones. */
    final long number;
    /** The bytes of the string and time types. */
    private final byte @Nullable [] octets;
    /** Elements of arrays and structures; empty for others. */
    final List<Datum> items;

    private Datum(int tag, Source source, int from, long number, byte @Nullable [] octets, List<Datum> items) {
        this.tag = tag;
        this.source = source;
        this.from = from;
        this.number = number;
        this.octets = octets;
        this.items = items;
    }

    static Datum number(int tag, Source source, int from, long number) {
        return new Datum(tag, source, from, number, null, List.of());
    }

    static Datum octets(int tag, Source source, int from, byte[] octets) {
        return new Datum(tag, source, from, 0, octets, List.of());
    }

    /** Elements are handed over. */
    static Datum items(int tag, Source source, int from, List<Datum> items) {
        return new Datum(tag, source, from, 0, null, items);
    }

    boolean isNull() {
        return tag == NULL || tag == DONT_CARE;
    }

    boolean isCollection() {
        return tag == ARRAY || tag == STRUCTURE;
    }

    boolean isDelta() {
        return tag >= DELTA_INTEGER && tag <= DELTA_DOUBLE_LONG_UNSIGNED;
    }

    /** Whether it is an integer that counts something: no enumeration, no boolean. */
    boolean isInteger() {
        return switch (tag) {
            case DOUBLE_LONG,
                    DOUBLE_LONG_UNSIGNED,
                    BCD,
                    INTEGER,
                    LONG,
                    UNSIGNED,
                    LONG_UNSIGNED,
                    LONG64,
                    LONG64_UNSIGNED -> true;
            default -> false;
        };
    }

    /** Whether {@link #decimal()} has a value. */
    boolean isNumeric() {
        return isInteger()
                || tag == FLOAT32 && Float.isFinite(Float.intBitsToFloat((int) number))
                || tag == FLOAT64 && Double.isFinite(Double.longBitsToDouble(number));
    }

    /** The exact value; a binary floating-point number by its shortest decimal. Only for {@link #isNumeric()}. */
    BigDecimal decimal() {
        return switch (tag) {
            case FLOAT32 -> new BigDecimal(Float.toString(Float.intBitsToFloat((int) number)));
            case FLOAT64 -> new BigDecimal(Double.toString(Double.longBitsToDouble(number)));
            case LONG64_UNSIGNED ->
                number >= 0
                        ? BigDecimal.valueOf(number)
                        : new BigDecimal(new BigInteger(Long.toUnsignedString(number)));
            default -> BigDecimal.valueOf(number);
        };
    }

    boolean hasOctets() {
        return octets != null;
    }

    byte[] octets() {
        return octets == null ? new byte[0] : octets;
    }

    boolean isText() {
        return tag == VISIBLE_STRING || tag == UTF8_STRING || tag == OCTET_STRING && printable(octets());
    }

    /** The text of a string; empty for others. */
    String text() {
        return isText()
                ? new String(octets(), StandardCharsets.UTF_8).replace("\0", "").strip()
                : "";
    }

    private static boolean printable(byte[] octets) {
        int used = octets.length;
        while (used > 0 && octets[used - 1] == 0) {
            used--;
        }
        for (int i = 0; i < used; i++) {
            if (octets[i] < 32 || octets[i] > 126) {
                return false;
            }
        }
        return used > 0;
    }

    /** Whether it can be a logical name: an octet string of six with a medium there is (IEC 62056-6-1, 5.2). */
    boolean isObis() {
        return tag == OCTET_STRING && octets().length == 6 && (octets()[0] & 255) <= 15;
    }

    Obis obis() {
        return obis(octets(), 0);
    }

    static Obis obis(byte[] bytes, int at) {
        return new Obis(
                bytes[at] & 255,
                bytes[at + 1] & 255,
                bytes[at + 2] & 255,
                bytes[at + 3] & 255,
                bytes[at + 4] & 255,
                bytes[at + 5] & 255);
    }

    /** Whether it is the structure of scaler and unit of a register (IEC 62056-6-2, 4.3.2). */
    boolean isScalerUnit() {
        return tag == STRUCTURE && items.size() == 2 && items.get(0).tag == INTEGER && items.get(1).tag == ENUM;
    }

    static String typeName(int tag) {
        return switch (tag) {
            case NULL -> "null-data";
            case ARRAY -> "array";
            case STRUCTURE -> "structure";
            case BOOLEAN -> "boolean";
            case BIT_STRING -> "bit-string";
            case DOUBLE_LONG -> "double-long";
            case DOUBLE_LONG_UNSIGNED -> "double-long-unsigned";
            case OCTET_STRING -> "octet-string";
            case VISIBLE_STRING -> "visible-string";
            case UTF8_STRING -> "utf8-string";
            case BCD -> "bcd";
            case INTEGER -> "integer";
            case LONG -> "long";
            case UNSIGNED -> "unsigned";
            case LONG_UNSIGNED -> "long-unsigned";
            case COMPACT_ARRAY -> "compact-array";
            case LONG64 -> "long64";
            case LONG64_UNSIGNED -> "long64-unsigned";
            case ENUM -> "enum";
            case FLOAT32 -> "float32";
            case FLOAT64 -> "float64";
            case DATE_TIME -> "date-time";
            case DATE -> "date";
            case TIME -> "time";
            case 28 -> "delta-integer";
            case 29 -> "delta-long";
            case 30 -> "delta-double-long";
            case 31 -> "delta-unsigned";
            case 32 -> "delta-long-unsigned";
            case 33 -> "delta-double-long-unsigned";
            case DONT_CARE -> "dont-care";
            default -> "type " + tag;
        };
    }

    /** For people: type and value of one that is no collection. */
    @Override
    public String toString() {
        String type = typeName(tag);
        if (isNull()) {
            return type;
        }
        if (isCollection()) {
            return type + " of " + items.size();
        }
        if (tag == BOOLEAN) {
            return type + ": " + (number != 0);
        }
        if (octets != null) {
            if (isObis()) {
                return type + ": " + obis();
            }
            if (isText()) {
                return type + ": " + text();
            }
            String time = octets.length == 12 ? DateTimes.describe(octets) : "";
            return type + ": " + HexFormat.of().formatHex(Arrays.copyOf(octets, Math.min(octets.length, 256)))
                    + (time.isEmpty() ? "" : " (" + time + ")");
        }
        if (isNumeric()) {
            return type + ": " + decimal().toPlainString();
        }
        return type + ": " + (tag == FLOAT32 || tag == FLOAT64 ? "no finite number" : Long.toString(number));
    }
}
