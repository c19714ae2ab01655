// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import org.meterway.api.codec.FrameRejectedException;

/**
 * The push list of E.GD in Czechia: an enumeration and an array of structures whose first element is an attribute descriptor without
 * data type (class, logical name, attribute), the second the value. The outer structure comes with or without its
 * count, or not at all.
 */
final class EgdList {
    private final Session session;
    private final Report report;

    EgdList(Session session, Report report) {
        this.session = session;
        this.report = report;
    }

    /** Whether the notification body is such a list. */
    static boolean isOne(Cursor in) {
        if (in.peek(0) == Datum.ARRAY && in.peek(1) < 0x80 && isEntry(in, 2)) {
            return true;
        }
        int at = in.peek(1) == 2 && in.peek(2) == Datum.ENUM ? 2 : 1;
        return in.peek(0) == Datum.STRUCTURE
                && in.peek(at) == Datum.ENUM
                && in.peek(at + 2) == Datum.ARRAY
                && in.peek(at + 3) < 0x80
                && isEntry(in, at + 4);
    }

    private static boolean isEntry(Cursor in, int at) {
        return in.peek(at) == Datum.STRUCTURE
                && in.peek(at + 1) == 2
                && in.peek(at + 2) == 0
                && in.peek(at + 3) > 0
                && in.peek(at + 4) >= 0
                && in.peek(at + 4) <= 15
                && in.peek(at + 10) > 0;
    }

    void read(Cursor in) throws FrameRejectedException {
        if (in.peek(0) == Datum.STRUCTURE) {
            int start = in.at;
            in.u8("structure");
            if (in.peek(0) == 2) {
                in.u8("structure");
            }
            in.note(start, "structure of", 2);
            session.axdr.read(in);
        }
        int arrayAt = in.at;
        in.u8("array");
        int count = in.count("array");
        in.note(arrayAt, "array of", count);
        for (int i = 0; i < count; i++) {
            int entry = in.at;
            if (in.u8("entry") != Datum.STRUCTURE || in.u8("entry") != 2) {
                throw in.rejected("entry", entry, "a structure of descriptor and value was expected");
            }
            in.note(entry, "structure of", 2);
            Descriptor descriptor = Descriptor.read(in, "attribute");
            Datum value = session.axdr.read(in);
            report.attribute(descriptor.classId(), descriptor.obis(), descriptor.attribute(), value, null);
        }
        in.finish("notification body");
    }
}
