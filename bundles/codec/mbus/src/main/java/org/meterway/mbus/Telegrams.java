// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Reads frames of the link layer (EN 13757-2, 5, frame format class FT 1.2). One per run of frames. */
final class Telegrams {
    private static final int ACKNOWLEDGEMENT = 0xe5;
    private static final int SHORT = 0x10;
    private static final int LONG = 0x68;
    private static final int STOP = 0x16;

    private final byte[] bytes;
    private final DecodeContext context;
    private final Application application;

    Telegrams(byte[] bytes, DecodeContext context, ReadingsBuilder readings) {
        this.bytes = bytes;
        this.context = context;
        this.application = new Application(bytes, context, readings);
    }

    /** Whether the meter has more records in its next telegram. */
    boolean moreFollow() {
        return application.moreFollow();
    }

    /** Reads one frame and says where the next begins. */
    int read(int at) throws FrameRejectedException {
        int start = bytes[at] & 0xff;
        return switch (start) {
            case ACKNOWLEDGEMENT -> {
                field(at, 1, "acknowledgement: E5");
                yield at + 1;
            }
            case SHORT -> shortFrame(at);
            case LONG -> longFrame(at);
            default -> throw new FrameRejectedException("start", at, "expected 68, 10 or E5, was " + Hex.of(start));
        };
    }

    private int shortFrame(int at) throws FrameRejectedException {
        if (bytes.length - at < 5) {
            throw new FrameRejectedException(
                    "short frame", at, "has 5 bytes, only " + (bytes.length - at) + " are there");
        }
        check(at, at + 1, at + 3);
        field(at, 1, "start: 10 (short frame)");
        linkHeader(at + 1);
        trailer(at + 3);
        return at + 5;
    }

    private int longFrame(int at) throws FrameRejectedException {
        int left = bytes.length - at;
        if (left < 4) {
            throw new FrameRejectedException("L", at + 1, "the frame ends after " + left + " bytes");
        }
        int length = bytes[at + 1] & 0xff;
        if (bytes[at + 2] != bytes[at + 1]) {
            throw new FrameRejectedException(
                    "L repeated", at + 2, "expected " + Hex.of(length) + ", was " + Hex.of(bytes[at + 2]));
        }
        if ((bytes[at + 3] & 0xff) != LONG) {
            throw new FrameRejectedException("start repeated", at + 3, "expected 68, was " + Hex.of(bytes[at + 3]));
        }
        if (length < 3) {
            throw new FrameRejectedException("L", at + 1, "expected at least 3 (C, A, CI), was " + length);
        }
        if (left < length + 6) {
            throw new FrameRejectedException(
                    "L", at + 1, length + " bytes announced, so " + (length + 6) + " in all, " + left + " are there");
        }
        int from = at + 4;
        int end = from + length;
        check(at, from, end);
        field(at, 1, "start: 68");
        field(at + 1, 1, "L: " + length);
        field(at + 2, 1, "L repeated: " + length);
        field(at + 3, 1, "start repeated: 68");
        linkHeader(from);
        application.read(from + 2, end);
        trailer(end);
        return end + 2;
    }

    private void check(int at, int from, int end) throws FrameRejectedException {
        if ((bytes[end + 1] & 0xff) != STOP) {
            throw new FrameRejectedException("stop", end + 1, "expected 16, was " + Hex.of(bytes[end + 1]));
        }
        int sum = checksum(bytes, from, end);
        if ((byte) sum != bytes[end]) {
            throw new FrameRejectedException(
                    "checksum", end, "expected " + Hex.of(sum) + ", was " + Hex.of(bytes[end]));
        }
    }

    /** The sum of these bytes modulo 256. */
    static int checksum(byte[] bytes, int from, int end) {
        int sum = 0;
        for (int i = from; i < end; i++) {
            sum += bytes[i] & 0xff;
        }
        return sum & 0xff;
    }

    private void linkHeader(int at) {
        if (context.traced()) {
            field(at, 1, "C: " + Hex.of(bytes[at]) + control(bytes[at] & 0xff));
            int address = bytes[at + 1] & 0xff;
            String special =
                    switch (address) {
                        case 0 -> " (unconfigured)";
                        case 253 -> " (addressed by identification)";
                        case 254 -> " (any, point to point)";
                        case 255 -> " (broadcast)";
                        default -> "";
                    };
            field(at + 1, 1, "A: " + address + special);
        }
    }

    private static String control(int code) {
        if ((code & 0x40) == 0) {
            String demand = (code & 0x20) != 0 ? ", access demand" : "";
            String busy = (code & 0x10) != 0 ? ", data flow control" : "";
            return ((code & 0x0f) == 8 ? " RSP_UD" : "") + demand + busy;
        }
        return switch (code & 0x4f) {
            case 0x40 -> " SND_NKE";
            case 0x43 -> " SND_UD";
            case 0x44 -> " SND_NR";
            case 0x4a -> " REQ_UD1";
            case 0x4b -> " REQ_UD2";
            default -> "";
        };
    }

    private void trailer(int at) {
        if (context.traced()) {
            field(at, 1, "checksum: " + Hex.of(bytes[at]));
            field(at + 1, 1, "stop: 16");
        }
    }

    private void field(int offset, int length, String meaning) {
        if (context.traced()) {
            context.field(Field.of(offset, length, meaning));
        }
    }
}
