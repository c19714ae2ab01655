// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

/**
 * Which meter sent a telegram (EN 13757-3, 5.3, 5.4 and 5.5).
 *
 * @param offset where it begins
 * @param identification eight digits, of which some may be letters
 * @param manufacturer three letters (DLMS User Association's FLAG list), empty if the telegram has none
 * @param version of the device
 * @param medium device type
 */
record Header(int offset, String identification, String manufacturer, int version, int medium) {
    /** The header of a telegram with long header. */
    static Header read(byte[] bytes, int at, boolean highByteFirst) {
        int manufacturer = word(bytes, at + 4, highByteFirst);
        return new Header(
                at,
                identification(bytes, at, highByteFirst),
                letters(manufacturer),
                bytes[at + 6] & 0xff,
                bytes[at + 7] & 0xff);
    }

    static String identification(byte[] bytes, int at, boolean highByteFirst) {
        StringBuilder digits = new StringBuilder(8);
        for (int i = 0; i < 4; i++) {
            digits.append(Hex.of(bytes[highByteFirst ? at + i : at + 3 - i]));
        }
        return digits.toString();
    }

    static int word(byte[] bytes, int at, boolean highByteFirst) {
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        return highByteFirst ? first << 8 | second : second << 8 | first;
    }

    private static String letters(int code) {
        return "" + (char) ((code >> 10 & 31) + 64) + (char) ((code >> 5 & 31) + 64) + (char) ((code & 31) + 64);
    }

    /** What must be the same in all telegrams of an answer. */
    String meter() {
        return identification + (manufacturer.isEmpty() ? "" : " " + manufacturer);
    }
}
