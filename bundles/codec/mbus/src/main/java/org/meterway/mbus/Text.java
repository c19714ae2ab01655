// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

/** Text in frames: ISO 8859-1, the last character first. */
final class Text {
    private Text() {}

    /** The text for people, what cannot be shown as a full stop. */
    static String reversed(byte[] bytes, int from, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = from + length - 1; i >= from; i--) {
            text.append(shown(bytes[i]));
        }
        return text.toString();
    }

    static String inOrder(byte[] bytes, int from, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = from; i < from + length; i++) {
            text.append(shown(bytes[i]));
        }
        return text.toString();
    }

    private static char shown(byte character) {
        int c = character & 0xff;
        return c < 0x20 || c >= 0x7f && c < 0xa0 ? '.' : (char) c;
    }
}
