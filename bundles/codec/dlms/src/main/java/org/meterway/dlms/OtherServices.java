// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Locale;
import org.meterway.api.codec.FrameRejectedException;

/** SET, ACTION and exceptions (IEC 62056-5-3, 7.3.4, 7.3.5 and 8.3): checked and explained; they carry no readings. */
final class OtherServices {
    private final Session session;

    OtherServices(Session session) {
        this.session = session;
    }

    void setRequest(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("set-request type");
        in.note(start, "set-request type", type);
        GetService.invoke(in);
        switch (type) {
            case 1 -> {
                Descriptor of = attribute(in);
                session.axdr.read(in);
                session.sink.unnamed("set-request " + of);
            }
            case 2 -> {
                attribute(in);
                block(in);
            }
            case 3 -> block(in);
            case 4 -> {
                int attributes = attributes(in);
                values(in, attributes);
            }
            case 5 -> {
                attributes(in);
                block(in);
            }
            default -> throw in.rejected("set-request type", start, "1 to 5 were expected, found " + type);
        }
    }

    private Descriptor attribute(Cursor in) throws FrameRejectedException {
        Descriptor of = Descriptor.read(in, "attribute");
        GetService.selection(in, session);
        return of;
    }

    private int attributes(Cursor in) throws FrameRejectedException {
        int count = GetService.count(in, 10);
        for (int i = 0; i < count; i++) {
            attribute(in);
        }
        return count;
    }

    private void values(Cursor in, int expected) throws FrameRejectedException {
        int start = in.at;
        int count = GetService.count(in, 1);
        if (count != expected) {
            throw in.rejected("value-list", start, "has " + count + " values for " + expected + " descriptors");
        }
        for (int i = 0; i < count; i++) {
            session.axdr.read(in);
        }
    }

    /** A data block: last, number, raw data. */
    private static void block(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int last = in.u8("last-block");
        if (last > 1 && last != 0xff) {
            throw in.rejected("last-block", start, "a boolean was expected, found " + last);
        }
        in.note(start, "last-block", last != 0);
        in.note(in.at, "block-number", in.u32("block-number"));
        int at = in.at;
        byte[] data = in.octets("raw-data");
        in.note(at, "raw-data", data.length + " bytes");
    }

    void setResponse(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("set-response type");
        in.note(start, "set-response type", type);
        GetService.invoke(in);
        switch (type) {
            case 1 -> session.sink.unnamed("set-response " + accessResult(in));
            case 2 -> in.note(in.at, "block-number", in.u32("block-number"));
            case 3 -> {
                accessResult(in);
                in.note(in.at, "block-number", in.u32("block-number"));
            }
            case 4, 5 -> {
                int count = GetService.count(in, 1);
                for (int i = 0; i < count; i++) {
                    accessResult(in);
                }
                if (type == 4) {
                    in.note(in.at, "block-number", in.u32("block-number"));
                }
            }
            default -> throw in.rejected("set-response type", start, "1 to 5 were expected, found " + type);
        }
    }

    private static String accessResult(Cursor in) throws FrameRejectedException {
        int start = in.at;
        String result = accessResult(in.u8("data-access-result"));
        in.note(start, "data-access-result", result);
        return result;
    }

    void actionRequest(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("action-request type");
        in.note(start, "action-request type", type);
        GetService.invoke(in);
        switch (type) {
            case 1 -> {
                Descriptor of = Descriptor.read(in, "method");
                optional(in);
                session.sink.unnamed("action-request " + of);
            }
            case 2 -> in.note(in.at, "block-number", in.u32("block-number"));
            case 3 -> values(in, methods(in));
            case 4 -> {
                Descriptor.read(in, "method");
                block(in);
            }
            case 5 -> {
                methods(in);
                block(in);
            }
            case 6 -> block(in);
            default -> throw in.rejected("action-request type", start, "1 to 6 were expected, found " + type);
        }
    }

    private static int methods(Cursor in) throws FrameRejectedException {
        int count = GetService.count(in, 9);
        for (int i = 0; i < count; i++) {
            Descriptor.read(in, "method");
        }
        return count;
    }

    private void optional(Cursor in) throws FrameRejectedException {
        if (present(in, "parameters")) {
            session.axdr.read(in);
        }
    }

    private static boolean present(Cursor in, String name) throws FrameRejectedException {
        int start = in.at;
        int there = in.u8(name);
        if (there > 1) {
            throw in.rejected(name, start, "0 (none) or 1 was expected, found " + there);
        }
        in.note(start, name, there == 1 ? "present" : "none");
        return there == 1;
    }

    void actionResponse(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("action-response type");
        in.note(start, "action-response type", type);
        GetService.invoke(in);
        switch (type) {
            case 1 -> session.sink.unnamed("action-response " + actionResult(in));
            case 2 -> block(in);
            case 3 -> {
                int count = GetService.count(in, 2);
                for (int i = 0; i < count; i++) {
                    actionResult(in);
                }
            }
            case 4 -> in.note(in.at, "block-number", in.u32("block-number"));
            default -> throw in.rejected("action-response type", start, "1 to 4 were expected, found " + type);
        }
    }

    private String actionResult(Cursor in) throws FrameRejectedException {
        int start = in.at;
        String result = actionResult(in.u8("action-result"));
        in.note(start, "action-result", result);
        if (present(in, "return-parameters")) {
            int choiceAt = in.at;
            int choice = in.u8("return-parameters");
            if (choice == 1) {
                accessResult(in);
            } else if (choice == 0) {
                in.note(choiceAt, "return-parameters", "data");
                session.axdr.read(in);
            } else {
                throw in.rejected("return-parameters", choiceAt, "0 or 1 was expected, found " + choice);
            }
        }
        return result;
    }

    void exception(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int state = in.u8("state-error");
        in.note(start, "state-error", state == 1 ? "service not allowed" : state == 2 ? "service unknown" : state);
        int at = in.at;
        int service = in.u8("service-error");
        in.note(at, "service-error", exceptionText(service));
        if (service == 6) {
            in.note(in.at, "invocation counter", in.u32("invocation counter"));
        }
        session.sink.unnamed("exception-response " + exceptionText(service));
    }

    static String exceptionText(int code) {
        return switch (code) {
            case 1 -> "operation not possible";
            case 2 -> "service not supported";
            case 3 -> "other reason";
            case 4 -> "PDU too long";
            case 5 -> "deciphering error";
            case 6 -> "invocation counter error";
            default -> "service error " + code;
        };
    }

    static String accessResult(int code) {
        return switch (code) {
            case 0 -> "success";
            case 1 -> "hardware-fault";
            case 2 -> "temporary-failure";
            case 3 -> "read-write-denied";
            case 4 -> "object-undefined";
            case 9 -> "object-class-inconsistent";
            case 11 -> "object-unavailable";
            case 12 -> "type-unmatched";
            case 13 -> "scope-of-access-violated";
            case 14 -> "data-block-unavailable";
            case 15 -> "long-get-aborted";
            case 16 -> "no-long-get-in-progress";
            case 17 -> "long-set-aborted";
            case 18 -> "no-long-set-in-progress";
            case 19 -> "data-block-number-invalid";
            case 250 -> "other-reason";
            default -> String.format(Locale.ROOT, "data-access-result %d", code);
        };
    }

    static String actionResult(int code) {
        return switch (code) {
            case 15 -> "long-action-aborted";
            case 16 -> "no-long-action-in-progress";
            default -> accessResult(code);
        };
    }
}
