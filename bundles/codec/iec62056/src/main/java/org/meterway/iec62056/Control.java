// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import org.meterway.api.codec.FrameRejectedException;

/** The messages of a dialogue that bring no values: sign-on, identification, acknowledgement and commands (IEC 62056-21, 6.3). */
final class Control {
    private static final int LONGEST_ADDRESS = 34;

    private Control() {}

    /** {@code /?address!}: whoever has this address, or all. */
    static int signOn(Text text, int start) throws FrameRejectedException {
        int bang = start + 2;
        while (bang < text.length()
                && text.at(bang) != '!'
                && text.at(bang) >= 0x20
                && bang - start < LONGEST_ADDRESS) {
            bang++;
        }
        if (text.at(bang) != '!') {
            throw text.rejected("request message", bang, "expected '!' behind an address of at most 32 characters");
        }
        int end = text.skipLineEnd(bang + 1);
        if (end == bang + 1) {
            throw text.rejected("request message", end, "expected a line end behind '!'");
        }
        if (text.traced()) {
            text.field(start, start + 2, "request message");
            text.field(start + 2, bang, "address: " + text.shown(start + 2, bang));
            text.field(bang, end, "end of request");
        }
        return end;
    }

    /** {@code /XXXZ\Wident}: manufacturer, rate, enhanced modes, type. Tells the fields up to {@code end}. */
    static void identification(Text text, int start, int lineEnd, int end) {
        if (!text.traced()) {
            return;
        }
        text.field(start, start + 1, "start");
        text.field(start + 1, start + 4, "manufacturer: " + text.shown(start + 1, start + 4));
        int at = start + 4;
        if (at < lineEnd) {
            text.field(at, at + 1, rate(text.at(at)));
            at++;
        }
        while (at + 1 < lineEnd && text.at(at) == '\\') {
            text.field(at, at + 2, text.at(at + 1) == '2' ? "mode E" : "enhanced mode " + (char) text.at(at + 1));
            at += 2;
        }
        text.field(at, lineEnd, "identification: " + text.shown(at, lineEnd));
        text.field(lineEnd, end, "line end");
    }

    private static String rate(int z) {
        int baud = Rates.baud(z);
        return "baud rate identification: " + (char) z + (baud == 0 ? "" : " (" + baud + " baud)");
    }

    /** Whether ACK or NAK stands alone as a message does, not within noise. */
    static boolean acknowledges(Text text, int at) {
        int next = text.at(at + 1);
        return next < 0 || (text.at(at) == Text.ACK && next >= '0' && next <= '9' && text.at(at + 4) == '\r');
    }

    /** {@code ACK V Z Y}: protocol control, rate, mode; or ACK or NAK alone. */
    static int acknowledge(Text text, int start) throws FrameRejectedException {
        boolean alone = text.at(start + 1) < 0;
        if (text.traced()) {
            text.field(start, start + 1, text.at(start) == Text.ACK ? "ACK" : "NAK: repeat");
        }
        if (alone) {
            return start + 1;
        }
        int protocol = text.at(start + 1);
        int mode = text.at(start + 3);
        if (Rates.baud(text.at(start + 2)) == 0) {
            throw text.rejected(
                    "baud rate identification", start + 2, "expected 0 to 6, was '" + (char) text.at(start + 2) + "'");
        }
        int end = text.skipLineEnd(start + 4);
        if (text.traced()) {
            text.field(
                    start + 1,
                    start + 2,
                    "protocol control: " + (char) protocol
                            + (protocol == '0' ? " (normal)" : protocol == '2' ? " (HDLC)" : ""));
            text.field(start + 2, start + 3, rate(text.at(start + 2)));
            text.field(
                    start + 3,
                    start + 4,
                    "mode control: " + (char) mode
                            + switch (mode) {
                                case '0' -> " (data readout)";
                                case '1' -> " (programming)";
                                case '2' -> " (binary, HDLC)";
                                default -> "";
                            });
            text.field(start + 4, end, "line end");
        }
        return end;
    }

    /** {@code SOH C D STX data ETX BCC}: a password, read, write, execute or break. */
    static int command(Text text, int start) throws FrameRejectedException {
        int end = start + 1;
        while (end < text.length() && text.at(end) != Text.ETX && text.at(end) != Text.EOT) {
            int c = text.at(end);
            if (c < 0x20 && c != Text.STX && c != '\r' && c != '\n') {
                throw text.rejected("command message", end, String.format("control character 0x%02X, expected ETX", c));
            }
            end++;
        }
        if (end + 1 >= text.length()) {
            throw text.rejected("end of message", text.length(), "the command message has no ETX and BCC");
        }
        text.checkParity(start, end + 2);
        Messages.checkBcc(text, start + 1, end, false);
        int type = text.at(start + 2);
        if (type < '0' || type > '9') {
            throw text.rejected("command type", start + 2, "expected a digit, was '" + (char) type + "'");
        }
        int data = start + 3;
        if (text.at(data) != Text.STX && data != end) {
            throw text.rejected("command message", data, "expected STX or ETX behind the command");
        }
        if (text.traced()) {
            int command = text.at(start + 1);
            text.field(start, start + 1, "SOH");
            text.field(start + 1, start + 3, "command: " + (char) command + (char) type + name(command));
            if (data != end) {
                text.field(data, data + 1, "STX");
                // A password is no one's business who reads a trace.
                text.field(data + 1, end, command == 'P' ? "password" : "data set: " + text.shown(data + 1, end));
            }
            text.field(end, end + 1, text.at(end) == Text.ETX ? "ETX" : "EOT");
            text.field(end + 1, end + 2, String.format("BCC: %02X", text.at(end + 1)));
        }
        return end + 2;
    }

    private static String name(int command) {
        return switch (command) {
            case 'P' -> " (password)";
            case 'R' -> " (read)";
            case 'W' -> " (write)";
            case 'E' -> " (execute)";
            default -> " (break)";
        };
    }
}
