// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

/**
 * The status word of a register for people. Two layouts are met: that of the German FNN for basic meters (low byte 04) and the older one
 * of EDL21 meters, of which only the direction of energy is common to all makers.
 */
final class Status {
    private static final String[] FNN = {
        "running", // bit 8
        "magnetic tampering",
        "terminal cover opened",
        "energy flows out",
        "energy flows out on L1",
        "energy flows out on L2",
        "energy flows out on L3",
        "phase rotation is not L1-L2-L3",
        "backstop active",
        "fatal error",
        "voltage on L1",
        "voltage on L2",
        "voltage on L3"
    };

    private Status() {}

    static String shown(long status) {
        StringBuilder text = new StringBuilder(Long.toUnsignedString(status));
        text.append(String.format(" (0x%x", status));
        if (fnn(status)) {
            for (int i = 0; i < FNN.length; i++) {
                if ((status >> (8 + i) & 1) != 0) {
                    text.append(", ").append(FNN[i]);
                }
            }
        } else if ((status & 0x20) != 0) {
            text.append(", energy flows out");
        }
        return text.append(')').toString();
    }

    private static boolean fnn(long status) {
        return (status & 0xff) == 0x04 && status >>> 21 == 0;
    }

    /** Whether the FNN's fatal error or a tampering is set: values then need a look. */
    static boolean doubtful(long status) {
        return fnn(status) && (status & 0x2_0600) != 0;
    }

    /** Whether the meter says that energy flows in, so that a negative sum of power is none. */
    static boolean saysInwards(long status) {
        return fnn(status) && (status & 0x0800) == 0;
    }
}
