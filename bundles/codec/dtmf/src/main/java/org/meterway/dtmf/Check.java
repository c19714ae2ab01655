// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

/**
 * Check digits of frames: ISO 7064, MOD 97-10, where the letters A–D count 10–13. 97 is prime and greater than any difference of two
 * symbols, so that every wrong symbol and every swap of two neighbours changes the remainder.
 */
final class Check {
    private static final int MODULUS = 97;

    private Check() {}

    /** The two check digits of this text. */
    static String digits(CharSequence text) {
        int check = MODULUS + 1 - remainder(text, text.length()) * 100 % MODULUS;
        return "" + (char) ('0' + check / 10) + (char) ('0' + check % 10);
    }

    /** Whether a text with its check digits at the end is right. */
    static boolean holds(CharSequence text, int from, int to) {
        return remainder(text.subSequence(from, to), to - from) == 1;
    }

    private static int remainder(CharSequence text, int length) {
        int remainder = 0;
        for (int i = 0; i < length; i++) {
            char symbol = text.charAt(i);
            remainder = (remainder * 10 + (symbol <= '9' ? symbol - '0' : symbol - 'A' + 10)) % MODULUS;
        }
        return remainder;
    }
}
