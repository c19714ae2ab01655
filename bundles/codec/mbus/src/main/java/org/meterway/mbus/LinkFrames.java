// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.Arrays;
import java.util.Optional;

/** Makes frames of a master and finds those of a meter between noise (EN 13757-2, 5). */
final class LinkFrames {
    static final int SND_NKE = 0x40;
    static final int SND_UD = 0x53;
    static final int REQ_UD2 = 0x5b;
    /** Frame count bit: alternates with every new question, so that a repeated one is known as such. */
    static final int FCB = 0x20;

    private static final int LONG = 0x68;
    private static final int STOP = 0x16;
    private static final int ACKNOWLEDGEMENT = 0xe5;

    private LinkFrames() {}

    static byte[] shortFrame(int control, int address) {
        return new byte[] {0x10, (byte) control, (byte) address, (byte) (control + address), STOP};
    }

    /** A long or, without data, a control frame. */
    static byte[] longFrame(int control, int address, int ci, byte... data) {
        byte[] frame = new byte[data.length + 9];
        frame[0] = LONG;
        frame[1] = (byte) (data.length + 3);
        frame[2] = frame[1];
        frame[3] = LONG;
        frame[4] = (byte) control;
        frame[5] = (byte) address;
        frame[6] = (byte) ci;
        System.arraycopy(data, 0, frame, 7, data.length);
        frame[data.length + 7] = (byte) Telegrams.checksum(frame, 4, data.length + 7);
        frame[data.length + 8] = STOP;
        return frame;
    }

    /** Whether there is an acknowledgement; noise around it does not matter. */
    static boolean acknowledged(byte[] received) {
        for (byte b : received) {
            if ((b & 0xff) == ACKNOWLEDGEMENT) {
                return true;
            }
        }
        return false;
    }

    /** The first whole long frame of this meter. */
    static Optional<byte[]> answer(byte[] received, MeterAddress meter) {
        for (int at = 0; at + 9 <= received.length; at++) {
            int length = received[at + 1] & 0xff;
            int end = at + 4 + length;
            if ((received[at] & 0xff) == LONG
                    && received[at + 2] == received[at + 1]
                    && (received[at + 3] & 0xff) == LONG
                    && length >= 3
                    && end + 2 <= received.length
                    && (received[end + 1] & 0xff) == STOP
                    && received[end] == (byte) Telegrams.checksum(received, at + 4, end)
                    && (received[at + 4] & 0x40) == 0
                    && meter.answers(received[at + 5] & 0xff)) {
                return Optional.of(Arrays.copyOfRange(received, at, end + 2));
            }
        }
        return Optional.empty();
    }
}
