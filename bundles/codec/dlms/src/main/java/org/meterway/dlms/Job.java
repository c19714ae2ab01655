// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue.Done;
import org.meterway.api.line.Dialogue.LineFrame;

/** What is done inside an association: plain requests out, plain answers in. Used by one dialogue. */
abstract class Job {
    /** Whether the meter takes requests of several attributes; told before the first request. */
    boolean multiple;

    /** The system title of the meter, empty if the association has none; told before the end. */
    String title = "";

    /** The next request; null when nothing is left to do. */
    abstract byte @Nullable [] next();

    /**
     * The answer to the last request.
     *
     * @param raw the frames that carried it
     */
    abstract void answer(byte[] apdu, byte[] raw) throws FrameRejectedException;

    /** What came of it. */
    abstract Done done();

    /** An answer without readings, good or bad by a result code of the meter. */
    static Done result(int code, String text) {
        return new Done(new Answer(code == 0, code == 0 ? "2.04" : coap(code), text, Map.of(), ""), List.of());
    }

    /** A refusal of the meter as a CoAP code. */
    static String coap(int result) {
        return switch (result) {
            case 2, 11, 14 -> "5.03";
            case 3, 13 -> "4.03";
            case 4 -> "4.04";
            case 9, 12 -> "4.00";
            default -> "5.00";
        };
    }

    /** Frames for intake, saying what they answer. */
    LineFrame frame(String target, byte[] bytes) {
        String of = title.isEmpty() ? target : "title=" + title + "; " + target;
        return new LineFrame(ContentTypes.DLMS, of, bytes);
    }
}
