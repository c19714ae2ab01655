// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.ArrayList;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Reads COSEM values in A-XDR (IEC 61334-6; types of IEC 62056-6-2, table 2). Bounded: no length is believed before its bytes are
 * there, at most {@link #DEEPEST} levels and {@link #MOST} values in a frame.
 */
final class Axdr {
    static final int DEEPEST = 16;
    static final int MOST = 100_000;
    private static final int BIGGEST_TYPE_DESCRIPTION = 1_024;
    private int values;
    private int describedTypes;

    /** Reads one value. */
    Datum read(Cursor in) throws FrameRejectedException {
        return read(in, 0);
    }

    private Datum read(Cursor in, int depth) throws FrameRejectedException {
        int from = in.at;
        int tag = in.u8("data type");
        return switch (tag) {
            case Datum.ARRAY, Datum.STRUCTURE -> collection(in, from, tag, depth);
            case Datum.COMPACT_ARRAY -> compactArray(in, from, depth);
            default -> {
                Datum datum = plain(in, from, tag);
                if (in.trace.on()) {
                    in.trace.add(in.source, from, in.at - from, datum.toString());
                }
                yield datum;
            }
        };
    }

    private Datum collection(Cursor in, int from, int tag, int depth) throws FrameRejectedException {
        String what = Datum.typeName(tag);
        deeper(in, from, depth);
        int count = in.count(what);
        if (count > in.remaining()) {
            throw in.rejected(what, from, "says " + count + " elements, only " + in.remaining() + " bytes follow");
        }
        in.note(from, what + " of", count);
        count(in, from, 1);
        List<Datum> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(read(in, depth + 1));
        }
        return Datum.items(tag, in.source, from, items);
    }

    private static void deeper(Cursor in, int from, int depth) throws FrameRejectedException {
        if (depth >= DEEPEST) {
            throw in.rejected("data", from, "nested deeper than " + DEEPEST + " levels");
        }
    }

    private void count(Cursor in, int from, int more) throws FrameRejectedException {
        values += more;
        if (values > MOST) {
            throw in.rejected("data", from, "more than " + MOST + " values in a frame");
        }
    }

    /** Reads the contents of a type that is neither array nor structure. */
    private Datum plain(Cursor in, int from, int tag) throws FrameRejectedException {
        count(in, from, 1);
        String what = Datum.typeName(tag);
        return switch (tag) {
            case Datum.NULL, Datum.DONT_CARE -> Datum.number(tag, in.source, from, 0);
            case Datum.BOOLEAN, Datum.UNSIGNED, Datum.ENUM, 31 -> Datum.number(tag, in.source, from, in.u8(what));
            case Datum.BCD -> Datum.number(tag, in.source, from, bcd(in));
            case Datum.INTEGER, 28 -> Datum.number(tag, in.source, from, in.signed(1, what));
            case Datum.LONG, 29 -> Datum.number(tag, in.source, from, in.signed(2, what));
            case Datum.LONG_UNSIGNED, 32 -> Datum.number(tag, in.source, from, in.u16(what));
            case Datum.DOUBLE_LONG, 30 -> Datum.number(tag, in.source, from, in.signed(4, what));
            case Datum.DOUBLE_LONG_UNSIGNED, 33, Datum.FLOAT32 ->
                Datum.number(tag, in.source, from, in.number(4, what));
            case Datum.LONG64, Datum.LONG64_UNSIGNED, Datum.FLOAT64 ->
                Datum.number(tag, in.source, from, in.number(8, what));
            case Datum.BIT_STRING -> {
                int start = in.at;
                int bits = in.count(what);
                int bytes = (int) ((bits + 7L) / 8);
                if (bytes > in.remaining()) {
                    throw in.rejected(what, start, "says " + bits + " bits, only " + in.remaining() + " bytes follow");
                }
                yield Datum.octets(tag, in.source, from, in.take(bytes, what));
            }
            case Datum.OCTET_STRING, Datum.VISIBLE_STRING, Datum.UTF8_STRING ->
                Datum.octets(tag, in.source, from, in.octets(what));
            case Datum.DATE_TIME -> Datum.octets(tag, in.source, from, in.take(12, what));
            case Datum.DATE -> Datum.octets(tag, in.source, from, in.take(5, what));
            case Datum.TIME -> Datum.octets(tag, in.source, from, in.take(4, what));
            default -> throw in.rejected("data type", from, "there is no data type " + tag);
        };
    }

    private static long bcd(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int value = in.u8("bcd");
        if ((value & 15) > 9 || value >> 4 > 9) {
            throw in.rejected("bcd", start, "has a digit above 9: " + Integer.toHexString(value));
        }
        return (value >> 4) * 10L + (value & 15);
    }

    /** The type of a compact array's elements. */
    private record Type(int tag, int count, List<Type> elements) {}

    private Datum compactArray(Cursor in, int from, int depth) throws FrameRejectedException {
        deeper(in, from, depth);
        describedTypes = 0;
        Type type = type(in, depth + 1);
        in.note(from, "compact-array of", Datum.typeName(type.tag));
        int start = in.at;
        Cursor contents = in.sub(in.length("compact-array contents"), "compact-array contents");
        in.note(start, "contents of bytes", contents.remaining());
        count(in, from, 1);
        List<Datum> items = new ArrayList<>();
        while (contents.remaining() > 0) {
            int before = contents.at;
            items.add(contents(contents, type));
            if (contents.at == before) {
                throw contents.rejected("compact-array contents", before, "elements without any bytes");
            }
        }
        return Datum.items(Datum.ARRAY, in.source, from, items);
    }

    private Type type(Cursor in, int depth) throws FrameRejectedException {
        int from = in.at;
        deeper(in, from, depth);
        if (++describedTypes > BIGGEST_TYPE_DESCRIPTION) {
            throw in.rejected("compact-array type", from, "describes more than " + BIGGEST_TYPE_DESCRIPTION + " types");
        }
        int tag = in.u8("compact-array type");
        if (tag == Datum.ARRAY) {
            int count = in.u16("compact-array type");
            return new Type(tag, count, List.of(type(in, depth + 1)));
        }
        if (tag == Datum.STRUCTURE) {
            int count = in.count("compact-array type");
            if (count > in.remaining()) {
                throw in.rejected("compact-array type", from, "says " + count + " elements, fewer bytes follow");
            }
            List<Type> elements = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                elements.add(type(in, depth + 1));
            }
            return new Type(tag, count, elements);
        }
        return new Type(tag, 0, List.of());
    }

    private Datum contents(Cursor in, Type type) throws FrameRejectedException {
        int from = in.at;
        if (type.tag != Datum.ARRAY && type.tag != Datum.STRUCTURE) {
            Datum datum = plain(in, from, type.tag);
            if (in.trace.on() && in.at > from) {
                in.trace.add(in.source, from, in.at - from, datum.toString());
            }
            return datum;
        }
        count(in, from, 1 + type.count);
        values -= type.count;
        List<Datum> items = new ArrayList<>(type.count);
        for (int i = 0; i < type.count; i++) {
            items.add(contents(in, type.elements.get(type.tag == Datum.ARRAY ? 0 : i)));
        }
        return Datum.items(type.tag, in.source, from, items);
    }
}
