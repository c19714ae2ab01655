// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** A meter of DL/T 645-2007: answers reads of its data and of its address. */
public final class Dlt645Meter implements EmulatedMeter {
    private static final int START = 0x68;
    private static final int END = 0x16;
    private static final int OFFSET = 0x33;

    private final String address;
    private final int baud;
    private final Map<String, String> data = new HashMap<>();
    private byte[] heard = new byte[0];

    /** @param address twelve digits, as printed on the meter */
    public Dlt645Meter(String address, int baud) {
        this.address = address;
        this.baud = baud;
    }

    /**
     * @param identifier eight hex digits as the standard's tables have them, for example {@code 00010000}
     * @param digits of the value, most significant first, for example {@code 00012345}
     */
    public Dlt645Meter data(String identifier, String digits) {
        data.put(identifier, digits);
        return this;
    }

    @Override
    public int baud() {
        return baud;
    }

    @Override
    public byte[] hear(byte[] bytes) {
        heard = joined(heard, bytes);
        for (int start = 0; start < heard.length; start++) {
            if ((heard[start] & 0xFF) != START) {
                continue;
            }
            if (heard.length < start + 12) {
                break;
            }
            int length = heard[start + 9] & 0xFF;
            if ((heard[start + 7] & 0xFF) != START || length > 200) {
                continue;
            }
            if (heard.length < start + 12 + length) {
                break;
            }
            int sum = 0;
            for (int i = start; i < start + 10 + length; i++) {
                sum += heard[i] & 0xFF;
            }
            if ((sum & 0xFF) == (heard[start + 10 + length] & 0xFF) && (heard[start + 11 + length] & 0xFF) == END) {
                byte[] frame = java.util.Arrays.copyOfRange(heard, start, start + 12 + length);
                heard = new byte[0];
                return answer(frame, length);
            }
        }
        if (heard.length > 512) {
            heard = new byte[0];
        }
        return new byte[0];
    }

    private byte[] answer(byte[] frame, int length) {
        if (!mine(frame)) {
            return new byte[0];
        }
        int control = frame[8] & 0xFF;
        if (control == 0x13) {
            return frame(0x93, reversed(address));
        }
        if (control != 0x11 || length < 4) {
            return new byte[0];
        }
        StringBuilder identifier = new StringBuilder();
        for (int i = 3; i >= 0; i--) {
            identifier.append(String.format("%02X", (frame[10 + i] - OFFSET) & 0xFF));
        }
        String digits = data.get(identifier.toString());
        if (digits == null) {
            return frame(0xD1, new byte[] {0x02}); // no such data
        }
        return frame(0x91, joined(reversed(identifier.toString()), reversed(digits)));
    }

    private boolean mine(byte[] frame) {
        byte[] own = reversed(address);
        for (int i = 0; i < 6; i++) {
            if ((frame[1 + i] & 0xFF) != 0xAA && frame[1 + i] != own[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] frame(int control, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(START);
        out.writeBytes(reversed(address));
        out.write(START);
        out.write(control);
        out.write(plain.length);
        for (byte each : plain) {
            out.write(each + OFFSET);
        }
        int sum = 0;
        for (byte each : out.toByteArray()) {
            sum += each;
        }
        out.write(sum);
        out.write(END);
        return joined(new byte[] {(byte) 0xFE, (byte) 0xFE, (byte) 0xFE, (byte) 0xFE}, out.toByteArray());
    }

    private static byte[] reversed(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return turned;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
