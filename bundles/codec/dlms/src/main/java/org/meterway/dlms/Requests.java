// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Writes the requests of the xDLMS services (IEC 62056-5-3, 8.3). */
final class Requests {
    private static final int INVOKE = 0xc1;

    private Requests() {}

    /** GET of one attribute; {@code selection} is empty or selector and parameters. */
    static byte[] get(Descriptor of, byte[] selection) {
        byte[] there = {(byte) (selection.length > 0 ? 1 : 0)};
        return Gcm.concat(new byte[] {(byte) 0xc0, 1, (byte) INVOKE}, of.encode(), there, selection);
    }

    /** GET of several attributes. */
    static byte[] get(List<Descriptor> of) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xc0, 3, (byte) INVOKE, (byte) of.size()});
        for (Descriptor descriptor : of) {
            out.writeBytes(descriptor.encode());
            out.write(0);
        }
        return out.toByteArray();
    }

    /** The block after this one. */
    static byte[] next(long block) {
        return Gcm.concat(new byte[] {(byte) 0xc0, 2, (byte) INVOKE}, u32(block));
    }

    static byte[] set(Descriptor of, byte[] value) {
        return Gcm.concat(new byte[] {(byte) 0xc1, 1, (byte) INVOKE}, of.encode(), new byte[] {0}, value);
    }

    static byte[] action(Descriptor of, byte[] parameters) {
        return Gcm.concat(new byte[] {(byte) 0xc3, 1, (byte) INVOKE}, of.encode(), new byte[] {1}, parameters);
    }

    /** Selective access by range of time (IEC 62056-6-2, 4.3.6): the rows of the clock from and to. */
    static byte[] range(Descriptor clock, byte[] from, byte[] to) {
        byte[] object = Gcm.concat(
                new byte[] {2, 4, Datum.LONG_UNSIGNED, (byte) (clock.classId() >> 8), (byte) clock.classId()},
                octets(Arrays.copyOfRange(clock.encode(), 2, 8)),
                new byte[] {Datum.INTEGER, (byte) clock.attribute(), Datum.LONG_UNSIGNED, 0, 0});
        return Gcm.concat(new byte[] {1, 2, 4}, object, octets(from), octets(to), new byte[] {Datum.ARRAY, 0});
    }

    /** Selective access by entries, from 1, all columns; {@code to} 0 is the last. */
    static byte[] entries(long from, long to) {
        return Gcm.concat(
                new byte[] {2, 2, 4, Datum.DOUBLE_LONG_UNSIGNED},
                u32(from),
                new byte[] {Datum.DOUBLE_LONG_UNSIGNED},
                u32(to),
                new byte[] {Datum.LONG_UNSIGNED, 0, 1, Datum.LONG_UNSIGNED, 0, 0});
    }

    /** An octet string with tag and length, at most 127 bytes. */
    static byte[] octets(byte[] bytes) {
        return Gcm.concat(new byte[] {Datum.OCTET_STRING, (byte) bytes.length}, bytes);
    }

    static byte[] u32(long value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** A length (A-XDR, also BER). */
    static byte[] length(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        return length < 0x100
                ? new byte[] {(byte) 0x81, (byte) length}
                : new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
    }
}
