// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import org.meterway.api.codec.FrameRejectedException;

/**
 * The messages in a frame, one or a whole capture: P1 telegrams and mode D messages {@code /…!}, data messages {@code STX … ETX BCC}
 * with or without the identification before, and the messages of a dialogue. What stands before the first message and a telegram cut
 * off at the end of a capture are passed over. A damaged message rejects the frame, except in a capture with two or more good ones,
 * where the readers of such streams resynchronise.
 */
final class Messages {
    private static final int LONGEST_LINE = 256;
    private static final int MOST_DAMAGED = 16;
    private static final int MOST_MESSAGES = 2_048;
    /** Of {@link #message}: the message goes on behind the end of the bytes. */
    private static final int CUT_OFF = -1;

    private final Text text;
    private final String target;
    private final ReadingSink sink;

    Messages(Text text, String target, ReadingSink sink) {
        this.text = text;
        this.target = target;
        this.sink = sink;
    }

    void read() throws FrameRejectedException {
        int good = 0;
        int damaged = 0;
        FrameRejectedException first = null;
        int at = 0;
        while (at < text.length()) {
            int start = next(at);
            if (good == MOST_MESSAGES && start < text.length()) {
                throw text.rejected("capture", start, "has more than " + MOST_MESSAGES + " messages");
            }
            if (start > at) {
                field(at, start, blank(at, start) ? "line end" : "noise");
            }
            if (start == text.length()) {
                break;
            }
            int mark = sink.mark();
            try {
                int end = message(start);
                if (end == CUT_OFF) {
                    if (good == 0) {
                        throw first != null
                                ? first
                                : text.rejected(
                                        "end of message",
                                        text.length(),
                                        "the message that begins at byte " + start + " is cut off");
                    }
                    field(start, text.length(), "message cut off");
                    break;
                }
                good++;
                at = end;
            } catch (FrameRejectedException rejected) {
                sink.rollback(mark);
                first = first == null ? rejected : first;
                if (++damaged == MOST_DAMAGED) {
                    throw first;
                }
                at = next(Math.max(start + 1, Math.min(text.length(), resume(start))));
                field(start, at, "damaged message: " + rejected.getMessage());
                sink.unnamed("damaged message at byte " + start);
            }
        }
        if (first != null && good < 2) {
            throw first;
        }
        if (good == 0) {
            throw text.rejected(
                    "start character", 0, "there is no message: expected '/' and an identification, STX, SOH or ACK");
        }
    }

    /** Behind the identification line of a damaged telegram, in which an STX may stand. */
    private int resume(int start) {
        return text.at(start) == '/' ? text.lineEnd(start, LONGEST_LINE) : start + 1;
    }

    private boolean blank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.at(i) != '\r' && text.at(i) != '\n' && text.at(i) != ' ') {
                return false;
            }
        }
        return true;
    }

    private void field(int from, int to, String meaning) {
        if (text.traced()) {
            text.field(from, to, meaning);
        }
    }

    /** Where the next message starts, or the end. */
    private int next(int from) {
        for (int i = from; i < text.length(); i++) {
            int c = text.at(i);
            if (c == Text.STX
                    || (c == '/' && (text.at(i + 1) == '?' || text.identificationAt(i)))
                    || (c == Text.SOH && "PWREB".indexOf(text.at(i + 1)) >= 0)
                    || ((c == Text.ACK || c == Text.NAK) && Control.acknowledges(text, i))) {
                return i;
            }
        }
        return text.length();
    }

    private int message(int start) throws FrameRejectedException {
        switch (text.at(start)) {
            case Text.STX:
                return dataMessage(start);
            case Text.SOH:
                return Control.command(text, start);
            case Text.ACK, Text.NAK:
                return Control.acknowledge(text, start);
            default:
                return text.at(start + 1) == '?' ? Control.signOn(text, start) : telegram(start);
        }
    }

    /** An identification and what follows it. */
    private int telegram(int start) throws FrameRejectedException {
        int lineEnd = text.lineEnd(start, LONGEST_LINE);
        if (lineEnd == text.length()) {
            return CUT_OFF;
        }
        if (lineEnd - start == LONGEST_LINE) {
            throw text.rejected("identification", start, "has no line end within " + LONGEST_LINE + " characters");
        }
        int data = text.skipLineEnd(lineEnd);
        if (data == text.length() || text.at(data) == Text.STX || text.at(data) == Text.ACK) {
            Control.identification(text, start, lineEnd, data);
            return data == text.length() || text.at(data) == Text.ACK ? data : dataMessage(data);
        }
        int bang = bang(data);
        if (bang < 0) {
            return CUT_OFF;
        }
        int end = bang + 1;
        while (end - bang <= 4 && Character.digit(text.at(end), 16) >= 0) {
            end++;
        }
        text.checkParity(start, end);
        checkCrc(start, bang, end);
        Control.identification(text, start, lineEnd, lineEnd);
        int dataEnd = Interpreter.block(text, lineEnd, bang, target, sink);
        field(dataEnd, bang + 1, "end of data");
        field(bang + 1, end, "CRC: " + text.shown(bang + 1, end));
        int next = text.skipLineEnd(end);
        field(end, next, "line end");
        return next;
    }

    /** Where the telegram ends: at its exclamation mark; −1 if it does not. */
    private int bang(int from) throws FrameRejectedException {
        for (int i = from; i < text.length(); i++) {
            int c = text.at(i);
            if (c == '!') {
                return i;
            }
            if (text.identificationAt(i)) {
                throw text.rejected("end of telegram", i, "expected '!', another telegram begins");
            }
            if (c < 0x20 && c != '\r' && c != '\n' && c != '\t') {
                throw text.rejected("telegram", i, String.format("control character 0x%02X in the data", c));
            }
        }
        return -1;
    }

    private void checkCrc(int start, int bang, int end) throws FrameRejectedException {
        int digits = end - bang - 1;
        if (digits == 0) {
            return; // DSMR before 4.0 and mode D have none
        }
        int given = Integer.parseInt(text.string(bang + 1, end), 16);
        int computed = text.crc16(start, bang + 1, false);
        if (given != computed && given != text.crc16(start, bang + 1, true)) {
            throw text.rejected(
                    "CRC", bang + 1, String.format("is %04X, the telegram's characters give %04X", given, computed));
        }
    }

    /** One data message, in one block or in several that end with EOT (6.3.10, partial blocks). */
    private int dataMessage(int start) throws FrameRejectedException {
        int end = blockEnd(text, start + 1);
        if (end < 0 || end + 1 >= text.length()) {
            return CUT_OFF;
        }
        text.checkParity(start, end + 2);
        checkBcc(text, start + 1, end, true);
        field(start, start + 1, "STX");
        int dataEnd = Interpreter.block(text, start + 1, end, target, sink);
        int gap = text.at(dataEnd) == '!' ? dataEnd + 1 : dataEnd;
        field(dataEnd, gap, "end of data");
        if (!blank(gap, end)) {
            throw text.rejected("end of data", gap, "expected only a line end between '!' and ETX");
        }
        field(gap, end, "line end");
        field(end, end + 1, text.at(end) == Text.ETX ? "ETX" : "EOT: the message goes on in another block");
        field(end + 1, end + 2, String.format("BCC: %02X", text.at(end + 1)));
        return end + 2;
    }

    /** Where a block ends: at ETX or EOT; −1 if it does not. */
    static int blockEnd(Text text, int from) throws FrameRejectedException {
        for (int i = from; i < text.length(); i++) {
            int c = text.at(i);
            if (c == Text.ETX || c == Text.EOT) {
                return i;
            }
            if (c < 0x20 && c != '\r' && c != '\n' && c != '\t') {
                throw text.rejected("block", i, String.format("control character 0x%02X, expected ETX", c));
            }
        }
        return -1;
    }

    /**
     * Checks the character behind a block's end against its characters.
     *
     * @param sum whether their sum modulo 128 is as good, which Kamstrup's heat meters send instead of the exclusive or
     */
    static void checkBcc(Text text, int from, int end, boolean sum) throws FrameRejectedException {
        int computed = text.bcc(from, end + 1);
        int given = text.at(end + 1) & 0x7f;
        if (given != computed && !(sum && given == text.sum(from, end + 1))) {
            throw text.rejected(
                    "BCC", end + 1, String.format("is %02X, the block's characters give %02X", given, computed));
        }
    }
}
