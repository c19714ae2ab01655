// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import org.jspecify.annotations.Nullable;

/** What a frame is about: bits 4–0 of its control code (2007: 5.2.4 and chapter 7; 1997: 5.3). */
enum Function {
    READ(Edition.E2007, 0x11, "read data"),
    READ_FOLLOWING(Edition.E2007, 0x12, "read following data"),
    READ_ADDRESS(Edition.E2007, 0x13, "read address"),
    WRITE(Edition.E2007, 0x14, "write data"),
    WRITE_ADDRESS(Edition.E2007, 0x15, "write address"),
    FREEZE(Edition.E2007, 0x16, "freeze"),
    CHANGE_RATE(Edition.E2007, 0x17, "change rate"),
    CHANGE_PASSWORD(Edition.E2007, 0x18, "change password"),
    CLEAR_DEMAND(Edition.E2007, 0x19, "clear maximum demand"),
    CLEAR_METER(Edition.E2007, 0x1A, "clear meter"),
    CLEAR_EVENTS(Edition.E2007, 0x1B, "clear events"),
    CONTROL(Edition.E2007, 0x1C, "control"),
    TERMINAL(Edition.E2007, 0x1D, "multifunction terminal"),
    SECURITY(Edition.E2007, 0x03, "security authentication"),
    BROADCAST_TIME(Edition.E2007, 0x08, "broadcast time"),
    READ_97(Edition.E1997, 0x01, "read data"),
    READ_FOLLOWING_97(Edition.E1997, 0x02, "read following data"),
    READ_AGAIN_97(Edition.E1997, 0x03, "read again"),
    WRITE_97(Edition.E1997, 0x04, "write data"),
    WRITE_ADDRESS_97(Edition.E1997, 0x0A, "write address"),
    CHANGE_RATE_97(Edition.E1997, 0x0C, "change rate"),
    CHANGE_PASSWORD_97(Edition.E1997, 0x0F, "change password"),
    CLEAR_DEMAND_97(Edition.E1997, 0x10, "clear maximum demand");

    private final Edition edition;
    private final int code;
    private final String title;

    Function(Edition edition, int code, String title) {
        this.edition = edition;
        this.code = code;
        this.title = title;
    }

    Edition edition() {
        return edition;
    }

    /** The control code of its request. */
    int code() {
        return code;
    }

    String title() {
        return title;
    }

    /** The function of a frame, null if neither edition knows it. */
    static @Nullable Function of(LinkFrame frame) {
        int code = frame.control() & 0x1F;
        if (code == 0x03) {
            return security(frame) ? SECURITY : READ_AGAIN_97;
        }
        for (Function function : values()) {
            if (function.code == code) {
                return function;
            }
        }
        return null;
    }

    /**
     * Code 03 has two meanings: since the supplements to the 2007 edition security authentication, whose identifiers begin with 07
     * and whose error word has two bytes, and in 1997 "read again".
     */
    private static boolean security(LinkFrame frame) {
        return frame.abnormal() ? frame.length() == 2 : frame.length() >= 4 && frame.plain(3) == 0x07;
    }
}
