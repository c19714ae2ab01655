// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Locale;
import java.util.Map;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.LineAddress;

/**
 * How a meter is reached and entered: its address and the options of the line address. The address is the physical (lower HDLC)
 * address, empty for none; over the wrapper it is not used.
 *
 * @param wrapper whether the wrapper is the transport, else HDLC
 * @param clientSap who asks: 16 public, 1 management …
 * @param serverSap the logical device asked, 1 = management
 * @param physical lower HDLC address, −1 for none
 * @param addressLength bytes of the HDLC address, 1, 2 or 4
 * @param mechanism of authentication: 0 none, 1 low, 5 GMAC
 * @param ciphered whether APDUs are encrypted and authenticated
 * @param information longest HDLC information field, 32–2030 bytes
 * @param pdu longest APDU accepted from the meter
 * @param list whether several attributes are asked for at once where the meter offers it
 * @param signOn whether IEC 62056-21 mode E comes first
 */
record Access(
        boolean wrapper,
        int clientSap,
        int serverSap,
        int physical,
        int addressLength,
        int mechanism,
        boolean ciphered,
        int information,
        int pdu,
        boolean list,
        boolean signOn) {
    static final int LLS = 1;
    static final int GMAC = 5;

    /** @throws IllegalArgumentException if the address or an option is wrong */
    static Access of(LineAddress address, DialogueContext context) {
        Map<String, String> options = address.options();
        boolean wrapper =
                choice(options, "transport", "hdlc", "hdlc", "wrapper").equals("wrapper");
        int physical = address.address().isEmpty() ? -1 : number("address", address.address(), 0, 16_383);
        int server = number(options, "serverSap", 1, 0, wrapper ? 65_535 : 16_383);
        int mechanism =
                switch (choice(options, "authentication", "none", "none", "low", "gmac")) {
                    case "low" -> LLS;
                    case "gmac" -> GMAC;
                    default -> 0;
                };
        int least = physical < 0 && server < 128 ? 1 : server < 128 && physical < 128 ? 2 : 4;
        int length = number(options, "addressLength", least, 1, 4);
        if (length == 3 || length < least) {
            throw new IllegalArgumentException("addressLength must be 1, 2 or 4 and hold the address, was " + length);
        }
        boolean ciphered = choice(options, "ciphering", mechanism == GMAC ? "on" : "off", "on", "off")
                .equals("on");
        Keys keys = new Keys(context::key);
        if (mechanism == LLS && keys.password().isEmpty()) {
            throw new IllegalArgumentException("low authentication needs the meter's password");
        }
        if ((ciphered || mechanism == GMAC)
                && (keys.encryption().isEmpty() || keys.authentication().isEmpty())) {
            throw new IllegalArgumentException("GMAC and ciphering need encryption_key and authentication_key");
        }
        return new Access(
                wrapper,
                number(options, "clientSap", 16, 1, wrapper ? 65_535 : 127),
                server,
                physical,
                length,
                mechanism,
                ciphered,
                number(options, "maxInformation", 128, 32, 2_030),
                number(options, "maxPdu", 4_096, 64, 65_535),
                choice(options, "list", "on", "on", "off").equals("on"),
                choice(options, "modeE", "off", "on", "off").equals("on"));
    }

    private static String choice(Map<String, String> options, String name, String otherwise, String... choices) {
        String given = options.getOrDefault(name, otherwise).toLowerCase(Locale.ROOT);
        for (String choice : choices) {
            if (choice.equals(given)) {
                return given;
            }
        }
        throw new IllegalArgumentException(name + " must be " + String.join(" or ", choices) + ", was '" + given + "'");
    }

    private static int number(Map<String, String> options, String name, int otherwise, int least, int most) {
        String given = options.get(name);
        return given == null ? otherwise : number(name, given, least, most);
    }

    private static int number(String name, String given, int least, int most) {
        try {
            int value = Integer.parseInt(given.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            // Said below.
        }
        throw new IllegalArgumentException(name + " must be " + least + "–" + most + ", was '" + given + "'");
    }

    /** The HDLC address of the meter (IEC 62056-46, 6.4.2.2). */
    byte[] serverAddress() {
        int lower = Math.max(physical, 0);
        return switch (addressLength) {
            case 1 -> new byte[] {(byte) (serverSap << 1 | 1)};
            case 2 -> new byte[] {(byte) (serverSap << 1), (byte) (lower << 1 | 1)};
            default ->
                new byte[] {
                    (byte) (serverSap >> 7 << 1),
                    (byte) (serverSap << 1 & 0xfe),
                    (byte) (lower >> 7 << 1),
                    (byte) (lower << 1 | 1)
                };
        };
    }
}
