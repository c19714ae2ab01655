// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing bytes with the few encodings the rows use: LEB128 variable-length numbers, zigzag for signed ones. Not thread-safe. */
final class ByteSink {
    private byte[] bytes;
    private int size;

    ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** The bytes so far without a copy; only the first {@link #size()} count. */
    byte[] buffer() {
        return bytes;
    }

    /** Forgets what was written after the first bytes. */
    void truncate(int length) {
        size = length;
    }

    void octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    /** Any 64 bits as an unsigned number, 1–10 bytes. */
    void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** A signed number, small ones of either sign short. */
    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void raw(byte[] value, int offset, int length) {
        room(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
    }

    /** Length and bytes. */
    void block(byte[] value) {
        varint(value.length);
        raw(value, 0, value.length);
    }

    void text(String value) {
        block(value.getBytes(StandardCharsets.UTF_8));
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
