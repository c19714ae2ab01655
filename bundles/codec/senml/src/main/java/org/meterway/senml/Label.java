// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import org.jspecify.annotations.Nullable;

/** The labels of a SenML record (RFC 8428, tables 1, 2 and 4) and LwM2M's object link. */
enum Label {
    BASE_VERSION("bver", -1),
    BASE_NAME("bn", -2),
    BASE_TIME("bt", -3),
    BASE_UNIT("bu", -4),
    BASE_VALUE("bv", -5),
    BASE_SUM("bs", -6),
    NAME("n", 0),
    UNIT("u", 1),
    VALUE("v", 2),
    STRING("vs", 3),
    BOOLEAN("vb", 4),
    SUM("s", 5),
    TIME("t", 6),
    UPDATE_TIME("ut", 7),
    DATA("vd", 8),
    /** LwM2M Core 1.1, table 7.4.4-1; has no number. */
    LINK("vlo", Integer.MIN_VALUE);

    private static final Label[] ALL = values();

    final String text;
    final int number;
    final int bit = 1 << ordinal();

    Label(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /** The label of a JSON name, or of a text key in CBOR; null if there is none. */
    static @Nullable Label of(String text) {
        return switch (text) {
            case "n" -> NAME;
            case "v" -> VALUE;
            case "t" -> TIME;
            case "u" -> UNIT;
            case "vs" -> STRING;
            case "vb" -> BOOLEAN;
            case "s" -> SUM;
            case "ut" -> UPDATE_TIME;
            case "vd" -> DATA;
            case "vlo" -> LINK;
            case "bn" -> BASE_NAME;
            case "bt" -> BASE_TIME;
            case "bu" -> BASE_UNIT;
            case "bv" -> BASE_VALUE;
            case "bs" -> BASE_SUM;
            case "bver" -> BASE_VERSION;
            default -> null;
        };
    }

    /** The label of a CBOR number; null if there is none. */
    static @Nullable Label of(long number) {
        if (number >= 0 && number <= 8) {
            return ALL[NAME.ordinal() + (int) number];
        }
        return number < 0 && number >= -6 ? ALL[(int) (-1 - number)] : null;
    }
}
