// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** GET requests and responses (IEC 62056-5-3, 7.3.3 and 8.3): normal, with data blocks, with list. */
final class GetService {
    private static final int NORMAL = 1;
    private static final int BLOCK = 2;
    private static final int LIST = 3;
    private final Session session;
    private Source.Joiner blocks = new Source.Joiner();
    private long expectedBlock = 1;
    private long blocksSeen;
    private List<Descriptor> blocksOf = List.of();
    private boolean blocksOfList;

    GetService(Session session) {
        this.session = session;
    }

    void request(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("get-request type");
        in.note(start, "get-request", type == NORMAL ? "normal" : type == BLOCK ? "next" : "with list");
        int invoke = invoke(in);
        switch (type) {
            case NORMAL -> {
                Descriptor of = Descriptor.read(in, "attribute");
                selection(in);
                session.asked(invoke, List.of(of));
                session.sink.unnamed("get-request " + of);
            }
            case BLOCK -> in.note(in.at, "block-number", in.u32("block-number"));
            case LIST -> {
                int count = count(in, 10);
                List<Descriptor> of = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    of.add(Descriptor.read(in, "attribute"));
                    selection(in);
                }
                session.asked(invoke, of);
                session.sink.unnamed("get-request with list of " + count);
            }
            default -> throw in.rejected("get-request type", start, "1 to 3 were expected, found " + type);
        }
    }

    static int invoke(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int invoke = in.u8("invoke-id-and-priority");
        in.note(start, "invoke-id-and-priority", () -> String.format(Locale.ROOT, "%02x", invoke));
        return invoke;
    }

    /** A count of elements of at least this many bytes each. */
    static int count(Cursor in, int least) throws FrameRejectedException {
        int start = in.at;
        int count = in.count("list");
        if ((long) count * least > in.remaining()) {
            throw in.rejected("list", start, "says " + count + " elements, only " + in.remaining() + " bytes follow");
        }
        in.note(start, "list of", count);
        return count;
    }

    /** Selective access, if the request has it. */
    private void selection(Cursor in) throws FrameRejectedException {
        selection(in, session);
    }

    static void selection(Cursor in, Session session) throws FrameRejectedException {
        int start = in.at;
        int there = in.u8("access-selection");
        if (there == 0) {
            in.note(start, "access-selection", "none");
            return;
        }
        if (there != 1) {
            throw in.rejected("access-selection", start, "0 or 1 was expected, found " + there);
        }
        int selector = in.u8("access-selector");
        in.note(start, "access-selector", selector);
        session.axdr.read(in);
    }

    void response(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int type = in.u8("get-response type");
        in.note(start, "get-response", type == NORMAL ? "normal" : type == BLOCK ? "with data block" : "with list");
        int invoke = invoke(in);
        switch (type) {
            case NORMAL -> {
                List<Descriptor> of = session.answered(invoke, 1);
                result(in, of.isEmpty() ? null : of.get(0));
            }
            case BLOCK -> block(in, invoke);
            case LIST -> list(in, invoke);
            default -> throw in.rejected("get-response type", start, "1 to 3 were expected, found " + type);
        }
    }

    private void list(Cursor in, int invoke) throws FrameRejectedException {
        int count = count(in, 2);
        List<Descriptor> of = session.answered(invoke, count);
        for (int i = 0; i < count; i++) {
            result(in, of.isEmpty() ? null : of.get(i));
        }
    }

    /** Data or the reason why there is none. */
    private void result(Cursor in, @Nullable Descriptor of) throws FrameRejectedException {
        int start = in.at;
        int choice = in.u8("result");
        if (choice == 1) {
            int code = in.u8("data-access-result");
            in.note(start, "data-access-result", OtherServices.accessResult(code));
            session.sink.unnamed(
                    (of == null ? "get-response" : of.toString()) + ": " + OtherServices.accessResult(code));
            return;
        }
        if (choice != 0) {
            throw in.rejected("result", start, "data (0) or data-access-result (1) was expected, found " + choice);
        }
        in.note(start, "result", "data");
        value(session.axdr.read(in), of);
    }

    private void value(Datum value, @Nullable Descriptor of) throws FrameRejectedException {
        if (of == null) {
            session.sink.unnamed("get-response " + Datum.typeName(value.tag));
            return;
        }
        session.trace.explain(value.source, value.from, of.toString());
        session.answers.attribute(of.classId(), of.obis(), of.attribute(), value, null);
    }

    private void block(Cursor in, int invoke) throws FrameRejectedException {
        int lastAt = in.at;
        int last = in.u8("last-block");
        if (last > 1 && last != 0xff) {
            throw in.rejected("last-block", lastAt, "a boolean was expected, found " + last);
        }
        in.note(lastAt, "last-block", last != 0);
        int numberAt = in.at;
        long number = in.u32("block-number");
        in.note(numberAt, "block-number", number);
        int start = in.at;
        int choice = in.u8("result");
        if (choice == 1) {
            int code = in.u8("data-access-result");
            in.note(start, "data-access-result", OtherServices.accessResult(code));
            session.sink.unnamed("get-response block " + number + ": " + OtherServices.accessResult(code));
            reset();
            return;
        }
        if (choice != 0) {
            throw in.rejected("result", start, "raw data (0) or data-access-result (1) was expected, found " + choice);
        }
        int lengthAt = in.at;
        int length = in.length("raw-data");
        in.note(lengthAt, "raw-data length", length);
        Cursor data = in.sub(length, "raw-data");
        if (session.trace.on()) {
            session.trace.add(in.source, data.at, length, "block: " + length + " bytes");
        }
        if (blocksSeen == 0 && number > 1) {
            session.sink.unnamed("get-response block " + number + " without the ones before it");
            return;
        }
        if (blocksSeen > 0 && number == expectedBlock - 1) {
            return;
        }
        if (blocksSeen == 0) {
            // A request in the frame says whether it asked for a list.
            expectedBlock = number;
            List<Descriptor> request = session.askedBy(invoke);
            blocksOfList = request.size() > 1;
            blocksOf = request.isEmpty() ? session.answered(invoke, 1) : session.answered(invoke, request.size());
        }
        if (number != expectedBlock) {
            throw in.rejected("block-number", numberAt, expectedBlock + " was expected, found " + number);
        }
        expectedBlock++;
        blocksSeen++;
        blocks.add(in.source, data.at, data.end);
        if (last != 0) {
            whole();
        }
    }

    /** All blocks of an answer are there. */
    private void whole() throws FrameRejectedException {
        Cursor data = blocks.cursor("blocks", session.trace);
        List<Descriptor> of = blocksOf;
        boolean list = blocksOfList;
        reset();
        if (list) {
            int count = count(data, 2);
            for (int i = 0; i < count; i++) {
                result(data, i < of.size() ? of.get(i) : null);
            }
        } else {
            value(session.axdr.read(data), of.isEmpty() ? null : of.get(0));
        }
        data.finish("get-response");
    }

    private void reset() {
        blocks = new Source.Joiner();
        expectedBlock = 1;
        blocksSeen = 0;
    }

    /** Says so if an answer's last block never came: its blocks are kept, but no value is read from a part. */
    void finish() {
        if (blocksSeen > 0) {
            session.sink.unnamed("get-response of " + blocksSeen + " blocks without its last");
        }
    }
}
