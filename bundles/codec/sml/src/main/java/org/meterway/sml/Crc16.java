// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

/**
 * The two checksums met: CRC-16/X.25 (DIN EN 62056-46, as SML 1.04, 8.2.3 says) and CRC-16/KERMIT, which some Holley meters compute
 * instead. Both have polynomial 0x1021, least significant bit first.
 */
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

    static int x25(byte[] bytes, int from, int to) {
        return run(bytes, from, to, 0xffff) ^ 0xffff;
    }

    static int kermit(byte[] bytes, int from, int to) {
        return run(bytes, from, to, 0);
    }

    private static int run(byte[] bytes, int from, int to, int start) {
        int crc = start;
        for (int i = from; i < to; i++) {
            crc = crc >> 8 ^ TABLE[(crc ^ bytes[i]) & 255];
        }
        return crc;
    }

    /** With its bytes the other way round. */
    static int swapped(int crc) {
        return (crc & 255) << 8 | crc >> 8;
    }
}
