// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.List;
import java.util.Map;
import org.meterway.api.channel.Answer;
import org.meterway.api.line.Dialogue;

/**
 * What all dialogues share: four FE and a question, then the frame among whatever came that is from the meter asked and answers what
 * was asked. Questions are repeated after silence; what must not be done twice overrides {@link #silence}.
 */
abstract class Asking implements Dialogue {
    /** Wakes up meters behind infrared and power line (2007: 5.2.7). */
    private static final byte[] WAKE_UP = {(byte) 0xFE, (byte) 0xFE, (byte) 0xFE, (byte) 0xFE};

    private static final int FUNCTION_BITS = 0x1F;

    /** What the dialogue knows of the meter. */
    protected final Access access;

    private int asked;
    private byte[] question = {};

    Asking(Access access) {
        this.access = access;
    }

    /** The meter answered, normally. */
    abstract Step answered(LinkFrame frame);

    /** The meter refused. */
    Step refused(LinkFrame frame) {
        return new Done(refusal(frame), List.of());
    }

    /** Asks; the answer must be from the meter asked. */
    final Step ask(Function function, byte[] plain) {
        asked = function.code();
        question = Access.concat(WAKE_UP, LinkFrame.encode(access.address().bytes(), asked, plain));
        return Send.of(question);
    }

    /** Sends to all meters, none of which answers. */
    final Step tell(Function function, byte[] plain) {
        asked = function.code();
        question = Access.concat(WAKE_UP, LinkFrame.encode(MeterAddress.BROADCAST.bytes(), asked, plain));
        return new Send(question, java.util.Optional.empty(), false);
    }

    @Override
    public final Step received(byte[] received) {
        for (LinkFrame frame : LinkFrame.find(received)) {
            if (frame.answer()
                    && (frame.control() & FUNCTION_BITS) == asked
                    && access.address().answeredBy(frame.address())) {
                Step step = frame.abnormal() ? refused(frame) : answered(frame);
                if (!(step instanceof Wait)) {
                    return step;
                }
            }
        }
        return new Wait();
    }

    @Override
    public Step silence(byte[] received) {
        return Send.of(question);
    }

    /** A refusal for who gave the command, with the error word's bits. */
    final Answer refusal(LinkFrame frame) {
        int word = frame.length() == 0 ? 0 : frame.plain(0);
        String code = (word & 2) != 0 ? "4.04" : (word & 4) != 0 ? "4.01" : "4.00";
        String text = frame.length() == 0
                ? "refused without an error word"
                : "the meter refuses: " + Words.text(access.edition().errorWord(), word, 1);
        return new Answer(false, code, text, Map.of(), "");
    }

    static Done done(String code, String text, Map<String, Object> values, List<LineFrame> frames) {
        return new Done(new Answer(true, code, text, values, ""), frames);
    }
}
