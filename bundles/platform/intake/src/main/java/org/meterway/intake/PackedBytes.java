// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a day profile being written or read: variable-length numbers, seven bits a byte with the lowest first, and a
 * two-byte check at the end.
 */
final class PackedBytes {
    private static final int CHECK_BYTES = 2;

    private byte[] bytes;
    private int position;
    private final int end;

    private PackedBytes(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    static PackedBytes writer(int expectedBytes) {
        return new PackedBytes(new byte[Math.max(16, expectedBytes)], 0);
    }

    /** @throws CorruptProfileException if the check does not fit the bytes */
    static PackedBytes reader(byte[] packed) {
        int end = packed.length - CHECK_BYTES;
        if (end < 1) {
            throw new CorruptProfileException("too short: " + packed.length + " bytes");
        }
        int expected = (packed[end] & 255) << 8 | packed[end + 1] & 255;
        int actual = check(packed, end);
        if (actual != expected) {
            throw new CorruptProfileException("its check says %04x, its bytes give %04x".formatted(expected, actual));
        }
        return new PackedBytes(packed, end);
    }

    private static int check(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        long value = crc.getValue();
        return (int) (value ^ value >>> 16) & 0xffff;
    }

    /** The bytes written, with the check. */
    byte[] finish() {
        int check = check(bytes, position);
        byte[] packed = Arrays.copyOf(bytes, position + CHECK_BYTES);
        packed[position] = (byte) (check >> 8);
        packed[position + 1] = (byte) check;
        return packed;
    }

    private void room(int count) {
        if (position + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + count));
        }
    }

    void put(int value) {
        room(1);
        bytes[position++] = (byte) value;
    }

    void put(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, position, source.length);
        position += source.length;
    }

    /** Writes 64 bits without sign in one to ten bytes. */
    void putNumber(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[position++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
    }

    /** Writes a number of either sign, small ones of both signs in few bytes. */
    void putSigned(long value) {
        putNumber(zigzag(value));
    }

    int take() {
        if (position >= end) {
            throw new CorruptProfileException("it ends in the middle");
        }
        return bytes[position++] & 255;
    }

    /** Skips bytes and returns where they begin, see {@link #at}. */
    int skip(int count) {
        if (count < 0 || count > end - position) {
            throw new CorruptProfileException("it ends in the middle");
        }
        int start = position;
        position += count;
        return start;
    }

    /** @throws CorruptProfileException unless so many bytes are left */
    void require(int count) {
        if (count > end - position) {
            throw new CorruptProfileException("it ends in the middle");
        }
    }

    byte at(int index) {
        return bytes[index];
    }

    long takeNumber() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = take();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new CorruptProfileException("a number has more than ten bytes");
    }

    int takeNumber(String what, int atLeast, int atMost) {
        long value = takeNumber();
        if (value < atLeast || value > atMost) {
            throw new CorruptProfileException("%s is %d, must be %d to %d".formatted(what, value, atLeast, atMost));
        }
        return (int) value;
    }

    long takeSigned() {
        return unzigzag(takeNumber());
    }

    void expectEnd() {
        if (position != end) {
            throw new CorruptProfileException((end - position) + " bytes too many");
        }
    }

    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
