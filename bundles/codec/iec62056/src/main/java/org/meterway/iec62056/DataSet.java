// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.util.Arrays;
import org.meterway.api.codec.FrameRejectedException;

/**
 * One data set, {@code address(value*unit)(value*unit)…} (IEC 62056-21, 6.6), with the rows of values that follow it on lines of
 * their own as those of a load profile do. Filled anew for each data set of a block.
 */
final class DataSet {
    /** Longest address: those of the standard are at most 16 characters. */
    private static final int LONGEST_ADDRESS = 64;

    /** Sees each data set of a block; the next one overwrites it. */
    @FunctionalInterface
    interface Visitor {
        void visit(DataSet set) throws FrameRejectedException;
    }

    private final Text text;
    private int addressFrom;
    private int addressTo;
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int count;
    private int end;

    private DataSet(Text text) {
        this.text = text;
    }

    /**
     * Reads the data sets of a block up to its end or {@code !}.
     *
     * @return where it ends: behind the last data set's line
     */
    static int each(Text text, int from, int to, Visitor visitor) throws FrameRejectedException {
        DataSet set = new DataSet(text);
        int at = skipGaps(text, from, to);
        while (at < to && text.at(at) != '!') {
            at = set.read(at, to);
            visitor.visit(set);
        }
        return at;
    }

    private int read(int start, int limit) throws FrameRejectedException {
        addressFrom = start;
        int at = start;
        while (at < limit && text.at(at) != '(') {
            int c = text.at(at);
            if (c < 0x20 || c == ')' || c == '!' || c == '/' || at - start == LONGEST_ADDRESS) {
                throw text.rejected("data set", start, "expected '(' behind the address, " + found(c, at));
            }
            at++;
        }
        if (at == limit) {
            throw text.rejected("data set", start, "expected '(' behind the address, the block ends");
        }
        addressTo = at;
        while (addressTo > addressFrom && text.at(addressTo - 1) == ' ') {
            addressTo--;
        }
        count = 0;
        while (at < limit && text.at(at) == '(') {
            at = skipGaps(text, group(at, limit), limit);
        }
        end = at;
        return at;
    }

    private int group(int open, int limit) throws FrameRejectedException {
        int at = open + 1;
        while (at < limit && text.at(at) != ')') {
            int c = text.at(at);
            if (c < 0x20 || c == '(' || c == '!') {
                throw text.rejected("data set value", open, "has no ')': " + found(c, at));
            }
            at++;
        }
        if (at >= limit) {
            throw text.rejected("data set value", open, "has no ')' before the end of the block");
        }
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
        }
        from[count] = open + 1;
        to[count] = at;
        count++;
        return at + 1;
    }

    private static String found(int c, int at) {
        return c < 0x20 || c == 0x7f
                ? String.format("control character 0x%02X came at byte %d", c, at)
                : "'" + (char) c + "' came at byte " + at;
    }

    /** Behind line ends and spaces. */
    static int skipGaps(Text text, int from, int limit) {
        int at = from;
        while (at < limit
                && (text.at(at) == '\r' || text.at(at) == '\n' || text.at(at) == ' ' || text.at(at) == '\t')) {
            at++;
        }
        return at;
    }

    Text text() {
        return text;
    }

    int addressOffset() {
        return addressFrom;
    }

    int addressEnd() {
        return addressTo;
    }

    String address() {
        return text.string(addressFrom, addressTo);
    }

    /** How many values there are, 1 or more. */
    int count() {
        return count;
    }

    /** Offset of a value's first character. */
    int offset(int group) {
        return from[group];
    }

    /** Offset behind a value's last character: of its {@code )}. */
    int valueEnd(int group) {
        return to[group];
    }

    /** Behind the data set and its line end. */
    int end() {
        return end;
    }

    /** What stands between the parentheses. */
    String content(int group) {
        return text.string(from[group], to[group]);
    }

    /** The value: what stands before {@code *}, without spaces around it. */
    String value(int group) {
        int star = star(group);
        return trimmed(from[group], star < 0 ? to[group] : star);
    }

    /** The unit: what stands behind {@code *}; empty without one. */
    String unit(int group) {
        int star = star(group);
        return star < 0 ? "" : trimmed(star + 1, to[group]);
    }

    private String trimmed(int first, int last) {
        int start = first;
        int stop = last;
        while (start < stop && text.at(start) <= ' ') {
            start++;
        }
        while (stop > start && text.at(stop - 1) <= ' ') {
            stop--;
        }
        return text.string(start, stop);
    }

    boolean hasUnit(int group) {
        return star(group) >= 0;
    }

    private int star(int group) {
        for (int i = from[group]; i < to[group]; i++) {
            if (text.at(i) == '*') {
                return i;
            }
        }
        return -1;
    }
}
