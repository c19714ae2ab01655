// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.HexFormat;
import org.meterway.api.codec.FrameRejectedException;

/**
 * HDLC frames of type 3 (IEC 62056-46, 6.4): flag, format with length, addresses, control, HCS, information, FCS. Information of
 * segmented frames is joined.
 */
final class HdlcFrames {
    private static final int FLAG = 0x7e;
    private static final int FORMAT_TYPE = 0xa;
    private static final int SEGMENTED = 0x08;
    private static final int SHORTEST = 7;
    private static final HexFormat HEX = HexFormat.of();
    private final Units sink;
    private final Trace trace;
    private Source.Joiner segments = new Source.Joiner();
    private int segmentsAt;

    /** Takes what a transport carried. */
    @FunctionalInterface
    interface Units {
        /** A complete APDU, with LLC header if the transport has one. */
        void unit(Cursor apdu) throws FrameRejectedException;
    }

    HdlcFrames(Trace trace, Units sink) {
        this.trace = trace;
        this.sink = sink;
    }

    void read(Cursor in) throws FrameRejectedException {
        int frames = 0;
        while (in.remaining() > 0) {
            if (in.peek(0) == FLAG && (in.peek(1) == FLAG || in.remaining() == 1 && frames > 0)) {
                in.u8("flag");
                in.note(in.at - 1, "flag", "7e");
                continue;
            }
            frame(in);
            frames++;
        }
        if (!segments.isEmpty()) {
            throw in.rejected("segmentation", segmentsAt, "the last segment of this information is missing");
        }
    }

    private void frame(Cursor in) throws FrameRejectedException {
        int flag = in.at;
        // The closing flag of one frame may be the opening one of the next.
        if (in.peek(0) == FLAG) {
            in.u8("flag");
            in.note(flag, "flag", "7e");
        } else if (flag == 0 || (in.source.bytes[flag - 1] & 255) != FLAG) {
            throw in.rejected("flag", flag, "7e was expected, found " + hex(in.peek(0)));
        }
        int start = in.at;
        int format = in.u16("frame format");
        if (format >> 12 != FORMAT_TYPE) {
            throw in.rejected("frame format", start, "type 3 (a…) was expected, found " + hex(format >> 8));
        }
        int length = format & 0x7ff;
        boolean segmented = (format >> 8 & SEGMENTED) != 0;
        if (length < SHORTEST) {
            throw in.rejected("frame length", start, "says " + length + ", the shortest frame has " + SHORTEST);
        }
        int end = start + length;
        if (end >= in.end) {
            throw in.rejected(
                    "frame length",
                    start,
                    "says " + length + " bytes and a flag, only " + (in.end - start) + " follow");
        }
        if ((in.source.bytes[end] & 255) != FLAG) {
            throw in.rejected(
                    "flag",
                    end,
                    "7e was expected after a frame of " + length + " bytes, found " + hex(in.source.bytes[end] & 255));
        }
        in.note(start, "frame format", () -> "length " + length + (segmented ? ", segmented" : ""));
        address(in, "destination address", end);
        address(in, "source address", end);
        int control = in.u8("control");
        if ((control & 3) == 3 && controlName(control).startsWith("unknown")) {
            throw in.rejected("control", in.at - 1, "there is no frame type " + hex(control));
        }
        in.note(in.at - 1, "control", () -> controlName(control));
        int fcs = end - 2;
        if (in.at > fcs) {
            throw in.rejected("frame length", start, "says " + length + ", too short for addresses and FCS");
        }
        if (in.at < fcs) {
            check(in, "HCS", start, in.at, fcs);
            in.at += 2;
        }
        check(in, "FCS", start, fcs, end);
        information(in, in.at, fcs, control, segmented);
        in.at = end + 1;
        in.note(end, "flag", "7e");
    }

    private static void address(Cursor in, String name, int end) throws FrameRejectedException {
        int start = in.at;
        while ((in.u8(name) & 1) == 0) {
            if (in.at - start >= 4 || in.at >= end) {
                throw in.rejected(name, start, "has no last byte within four (IEC 62056-46, 6.4.2.2)");
            }
        }
        int length = in.at - start;
        if (length == 3) {
            throw in.rejected(name, start, "has three bytes, one, two or four are possible");
        }
        in.noteHex(start, name);
    }

    private void check(Cursor in, String name, int from, int at, int limit) throws FrameRejectedException {
        if (at + 2 > limit) {
            throw in.rejected(name, at, "is not there");
        }
        int expected = Crc16.of(in.source.bytes, from, at);
        int found = in.source.bytes[at] & 255 | (in.source.bytes[at + 1] & 255) << 8;
        if (expected != found) {
            throw in.rejected(name, at, "wrong: " + bytes(found) + " found, " + bytes(expected) + " computed");
        }
        if (trace.on()) {
            trace.add(in.source, at, 2, name + ": " + bytes(found));
        }
    }

    private static String bytes(int crc) {
        return HEX.toHexDigits((byte) crc) + HEX.toHexDigits((byte) (crc >> 8));
    }

    private static String hex(int value) {
        return value < 0 ? "the end" : HEX.toHexDigits((byte) value);
    }

    private void information(Cursor in, int from, int to, int control, boolean segmented)
            throws FrameRejectedException {
        boolean carries = (control & 1) == 0 || (control & ~0x10) == 0x03;
        if (!carries || from == to) {
            if (from < to) {
                parameters(in, from, to);
            }
            return;
        }
        if (segments.isEmpty()) {
            segmentsAt = from;
            if (!segmented) {
                sink.unit(new Cursor(in.source, from, to, trace));
                return;
            }
        }
        segments.add(in.source, from, to);
        if (trace.on()) {
            trace.add(in.source, from, to - from, "segment: " + (to - from) + " bytes");
        }
        if (!segmented) {
            Cursor joined = segments.cursor("reassembled", trace);
            segments = new Source.Joiner();
            sink.unit(joined);
        }
    }

    /** The negotiated parameters of SNRM and UA (IEC 62056-46, 6.4.4.4.3.2), for the trace. */
    private void parameters(Cursor in, int from, int to) {
        if (trace.on()) {
            trace.add(in.source, from, to - from, "parameters: " + HEX.formatHex(in.source.bytes, from, to));
        }
    }

    static String controlName(int control) {
        String name;
        if ((control & 1) == 0) {
            name = "I send " + (control >> 1 & 7) + " receive " + (control >> 5);
        } else if ((control & 3) == 1) {
            name = ((control & 0xf) == 1 ? "RR" : "RNR") + " receive " + (control >> 5);
        } else {
            name = switch (control & ~0x10) {
                case 0x83 -> "SNRM";
                case 0x43 -> "DISC";
                case 0x63 -> "UA";
                case 0x0f -> "DM";
                case 0x87 -> "FRMR";
                case 0x03 -> "UI";
                default -> "unknown " + hex(control);
            };
        }
        return name + ((control & 0x10) != 0 ? ", poll/final" : "");
    }
}
