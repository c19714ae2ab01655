// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

/** Logarithmic samples of telephone lines (ITU-T G.711) as counts of 16 bits. */
final class G711 {
    private static final short[] A_LAW = new short[256];
    private static final short[] MU_LAW = new short[256];

    static {
        for (int code = 0; code < 256; code++) {
            A_LAW[code] = expandA(code ^ 0x55);
            MU_LAW[code] = expandMu(~code & 0xff);
        }
    }

    private G711() {}

    static short aLaw(byte code) {
        return A_LAW[code & 0xff];
    }

    static short muLaw(byte code) {
        return MU_LAW[code & 0xff];
    }

    private static short expandA(int code) {
        int segment = code >> 4 & 7;
        int magnitude = (code & 0x0f) << 4;
        magnitude = segment == 0 ? magnitude + 8 : magnitude + 0x108 << segment - 1;
        return (short) ((code & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static short expandMu(int code) {
        int magnitude = ((code & 0x0f) << 3) + 0x84 << (code >> 4 & 7);
        return (short) ((code & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84);
    }
}
