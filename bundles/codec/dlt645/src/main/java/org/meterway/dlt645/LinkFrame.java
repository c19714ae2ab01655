// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;

/**
 * One frame of the link layer (2007: 5.2; 1997: 5.2), whole and with the right checksum: 68 address 68 control length data checksum
 * 16.
 *
 * @param bytes what it was found in
 * @param start offset of the first 68
 */
record LinkFrame(byte[] bytes, int start) {
    static final int PREAMBLE = 0xFE;
    static final int START = 0x68;
    static final int END = 0x16;

    /** Most data bytes of a frame: 200 (2007: 5.2.5). */
    static final int MOST_DATA = 200;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int HEADER = 10;
    private static final int BESIDE_DATA = 12;

    /** Reads the frame that begins here. */
    static LinkFrame at(byte[] bytes, int start) throws FrameRejectedException {
        expect(bytes, start, START, "start");
        // What is there is checked before more is missed: the first wrong byte says more than the length.
        if (bytes.length > start + 7) {
            expect(bytes, start + 7, START, "second start");
        }
        if (bytes.length < start + HEADER) {
            throw new FrameRejectedException(
                    "header", bytes.length, "ends after " + (bytes.length - start) + " of " + HEADER + " bytes");
        }
        int length = bytes[start + 9] & 0xFF;
        if (length > MOST_DATA) {
            throw new FrameRejectedException("length", start + 9, "is " + length + ", at most " + MOST_DATA);
        }
        int whole = BESIDE_DATA + length;
        int checksumAt = start + HEADER + length;
        if (bytes.length > checksumAt) {
            int sum = sum(bytes, start, checksumAt);
            if (sum != (bytes[checksumAt] & 0xFF)) {
                throw new FrameRejectedException(
                        "checksum", checksumAt, "is " + hex(bytes[checksumAt]) + ", the bytes sum up to " + hex(sum));
            }
        }
        if (bytes.length < start + whole) {
            throw new FrameRejectedException(
                    bytes.length <= checksumAt ? "data" : "end",
                    bytes.length,
                    "the frame ends after " + (bytes.length - start) + " of " + whole + " bytes");
        }
        expect(bytes, checksumAt + 1, END, "end");
        return new LinkFrame(bytes, start);
    }

    /** All whole frames in what came over a line, whatever noise is between them. */
    static List<LinkFrame> find(byte[] bytes) {
        List<LinkFrame> found = new ArrayList<>();
        int at = 0;
        while (at + BESIDE_DATA <= bytes.length) {
            if ((bytes[at] & 0xFF) == START && (bytes[at + 7] & 0xFF) == START) {
                try {
                    LinkFrame frame = at(bytes, at);
                    found.add(frame);
                    at = frame.end();
                    continue;
                } catch (FrameRejectedException noFrame) {
                    // A 68 in the noise or in a torn frame; the next one may begin a whole frame.
                }
            }
            at++;
        }
        return found;
    }

    /** A frame to be sent, without preamble. */
    static byte[] encode(byte[] address, int control, byte[] plain) {
        byte[] frame = new byte[BESIDE_DATA + plain.length];
        frame[0] = START;
        System.arraycopy(address, 0, frame, 1, 6);
        frame[7] = START;
        frame[8] = (byte) control;
        frame[9] = (byte) plain.length;
        for (int i = 0; i < plain.length; i++) {
            frame[HEADER + i] = (byte) (plain[i] + 0x33);
        }
        frame[frame.length - 2] = (byte) sum(frame, 0, frame.length - 2);
        frame[frame.length - 1] = END;
        return frame;
    }

    private static void expect(byte[] bytes, int at, int wanted, String field) throws FrameRejectedException {
        if ((bytes[at] & 0xFF) != wanted) {
            throw new FrameRejectedException(field, at, "must be " + hex(wanted) + ", is " + hex(bytes[at]));
        }
    }

    private static int sum(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytes[i];
        }
        return sum & 0xFF;
    }

    static String hex(int value) {
        return HEX.toHexDigits((byte) value);
    }

    int control() {
        return bytes[start + 8] & 0xFF;
    }

    int length() {
        return bytes[start + 9] & 0xFF;
    }

    /** Offset of the first data byte. */
    int dataAt() {
        return start + HEADER;
    }

    /** Offset of the checksum. */
    int checksumAt() {
        return dataAt() + length();
    }

    /** Offset of the first byte after the frame. */
    int end() {
        return checksumAt() + 2;
    }

    /** A data byte as it was before 33H was added. */
    int plain(int index) {
        return bytes[dataAt() + index] - 0x33 & 0xFF;
    }

    /** Sent by a meter. */
    boolean answer() {
        return (control() & 0x80) != 0;
    }

    /** A meter's refusal. */
    boolean abnormal() {
        return (control() & 0x40) != 0;
    }

    /** More frames follow with the rest of the data. */
    boolean followed() {
        return (control() & 0x20) != 0;
    }

    /** The address, the highest digits first, {@code A} where any digit is meant. */
    String address() {
        StringBuilder text = new StringBuilder(12);
        for (int i = 6; i >= 1; i--) {
            text.append(hex(bytes[start + i]));
        }
        return text.toString();
    }

    /** The frame's own bytes. */
    byte[] copy() {
        return Arrays.copyOfRange(bytes, start, end());
    }
}
