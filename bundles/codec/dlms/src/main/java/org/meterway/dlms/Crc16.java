// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

/** The frame check of HDLC: CRC-16/X-25 (ISO/IEC 13239, annex A), sent with its low byte first. */
final class Crc16 {
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0x8408;
            }
            TABLE[i] = crc;
        }
    }

    private Crc16() {}

    static int of(byte[] bytes, int from, int to) {
        int crc = 0xffff;
        for (int i = from; i < to; i++) {
            crc = crc >> 8 ^ TABLE[(crc ^ bytes[i]) & 255];
        }
        return ~crc & 0xffff;
    }
}
