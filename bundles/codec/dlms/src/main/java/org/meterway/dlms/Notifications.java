// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import org.meterway.api.codec.FrameRejectedException;

/** What meters send unasked: data-notification and event-notification (IEC 62056-5-3, 7.4.2 and 7.3.8). */
final class Notifications {
    private final Session session;
    private String maker = "";

    Notifications(Session session) {
        this.session = session;
    }

    /** Who made the meter, by its system title; empty if not known. */
    void maker(String letters) {
        maker = letters;
    }

    void data(Cursor in) throws FrameRejectedException {
        Report report = session.newReport();
        int start = in.at;
        long invoke = in.u32("long-invoke-id-and-priority");
        in.note(start, "long-invoke-id-and-priority", () -> String.format("%08x", invoke));
        boolean tagged = time(in, report);
        if (EgdList.isOne(in)) {
            report.maker(maker);
            new EgdList(session, report).read(in);
        } else {
            Datum body = session.axdr.read(in);
            in.finish("notification body");
            PushLists lists = new PushLists(report, session.sink);
            lists.makers(body);
            report.maker(maker);
            if (tagged) {
                // Of those who name no maker only Kaifa writes the time with a data type before it.
                report.maker("KFM");
            }
            lists.read(body);
        }
        report.finish();
    }

    /** The time of a message: an octet string without tag, or as some meters send it with its tag. Says whether it had one. */
    private boolean time(Cursor in, Report report) throws FrameRejectedException {
        int start = in.at;
        int length = in.u8("date-time");
        if (length == 0) {
            in.note(start, "date-time", "none");
            return false;
        }
        boolean tagged = length == Datum.OCTET_STRING && in.peek(0) == 12;
        if (tagged) {
            length = in.u8("date-time");
        } else if (length == Datum.DATE_TIME) {
            length = 12;
        }
        if (length != 12) {
            throw in.rejected("date-time", start, "has " + length + " bytes, none or 12 were expected");
        }
        in.note(start, "date-time length", 12);
        report.time(DateTimes.read(in, session.zone));
        return tagged;
    }

    void event(Cursor in) throws FrameRejectedException {
        Report report = session.newReport();
        int start = in.at;
        if (in.u8("time") != 0) {
            time(in, report);
        } else {
            in.note(start, "time", "none");
        }
        Descriptor descriptor = Descriptor.read(in, "attribute");
        Datum value = session.axdr.read(in);
        report.attribute(descriptor.classId(), descriptor.obis(), descriptor.attribute(), value, null);
        report.finish();
    }
}
