// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.nio.charset.StandardCharsets;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/**
 * The characters of a frame, parity bits taken off, and where they stand. Messages are of 7-bit characters (IEC 62056-21, 5.1); a
 * capture by an 8-bit port has the parity in bit 7 of each.
 */
final class Text {
    static final int SOH = 1;
    static final int STX = 2;
    static final int ETX = 3;
    static final int EOT = 4;
    static final int ACK = 6;
    static final int NAK = 0x15;
    /** Longest text shown of a value in a trace. */
    private static final int LONGEST_SHOWN = 160;

    private static final int[] CRC_TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xa001;
            }
            CRC_TABLE[i] = crc;
        }
    }

    private final byte[] bytes;
    private final byte[] raw;
    private final boolean evenParity;
    private final String part;
    private final int base;
    private final DecodeContext context;
    private final boolean traced;

    private Text(byte[] bytes, byte[] raw, boolean evenParity, String part, int base, DecodeContext context) {
        this.bytes = bytes;
        this.raw = raw;
        this.evenParity = evenParity;
        this.part = part;
        this.base = base;
        this.context = context;
        this.traced = context.traced();
    }

    /** The characters of a frame. */
    static Text of(byte[] raw, DecodeContext context) {
        int[] seen = new int[256];
        boolean allEven = true;
        int high = 0;
        for (byte one : raw) {
            seen[one & 255]++;
            allEven &= even(one);
            high += one < 0 ? 1 : 0;
        }
        // ')' has an odd number of ones and '(' an even one: with even parity the first has bit 7 set, with odd the
        // second.
        boolean even = seen[')' | 0x80] > seen[')'] || (high > 0 && allEven);
        boolean odd = seen['(' | 0x80] > seen['('];
        if (!even && !odd) {
            return new Text(raw, raw, false, "", 0, context);
        }
        byte[] masked = new byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            masked[i] = (byte) (raw[i] & 0x7f);
        }
        return new Text(masked, raw, even && !odd, "", 0, context);
    }

    /**
     * Characters derived from a frame byte by byte.
     *
     * @param base offset in the frame of what the first character was derived from
     */
    static Text derived(byte[] bytes, String part, int base, DecodeContext context) {
        return new Text(bytes, bytes, false, part, base, context);
    }

    private static boolean even(byte one) {
        return (Integer.bitCount(one & 255) & 1) == 0;
    }

    int length() {
        return bytes.length;
    }

    /** The character at an offset, 0–255; −1 behind the last. */
    int at(int offset) {
        return offset < bytes.length ? bytes[offset] & 255 : -1;
    }

    String string(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The characters for people: control characters as dots, long ones cut. */
    String shown(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to && i < from + LONGEST_SHOWN; i++) {
            int c = bytes[i] & 255;
            text.append(c < 0x20 || c == 0x7f ? '.' : (char) c);
        }
        return to - from > LONGEST_SHOWN ? text + "…" : text.toString();
    }

    /** Whether two or more letters-only characters of a manufacturer stand behind a slash: the start of an identification. */
    boolean identificationAt(int offset) {
        return at(offset) == '/' && letter(at(offset + 1)) && letter(at(offset + 2)) && letter(at(offset + 3));
    }

    private static boolean letter(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /** The offset behind carriage returns and line feeds. */
    int skipLineEnd(int offset) {
        int at = offset;
        while (at(at) == '\r' || at(at) == '\n') {
            at++;
        }
        return at;
    }

    /** Where the line ends: at its carriage return, line feed or the last character. */
    int lineEnd(int from, int longest) {
        int at = from;
        while (at < bytes.length && at - from < longest && bytes[at] != '\r' && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** CRC-16/ARC of DSMR P1 5.0.2, 5.2: polynomial x16 + x15 + x2 + 1, least significant bit first, start 0. */
    int crc16(int from, int to, boolean restoreCarriageReturns) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            if (restoreCarriageReturns && raw[i] == '\n' && (i == from || raw[i - 1] != '\r')) {
                crc = crcStep(crc, '\r');
            }
            crc = crcStep(crc, raw[i] & 255);
        }
        return crc;
    }

    private static int crcStep(int crc, int octet) {
        return crc >> 8 ^ CRC_TABLE[(crc ^ octet) & 255];
    }

    /** Block check character of IEC 62056-21, 6.2 and ISO 1155: the exclusive or of the characters. */
    int bcc(int from, int to) {
        int bcc = 0;
        for (int i = from; i < to; i++) {
            bcc ^= bytes[i];
        }
        return bcc & 0x7f;
    }

    /** The sum of the characters modulo 128. */
    int sum(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytes[i];
        }
        return sum & 0x7f;
    }

    /** Checks the parity of the characters of a message, where the capture has it. */
    void checkParity(int from, int to) throws FrameRejectedException {
        for (int i = from; evenParity && i < to; i++) {
            if (!even(raw[i])) {
                throw rejected(
                        "parity", i, String.format("character 0x%02X has odd parity, expected even", raw[i] & 255));
            }
        }
    }

    boolean traced() {
        return traced;
    }

    /** Tells what characters mean; to be called only while {@link #traced}. */
    void field(int from, int to, String meaning) {
        if (to > from) {
            context.field(new Field(part, from, to - from, meaning));
        }
    }

    FrameRejectedException rejected(String field, int offset, String reason) {
        return new FrameRejectedException(field, base + offset, reason);
    }
}
