// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.util.HexFormat;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Reads the elements of an SML file one by one (SML binary encoding, SML 1.04, 6): a type-length field of one byte or more and the value.
 * Nothing is built from what an element says of its length: it must be there.
 */
final class Elements {
    static final int OCTETS = 0;
    static final int BOOLEAN = 4;
    static final int INTEGER = 5;
    static final int UNSIGNED = 6;
    static final int LIST = 7;
    private static final int MOST_LENGTH_BYTES = 4;
    private static final int MOST_DEPTH = 32;
    private static final int LONGEST_SHOWN = 64;

    private final Payload payload;
    private final int end;
    private int at;
    private int start;
    private int type;
    private int valueAt;
    private int length;

    Elements(Payload payload, int end) {
        this.payload = payload;
        this.end = end;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at >= end;
    }

    /** The byte at the position, which is not the end. */
    int peek() {
        return payload.bytes()[at] & 255;
    }

    void skipByte() {
        at++;
    }

    /** Where the element read last starts. */
    int start() {
        return start;
    }

    int type() {
        return type;
    }

    /** Bytes of the value, or elements of the list. */
    int length() {
        return length;
    }

    /** Whether the element read last is an optional one that is not there. */
    boolean absent() {
        return type == OCTETS && length == 0;
    }

    /**
     * Reads the next element's type and length and passes over its value, unless it is a list.
     *
     * @param what it should be, for the rejection
     */
    void next(String what) throws FrameRejectedException {
        if (at >= end) {
            throw payload.rejected(what, at, "expected an element, the file ends");
        }
        start = at;
        int octet = payload.bytes()[at++] & 255;
        type = octet >> 4 & 7;
        int total = octet & 15;
        int fields = 1;
        while ((octet & 0x80) != 0) {
            if (fields == MOST_LENGTH_BYTES || at >= end) {
                throw payload.rejected(
                        what, start, "expected a type-length field of at most " + MOST_LENGTH_BYTES + " bytes");
            }
            octet = payload.bytes()[at++] & 255;
            if ((octet & 0x70) != 0) {
                throw payload.rejected(
                        what, at - 1, String.format("expected more of the length (0x or 8x), was %02x", octet));
            }
            total = total << 4 | octet & 15;
            fields++;
        }
        valueAt = at;
        if (type == LIST) {
            length = total;
            // Every element has a byte at least.
            if (length > end - at) {
                throw payload.rejected(
                        what, start, "is a list of " + length + ", only " + (end - at) + " bytes follow");
            }
            return;
        }
        length = total - fields;
        if (total == 0 && fields == 1 && type == OCTETS) {
            throw payload.rejected(what, start, "expected an element, the message ends");
        }
        if (length < 0 || length > end - at) {
            throw payload.rejected(
                    what, start, "has a length of " + total + ", only " + (end - start) + " bytes are there");
        }
        if (type == BOOLEAN ? length != 1 : type != OCTETS && (type < INTEGER || length < 1 || length > 8)) {
            throw payload.rejected(
                    what, start, String.format("type-length field %02x is none of SML", payload.bytes()[start] & 255));
        }
        at += length;
    }

    /** Reads a list of so many elements. */
    void list(String what, int elements) throws FrameRejectedException {
        next(what);
        if (type != LIST || length != elements) {
            throw expected(what, "a list of " + elements);
        }
    }

    /** Reads an octet string or nothing. */
    void octets(String what) throws FrameRejectedException {
        next(what);
        if (type != OCTETS) {
            throw expected(what, "an octet string");
        }
    }

    FrameRejectedException expected(String what, String expected) {
        return payload.rejected(what, start, "expected " + expected + ", was " + shown());
    }

    /** Whether the element read last is a number. */
    boolean number() {
        return type == INTEGER || type == UNSIGNED;
    }

    /** The number read last: signed, or unsigned below 2⁶³; see {@link #beyond}. */
    long integer() {
        long value = type == INTEGER && payload.bytes()[valueAt] < 0 ? -1 : 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | payload.bytes()[valueAt + i] & 255;
        }
        return value;
    }

    /** Whether the unsigned number read last has its 64th bit set, so that {@link #integer} shows it negative. */
    boolean beyond() {
        return type == UNSIGNED && length == 8 && payload.bytes()[valueAt] < 0;
    }

    int octet(int index) {
        return payload.bytes()[valueAt + index] & 255;
    }

    String hex() {
        String hex = HexFormat.of().formatHex(payload.bytes(), valueAt, valueAt + Math.min(length, LONGEST_SHOWN));
        return length > LONGEST_SHOWN ? hex + "…" : hex;
    }

    /** The element read last for people. */
    String shown() {
        return switch (type) {
            case OCTETS -> length == 0 ? "not set" : text();
            case BOOLEAN -> octet(0) == 0 ? "false" : "true";
            case LIST -> "a list of " + length;
            default -> beyond() ? Long.toUnsignedString(integer()) : Long.toString(integer());
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length && i < LONGEST_SHOWN; i++) {
            int c = octet(i);
            if (c < 0x20 || c > 0x7e) {
                return hex();
            }
            text.append((char) c);
        }
        return hex() + " (\"" + text + "\")";
    }

    /** Told of each element while {@link #walk} passes over it. */
    @FunctionalInterface
    interface Visitor {
        void element(int depth) throws FrameRejectedException;
    }

    /** Passes over one whole element with all it contains, without recursion. */
    void walk(String what, Visitor visitor) throws FrameRejectedException {
        int[] open = new int[MOST_DEPTH];
        int depth = 0;
        next(what);
        visitor.element(depth);
        if (type != LIST) {
            return;
        }
        open[0] = length;
        while (depth >= 0) {
            if (open[depth] == 0) {
                depth--;
                continue;
            }
            open[depth]--;
            next(what);
            visitor.element(depth + 1);
            if (type == LIST) {
                if (++depth == MOST_DEPTH) {
                    throw payload.rejected(what, start, "lists are nested more than " + MOST_DEPTH + " deep");
                }
                open[depth] = length;
            }
        }
    }
}
