// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.HexFormat;
import org.meterway.api.meter.LineAddress;

/**
 * A meter's address of twelve digits; AA in the place of the higher ones means any (2007: 5.2.2), 999999999999 all.
 *
 * @param digits twelve of them, or AA
 */
record MeterAddress(String digits) {
    /** All meters; none answers. */
    static final MeterAddress BROADCAST = new MeterAddress("999999999999");

    /** Any meter, to find out which one is there. */
    static final MeterAddress ANY = new MeterAddress("AAAAAAAAAAAA");

    private static final String FORM = "(?=.{12})(AA)*([0-9]{2})*";

    /**
     * The address of a line's meter; without one it is any meter.
     *
     * @throws IllegalArgumentException if it is no address
     */
    static MeterAddress of(LineAddress address) {
        String text = address.address().toUpperCase(java.util.Locale.ROOT);
        if (text.isEmpty()) {
            return ANY;
        }
        String digits = text.length() < 12 && text.matches("[0-9]+") ? "0".repeat(12 - text.length()) + text : text;
        if (digits.length() != 12 || !digits.matches(FORM)) {
            throw new IllegalArgumentException(
                    "a DL/T 645 address has up to 12 digits, AA for any in front, was '" + address.address() + "'");
        }
        return new MeterAddress(digits);
    }

    /** Whether this names one meter. */
    boolean single() {
        return !digits.startsWith("AA") && !equals(BROADCAST);
    }

    /** Whether an answer with this address is to us. */
    boolean answeredBy(String other) {
        if (equals(BROADCAST)) {
            return true;
        }
        for (int i = 0; i < 12; i++) {
            if (digits.charAt(i) != 'A' && digits.charAt(i) != other.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** As sent, low digits first. */
    byte[] bytes() {
        byte[] high = HexFormat.of().parseHex(digits);
        byte[] low = new byte[6];
        for (int i = 0; i < 6; i++) {
            low[i] = high[5 - i];
        }
        return low;
    }
}
