// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.meterway.api.codec.FrameRejectedException;

/** Reads a run of bytes from front to end and rejects what is not there, naming field and byte of the frame. */
final class Cursor {
    private static final HexFormat HEX = HexFormat.of();
    final Source source;
    final Trace trace;
    final int end;
    int at;

    Cursor(Source source, int from, int end, Trace trace) {
        this.source = source;
        this.at = from;
        this.end = end;
        this.trace = trace;
    }

    static Cursor of(Source source, Trace trace) {
        return new Cursor(source, 0, source.bytes.length, trace);
    }

    int remaining() {
        return end - at;
    }

    /** The byte {@code ahead} of here, −1 beyond the end. */
    int peek(int ahead) {
        return at + ahead < end ? source.bytes[at + ahead] & 255 : -1;
    }

    int u8(String field) throws FrameRejectedException {
        need(1, field);
        return source.bytes[at++] & 255;
    }

    int u16(String field) throws FrameRejectedException {
        need(2, field);
        int value = (source.bytes[at] & 255) << 8 | source.bytes[at + 1] & 255;
        at += 2;
        return value;
    }

    long u32(String field) throws FrameRejectedException {
        return number(4, field);
    }

    /** A big-endian number of up to eight bytes; eight bytes come as their bits. */
    long number(int length, String field) throws FrameRejectedException {
        need(length, field);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | source.bytes[at++] & 255;
        }
        return value;
    }

    /** A two's complement number of up to eight bytes. */
    long signed(int length, String field) throws FrameRejectedException {
        int shift = 64 - 8 * length;
        return number(length, field) << shift >> shift;
    }

    /** A length or count (A-XDR, IEC 61334-6, 6.12; also BER) without regard to what follows. */
    int count(String field) throws FrameRejectedException {
        int start = at;
        int first = u8(field);
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 4) {
            throw rejected(field, start, "a length in " + bytes + " bytes, 1 to 4 are possible");
        }
        long value = number(bytes, field);
        if (value > Integer.MAX_VALUE) {
            throw rejected(field, start, "says " + value + ", which is more than any frame has");
        }
        return (int) value;
    }

    /** A length in bytes; they must be there. */
    int length(String field) throws FrameRejectedException {
        int start = at;
        int length = count(field);
        if (length > remaining()) {
            throw rejected(field, start, "says " + length + " bytes, only " + remaining() + " follow");
        }
        return length;
    }

    byte[] take(int length, String field) throws FrameRejectedException {
        need(length, field);
        at += length;
        return Arrays.copyOfRange(source.bytes, at - length, at);
    }

    /** Length and bytes of an octet string without its tag. */
    byte[] octets(String field) throws FrameRejectedException {
        return take(length(field), field);
    }

    Cursor sub(int length, String field) throws FrameRejectedException {
        need(length, field);
        at += length;
        return new Cursor(source, at - length, at, trace);
    }

    void need(int length, String field) throws FrameRejectedException {
        if (length > remaining()) {
            throw rejected(field, at, "ends after " + remaining() + " of " + length + " bytes");
        }
    }

    /** Nothing may follow. */
    void finish(String what) throws FrameRejectedException {
        if (at < end) {
            throw rejected(what, at, "is complete but " + remaining() + " bytes follow");
        }
    }

    FrameRejectedException rejected(String field, int offset, String reason) {
        return new FrameRejectedException(field, source.frameOffset(offset), reason);
    }

    /** Tells what the bytes since {@code from} mean. */
    void note(int from, String name, Object value) {
        if (trace.on()) {
            trace.add(source, from, at - from, name + ": " + value);
        }
    }

    /** Tells what the bytes since {@code from} mean, in words that are made only if somebody listens. */
    void note(int from, String name, Supplier<?> value) {
        if (trace.on()) {
            trace.add(source, from, at - from, name + ": " + value.get());
        }
    }

    /** Tells in hexadecimal what the bytes since {@code from} are. */
    void noteHex(int from, String name) {
        if (trace.on()) {
            trace.add(source, from, at - from, name + ": " + HEX.formatHex(source.bytes, from, at));
        }
    }
}
