// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.meterway.api.store.StoreException;

/** Reads what {@link ByteSink} wrote. Not thread-safe. */
final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteSource(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    ByteSource(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    int remaining() {
        return end - position;
    }

    int octet() {
        need(1);
        return bytes[position++] & 255;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw damaged();
    }

    /** A number that must be an index or a length. */
    int count() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw damaged();
        }
        return (int) value;
    }

    long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    byte[] raw(int length) {
        need(length);
        byte[] value = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return value;
    }

    byte[] block() {
        return raw(count());
    }

    String text() {
        int length = count();
        need(length);
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    private void need(int length) {
        if (length > end - position) {
            throw damaged();
        }
    }

    static StoreException damaged() {
        return new StoreException("a stored row is damaged: its bytes do not have the form they were written in");
    }
}
