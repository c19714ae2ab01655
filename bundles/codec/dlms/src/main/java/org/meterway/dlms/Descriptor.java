// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;

/**
 * An attribute or method of a COSEM object (IEC 62056-5-3, 7.3.1): {@code class/code/attribute} as text, for example {@code
 * 3/1-0:1.8.0/2}.
 */
record Descriptor(int classId, Obis obis, int attribute) {
    /** Class, logical name and number, nine bytes. */
    static Descriptor read(Cursor in, String name) throws FrameRejectedException {
        int start = in.at;
        int classId = in.u16(name);
        byte[] code = in.take(6, name);
        Descriptor descriptor = new Descriptor(classId, Datum.obis(code, 0), (int) in.signed(1, name));
        in.note(start, name, descriptor);
        return descriptor;
    }

    /** As it is sent. */
    byte[] encode() {
        return new byte[] {
            (byte) (classId >> 8),
            (byte) classId,
            (byte) obis.a(),
            (byte) obis.b(),
            (byte) obis.c(),
            (byte) obis.d(),
            (byte) obis.e(),
            (byte) obis.f(),
            (byte) attribute
        };
    }

    /**
     * Of the text form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Descriptor parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("class/code/attribute was expected, found '" + text + "'");
        }
        try {
            int classId = Integer.parseInt(parts[0]);
            int attribute = Integer.parseInt(parts[2]);
            if (classId < 0 || classId > 65_535 || attribute < -128 || attribute > 127) {
                throw new IllegalArgumentException("class or attribute out of range in '" + text + "'");
            }
            return new Descriptor(classId, Obis.parse(parts[1]), attribute);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("class and attribute must be numbers in '" + text + "'", noNumber);
        }
    }

    @Override
    public String toString() {
        return classId + "/" + obis + "/" + attribute;
    }
}
