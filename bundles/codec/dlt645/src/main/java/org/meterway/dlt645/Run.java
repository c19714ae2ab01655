// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;

/** A run of data bytes without the 33H added on the wire, which knows where in the whole frame each of them came from. */
final class Run {
    private static final String REASSEMBLED = "reassembled";
    private final byte[] plain;
    private final int[] origins;
    private final String part;
    private final int end;

    private Run(byte[] plain, int[] origins, String part, int end) {
        this.plain = plain;
        this.origins = origins;
        this.part = part;
        this.end = end;
    }

    /** The data of one frame from this data byte on. */
    static Run of(LinkFrame frame) {
        int length = frame.length();
        byte[] plain = new byte[length];
        int[] origins = new int[length];
        for (int i = 0; i < length; i++) {
            plain[i] = (byte) frame.plain(i);
            origins[i] = frame.dataAt() + i;
        }
        return new Run(plain, origins, "", frame.checksumAt());
    }

    /** Pieces of the data of several frames put together. */
    static final class Joint {
        private final List<Run> runs = new ArrayList<>();
        private int length;

        void add(Run run, int from, int to) {
            runs.add(run.slice(from, to));
            length += to - from;
        }

        Run joined() {
            byte[] plain = new byte[length];
            int[] origins = new int[length];
            int at = 0;
            for (Run run : runs) {
                System.arraycopy(run.plain, 0, plain, at, run.plain.length);
                System.arraycopy(run.origins, 0, origins, at, run.plain.length);
                at += run.plain.length;
            }
            return new Run(plain, origins, REASSEMBLED, runs.get(runs.size() - 1).end);
        }
    }

    private Run slice(int from, int to) {
        return new Run(Arrays.copyOfRange(plain, from, to), Arrays.copyOfRange(origins, from, to), part, end);
    }

    int length() {
        return plain.length;
    }

    int at(int index) {
        return plain[index] & 0xFF;
    }

    /** Which bytes the trace counts in, see {@link org.meterway.api.codec.Field#part()}. */
    String part() {
        return part;
    }

    /** Where the trace says a byte is: in the frame, or in the reassembled data. */
    int shownAt(int index) {
        return part.isEmpty() ? offset(index) : index;
    }

    /** Offset in the whole frame; of the end of the data, the byte after the last. */
    int offset(int index) {
        return index < origins.length ? origins[index] : end;
    }

    /** Unsigned number of up to four bytes, low byte first. */
    int number(int from, int bytes) {
        int number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << 8 | at(from + i);
        }
        return number;
    }

    /** Bytes in hexadecimal, the highest first as people write values. */
    String value(int from, int bytes) {
        StringBuilder text = new StringBuilder(2 * bytes);
        for (int i = bytes - 1; i >= 0; i--) {
            text.append(LinkFrame.hex(at(from + i)));
        }
        return text.toString();
    }

    /** Bytes in hexadecimal in the order of the wire. */
    String wire(int from, int to) {
        StringBuilder text = new StringBuilder(2 * (to - from));
        for (int i = from; i < to; i++) {
            text.append(LinkFrame.hex(at(i)));
        }
        return text.toString();
    }

    /** Whether all of these bytes are this one. */
    boolean filled(int from, int bytes, int with) {
        for (int i = from; i < from + bytes; i++) {
            if (at(i) != with) {
                return false;
            }
        }
        return true;
    }

    FrameRejectedException rejected(String field, int index, String reason) {
        return new FrameRejectedException(field, offset(index), reason);
    }

    /** There must be this many bytes. */
    void require(int from, int bytes, String field) throws FrameRejectedException {
        if (length() - from < bytes) {
            throw rejected(
                    field,
                    length(),
                    "needs " + bytes + " bytes, there " + (length() - from == 1 ? "is " : "are ")
                            + Math.max(0, length() - from));
        }
    }
}
