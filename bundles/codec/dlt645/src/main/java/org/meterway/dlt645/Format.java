// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an item is written in bytes, as the standard's tables say it: {@code XXXXXX.XX}, {@code YYMMDDhhmm}, {@code ASCII6} …
 *
 * @param kind what the bytes are
 * @param bytes how many
 * @param decimals digits after the point of a number
 * @param signed whether the top bit of a number is its sign
 * @param text the digits of a time or the name of a word
 */
record Format(Kind kind, int bytes, int decimals, boolean signed, String text) {
    private static final Pattern NUMBER = Pattern.compile("(s?)(X+)(?:\\.(X+))?");
    private static final Pattern TIME = Pattern.compile("(?:YY|MM|DD|WW|hh|mm|ss)+");
    private static final Pattern BYTES = Pattern.compile("(ASCII|HEX|BCD|SECRET|WORD|DI)(\\d*)(?::(\\w+))?");

    /** What the bytes are. */
    enum Kind {
        NUMBER,
        TIME,
        ASCII,
        HEX,
        BCD,
        SECRET,
        WORD,
        DI
    }

    static Format parse(String text) {
        Matcher number = NUMBER.matcher(text);
        if (number.matches()) {
            int decimals = number.group(3) == null ? 0 : number.group(3).length();
            int digits = number.group(2).length() + decimals;
            return new Format(
                    Kind.NUMBER, (digits + 1) / 2, decimals, !number.group(1).isEmpty(), text);
        }
        if (TIME.matcher(text).matches()) {
            return new Format(Kind.TIME, text.length() / 2, 0, false, text);
        }
        Matcher bytes = BYTES.matcher(text);
        if (!bytes.matches()) {
            throw new IllegalArgumentException("no format: '" + text + "'");
        }
        Kind kind = Kind.valueOf(bytes.group(1));
        int length = kind == Kind.DI ? 4 : Integer.parseInt(bytes.group(2));
        if (kind == Kind.WORD && !Words.known(bytes.group(3))) {
            throw new IllegalArgumentException("no word: '" + text + "'");
        }
        return new Format(kind, length, 0, false, kind == Kind.WORD ? bytes.group(3) : text);
    }
}
