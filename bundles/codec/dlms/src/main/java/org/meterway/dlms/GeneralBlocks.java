// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** Joins the blocks of general-block-transfer (IEC 62056-5-3, 7.3.13) to the APDU they carry. */
final class GeneralBlocks {
    private static final int LAST = 0x80;
    private static final int STREAMING = 0x40;
    private static final int WINDOW = 0x3f;
    private final Session session;
    private Source.Joiner blocks = new Source.Joiner();
    private int expected = 1;
    private int lastFrom;
    private @Nullable Source lastSource;

    GeneralBlocks(Session session) {
        this.session = session;
    }

    /** Takes a block; returns the whole when it was the last. */
    @Nullable
    Cursor block(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int control = in.u8("block-control");
        in.note(
                start,
                "block-control",
                () -> String.format(Locale.ROOT, "%02x", control)
                        + ((control & LAST) != 0 ? ", last" : "")
                        + ((control & STREAMING) != 0 ? ", streaming" : "")
                        + ", window " + (control & WINDOW));
        int numberAt = in.at;
        int number = in.u16("block-number");
        in.note(numberAt, "block-number", number);
        in.note(in.at, "block-number-ack", in.u16("block-number-ack"));
        int lengthAt = in.at;
        int length = in.length("block-data");
        in.note(lengthAt, "block-data length", length);
        Cursor data = in.sub(length, "block-data");
        in.finish("general-block-transfer");
        if (length == 0) {
            return null;
        }
        if (number < expected) {
            // Sent again because the acknowledgement was lost.
            return null;
        }
        if (number != expected) {
            throw in.rejected("block-number", numberAt, expected + " was expected, found " + number);
        }
        expected++;
        lastSource = in.source;
        lastFrom = numberAt;
        blocks.add(in.source, data.at, data.end);
        if (session.trace.on()) {
            session.trace.add(in.source, data.at, length, "block: " + length + " bytes");
        }
        if ((control & LAST) == 0) {
            return null;
        }
        Cursor whole = blocks.cursor("blocks", session.trace);
        blocks = new Source.Joiner();
        expected = 1;
        return whole;
    }

    void finish() throws FrameRejectedException {
        Source source = lastSource;
        if (!blocks.isEmpty() && source != null) {
            throw new FrameRejectedException(
                    "block-number", source.frameOffset(lastFrom), "the last block of this APDU is missing");
        }
    }
}
