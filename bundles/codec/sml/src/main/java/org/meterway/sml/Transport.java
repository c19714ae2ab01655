// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Finds the transport frames of version 1 in a run of bytes (SML 1.04, 8): {@code 1b1b1b1b 01010101 … 1b1b1b1b 1a PP CC CC}, where four
 * bytes 1b in the data are sent twice, PP zero bytes pad to a multiple of four, and the checksum covers everything before it.
 */
final class Transport {
    private static final int ESCAPE = 0x1b;
    private static final int END = 0x1a;
    private static final int START_LENGTH = 8;
    private static final int END_LENGTH = 8;
    private static final int MOST_UNALIGNED = 8;

    private final byte[] bytes;

    Transport(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * One transport frame.
     *
     * @param payload what it carries
     * @param end behind it in the run
     * @param padding how many zero bytes it says there are
     * @param kermit whether its checksum is the other one
     */
    record Found(Payload payload, int end, int padding, boolean kermit) {}

    /** Where the next frame starts at or behind an offset, −1 if none does. */
    int start(int from) {
        for (int i = from; i + START_LENGTH <= bytes.length; i++) {
            if (bytes[i] == ESCAPE && escapeAt(i) && versionAt(i + 4) > 0) {
                return i;
            }
        }
        return -1;
    }

    private boolean escapeAt(int at) {
        return at + 4 <= bytes.length
                && bytes[at] == ESCAPE
                && bytes[at + 1] == ESCAPE
                && bytes[at + 2] == ESCAPE
                && bytes[at + 3] == ESCAPE;
    }

    /** The version that four equal bytes 01 to 07 say, 0 for none. */
    private int versionAt(int at) {
        int version = bytes[at];
        return version >= 1
                        && version <= 7
                        && bytes[at + 1] == version
                        && bytes[at + 2] == version
                        && bytes[at + 3] == version
                ? version
                : 0;
    }

    /**
     * Reads the frame that starts at an offset.
     *
     * @return null if the run ends before it does
     */
    @Nullable
    Found read(int start) throws FrameRejectedException {
        int version = versionAt(start + 4);
        if (version != 1) {
            throw new FrameRejectedException(
                    "transport version",
                    start + 4,
                    "expected 01010101, was " + String.format("%02x", version).repeat(4));
        }
        int at = start + START_LENGTH;
        Unescaped data = new Unescaped(at);
        int unaligned = 0;
        while (at < bytes.length) {
            if (!escapeAt(at)) {
                data.add(bytes[at++]);
            } else if (escapeAt(at + 4)) {
                data.escape();
                at += 8;
            } else if (at + 4 == bytes.length) {
                return null;
            } else if (bytes[at + 4] == ESCAPE) {
                // The first of five to seven is data, the escape follows.
                data.add(bytes[at++]);
            } else if (at + END_LENGTH > bytes.length) {
                return null;
            } else if (bytes[at + 4] == END && ((at - start) % 4 == 0 || fits(start, at))) {
                return checked(start, at, data.payload());
            } else if (versionAt(at + 4) > 0) {
                throw new FrameRejectedException("end of transport", at, "expected 1b1b1b1b 1a, another frame begins");
            } else if ((at - start) % 4 != 0 && ++unaligned < MOST_UNALIGNED) {
                // Some meters escape only where four bytes are aligned: the checksum tells.
                data.add(bytes[at++]);
            } else {
                throw new FrameRejectedException(
                        "escape sequence",
                        at + 4,
                        String.format(
                                "expected 1b1b1b1b or 1a and the padding behind the escape, was %02x", bytes[at + 4]));
            }
        }
        return null;
    }

    private int given(int at) {
        return (bytes[at + 6] & 255) | (bytes[at + 7] & 255) << 8;
    }

    private boolean fits(int start, int at) {
        return Crc16.x25(bytes, start, at + 6) == given(at) || Crc16.kermit(bytes, start, at + 6) == given(at);
    }

    private Found checked(int start, int at, Payload payload) throws FrameRejectedException {
        int given = given(at);
        int computed = Crc16.x25(bytes, start, at + 6);
        boolean kermit = given != computed && Crc16.kermit(bytes, start, at + 6) == given;
        if (given != computed && !kermit) {
            throw new FrameRejectedException(
                    "transport CRC",
                    at + 6,
                    String.format(
                            "is %04x, the frame's bytes give %04x", Crc16.swapped(given), Crc16.swapped(computed)));
        }
        int padding = bytes[at + 5] & 255;
        if (padding > 3 || padding > payload.length()) {
            throw new FrameRejectedException("padding", at + 5, "expected 0 to 3 bytes, was " + padding);
        }
        return new Found(payload, at + END_LENGTH, padding, kermit);
    }

    /** Collects what a frame carries. */
    private static final class Unescaped {
        private final int base;
        private byte[] data = new byte[512];
        private int[] escapes = new int[4];
        private int length;
        private int count;

        Unescaped(int base) {
            this.base = base;
        }

        void add(byte octet) {
            if (length == data.length) {
                data = Arrays.copyOf(data, 2 * length);
            }
            data[length++] = octet;
        }

        void escape() {
            if (count == escapes.length) {
                escapes = Arrays.copyOf(escapes, 2 * count);
            }
            escapes[count++] = length;
            for (int i = 0; i < 4; i++) {
                add((byte) ESCAPE);
            }
        }

        Payload payload() {
            return new Payload(data, length, base, Arrays.copyOf(escapes, count));
        }
    }
}
