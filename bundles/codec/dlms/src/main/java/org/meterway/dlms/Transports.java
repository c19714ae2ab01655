// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import org.meterway.api.codec.FrameRejectedException;

/** Finds out what carries the APDUs of a frame and hands them over one by one. */
final class Transports {
    private static final int HDLC_FLAG = 0x7e;
    private static final int MBUS_START = 0x68;
    private static final int MBUS_STOP = 0x16;
    private static final int LLC_DESTINATION = 0xe6;
    private final Trace trace;
    private final HdlcFrames.Units sink;

    Transports(Trace trace, HdlcFrames.Units sink) {
        this.trace = trace;
        this.sink = sink;
    }

    void read(byte[] bytes) throws FrameRejectedException {
        Source frame = Source.frame(bytes);
        Cursor in = Cursor.of(frame, trace);
        if (in.remaining() == 0) {
            throw in.rejected("frame", 0, "is empty");
        }
        if (in.peek(0) == HDLC_FLAG) {
            new HdlcFrames(trace, this::afterLlc).read(in);
        } else if (in.peek(0) == MBUS_START && in.peek(3) == MBUS_START) {
            mbus(in);
        } else if (in.peek(0) == 0 && in.peek(1) == 1) {
            wrapper(in);
        } else {
            afterLlc(in);
        }
    }

    /** An APDU, after its LLC header (IEC 62056-46, 5.3.2) if there is one. */
    private void afterLlc(Cursor in) throws FrameRejectedException {
        if (in.peek(0) == LLC_DESTINATION && (in.peek(1) == 0xe6 || in.peek(1) == 0xe7) && in.peek(2) == 0) {
            boolean response = in.peek(1) == 0xe7;
            in.take(3, "LLC");
            in.note(in.at - 3, "LLC", response ? "response" : "command");
        }
        if (in.remaining() > 0) {
            sink.unit(in);
        }
    }

    /** The wrapper of TCP and UDP (IEC 62056-47, 4.3): version, source, destination, length. */
    private void wrapper(Cursor in) throws FrameRejectedException {
        while (in.remaining() > 0) {
            int start = in.at;
            int version = in.u16("wrapper version");
            if (version != 1) {
                throw in.rejected("wrapper version", start, "1 was expected, found " + version);
            }
            in.note(start, "wrapper version", version);
            in.note(in.at, "source wPort", in.u16("wrapper source"));
            in.note(in.at, "destination wPort", in.u16("wrapper destination"));
            int at = in.at;
            int length = in.u16("wrapper length");
            in.note(at, "length", length);
            if (length > in.remaining()) {
                throw in.rejected(
                        "wrapper length", at, "says " + length + " bytes, only " + in.remaining() + " follow");
            }
            if (length > 0) {
                sink.unit(in.sub(length, "APDU"));
            }
        }
    }

    /**
     * Long frames of M-Bus (EN 13757-2, 5.6.2) whose CI is the transport layer of DLMS (EN 13757-1, IEC 62056-7-3): segment number
     * and final bit, source and destination SAP.
     */
    private void mbus(Cursor in) throws FrameRejectedException {
        Source.Joiner segments = new Source.Joiner();
        int expected = 0;
        int first = in.at;
        while (in.remaining() > 0) {
            int end = mbusHeader(in);
            int ciAt = in.at;
            int ci = in.u8("CI");
            if (ci > 0x1f) {
                throw in.rejected("CI", ciAt, "a DLMS segment (00–1f) was expected, found " + Integer.toHexString(ci));
            }
            int segment = ci & 0xf;
            boolean last = (ci & 0x10) != 0;
            in.note(ciAt, "CI", "segment " + segment + (last ? ", last" : ""));
            if (segment != (expected & 0xf)) {
                throw in.rejected("CI", ciAt, "segment " + (expected & 0xf) + " was expected, found " + segment);
            }
            in.note(in.at, "source SAP", in.u8("source SAP"));
            in.note(in.at, "destination SAP", in.u8("destination SAP"));
            first = expected == 0 ? in.at : first;
            segments.add(in.source, in.at, end);
            if (trace.on()) {
                trace.add(in.source, in.at, end - in.at, "segment: " + (end - in.at) + " bytes");
            }
            in.at = end + 2;
            expected++;
            if (last) {
                Cursor apdu = segments.cursor("reassembled", trace);
                segments = new Source.Joiner();
                expected = 0;
                afterLlc(apdu);
            }
        }
        if (expected > 0) {
            throw in.rejected("CI", first, "the last segment of this APDU is missing");
        }
    }

    /** Reads up to the CI field and checks the frame's end; returns where its user data ends. */
    private int mbusHeader(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int startByte = in.u8("start");
        int length = in.u8("L");
        int repeated = in.u8("L");
        int secondStart = in.u8("start");
        if (startByte != MBUS_START || secondStart != MBUS_START || length != repeated) {
            throw in.rejected("start", start, "68 L L 68 was expected");
        }
        in.note(start, "M-Bus start", "length " + length);
        int end = in.at + length;
        if (length < 5 || end + 2 > in.end) {
            throw in.rejected("L", start + 1, "says " + length + " bytes, " + in.remaining() + " follow");
        }
        int sum = 0;
        for (int i = in.at; i < end; i++) {
            sum += in.source.bytes[i];
        }
        int found = in.source.bytes[end] & 255;
        if ((sum & 255) != found) {
            throw in.rejected("checksum", end, String.format("wrong: %02x found, %02x computed", found, sum & 255));
        }
        if ((in.source.bytes[end + 1] & 255) != MBUS_STOP) {
            throw in.rejected("stop", end + 1, "16 was expected");
        }
        if (trace.on()) {
            trace.add(in.source, end, 1, String.format("checksum: %02x", found));
            trace.add(in.source, end + 1, 1, "stop: 16");
        }
        in.note(in.at, "C", Integer.toHexString(in.u8("C")));
        in.note(in.at, "A", in.u8("A"));
        return end;
    }
}
