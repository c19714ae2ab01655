// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * How a meter is addressed (EN 13757-2, 5.7.5; EN 13757-3, 11).
 *
 * @param link address of the link layer: 0–250 of one meter, 253 of the selected one, 254 of the only one
 * @param selection identification, manufacturer, version and device type as they are sent, F for any digit; of the secondary address
 */
record MeterAddress(int link, Optional<byte[]> selection) {
    static final int SELECTED = 253;
    private static final int ANY = 254;

    /**
     * Reads an address: 0–250 or 254; eight digits of the identification, F for any; or sixteen, with manufacturer, version and device
     * type as they are sent. Empty is 254.
     *
     * @throws IllegalArgumentException if it is none
     */
    static MeterAddress of(String text) {
        if (text.isEmpty()) {
            return new MeterAddress(ANY, Optional.empty());
        }
        if (text.matches("[0-9]{1,3}")) {
            int link = Integer.parseInt(text);
            if (link <= 250 || link == ANY) {
                return new MeterAddress(link, Optional.empty());
            }
        }
        if (text.matches("[0-9A-Fa-f]{8}([0-9A-Fa-f]{8})?")) {
            byte[] digits =
                    HexFormat.of().parseHex((text + "FFFFFFFF").substring(0, 16).toLowerCase(Locale.ROOT));
            byte[] selection = digits.clone();
            for (int i = 0; i < 4; i++) {
                selection[i] = digits[3 - i];
            }
            return new MeterAddress(SELECTED, Optional.of(selection));
        }
        throw new IllegalArgumentException(
                "an M-Bus address is 0–250, 254, or 8 or 16 digits of a secondary address, was '" + text + "'");
    }

    /** Whether a frame with this link address can come from the meter. */
    boolean answers(int address) {
        return link == address || link >= SELECTED;
    }
}
