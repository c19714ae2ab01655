// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Messages of a dialogue as bytes: what is sent, and what is found among noise in what came. */
final class Wire {
    private static final int LONGEST_IDENTIFICATION = 64;

    private Wire() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code /?address!}. */
    static byte[] signOn(String address) {
        return ascii("/?" + address + "!\r\n");
    }

    /** {@code ACK protocol rate mode}. */
    static byte[] acknowledgement(char protocol, char rate, char mode) {
        return ascii((char) Text.ACK + "" + protocol + rate + mode + "\r\n");
    }

    /** {@code SOH command [STX data] ETX BCC}. */
    static byte[] command(String command, byte @Nullable [] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Text.SOH);
        out.writeBytes(ascii(command));
        if (data != null) {
            out.write(Text.STX);
            out.writeBytes(data);
        }
        out.write(Text.ETX);
        byte[] bytes = out.toByteArray();
        int bcc = 0;
        for (int i = 1; i < bytes.length; i++) {
            bcc ^= bytes[i];
        }
        out.write(bcc & 0x7f);
        return out.toByteArray();
    }

    /** What came without its parity bits. */
    static byte[] masked(byte[] received) {
        byte[] masked = received.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] &= 0x7f;
        }
        return masked;
    }

    /**
     * The meter's identification line.
     *
     * @param from of its slash
     * @param end behind its line end
     * @param manufacturer three letters
     * @param rate the baud rate identification
     * @param modeE whether it offers mode E
     * @param text what follows, the meter's type
     */
    record Identification(int from, int end, String manufacturer, char rate, boolean modeE, String text) {}

    /** The first complete identification; null as long as there is none. */
    static @Nullable Identification identification(byte[] bytes) {
        for (int i = 0; i + 5 < bytes.length; i++) {
            if (bytes[i] != '/' || !letter(bytes[i + 1]) || !letter(bytes[i + 2]) || !letter(bytes[i + 3])) {
                continue;
            }
            int end = i + 4;
            while (end < bytes.length && end - i < LONGEST_IDENTIFICATION && bytes[end] >= 0x20 && bytes[end] != '/') {
                end++;
            }
            if (end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n') {
                int at = i + 5;
                boolean modeE = false;
                while (at + 1 < end && bytes[at] == '\\') {
                    modeE |= bytes[at + 1] == '2';
                    at += 2;
                }
                String all = new String(bytes, i, end - i, StandardCharsets.US_ASCII);
                return new Identification(
                        i,
                        end + 2,
                        all.substring(1, 4),
                        (char) bytes[i + 4],
                        modeE,
                        all.substring(Math.min(at, end) - i));
            }
        }
        return null;
    }

    private static boolean letter(byte c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /**
     * A block that a meter sent.
     *
     * @param from of its STX or SOH
     * @param end behind its BCC
     * @param intact whether the BCC fits
     * @param more whether it ends with EOT, so that more blocks follow
     */
    record Block(int from, int end, boolean intact, boolean more) {}

    /** The first complete block that starts with a character; null as long as there is none. */
    static @Nullable Block block(byte[] bytes, int start) {
        for (int from = 0; from < bytes.length; from++) {
            if (bytes[from] != start) {
                continue;
            }
            int bcc = 0;
            for (int i = from + 1; i + 1 < bytes.length; i++) {
                bcc ^= bytes[i];
                if (bytes[i] == Text.ETX || bytes[i] == Text.EOT) {
                    return new Block(from, i + 2, (bcc & 0x7f) == bytes[i + 1], bytes[i] == Text.EOT);
                }
            }
            return null;
        }
        return null;
    }

    static boolean contains(byte[] bytes, int character) {
        for (byte one : bytes) {
            if (one == character) {
                return true;
            }
        }
        return false;
    }

    /** The text between a block's first character and its last. */
    static String content(byte[] bytes, Block block) {
        return new String(bytes, block.from() + 1, block.end() - block.from() - 3, StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
