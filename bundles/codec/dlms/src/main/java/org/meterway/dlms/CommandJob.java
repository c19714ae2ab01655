// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue.Done;

/** One SET or ACTION. */
final class CommandJob extends Job {
    private final Supplier<byte[]> request;
    private boolean asked;
    private int result = 250;
    private String text = "no answer";

    /** The request is made when it is sent, so that a time in it is the one then. */
    CommandJob(Supplier<byte[]> request) {
        this.request = request;
    }

    @Override
    byte @Nullable [] next() {
        if (asked) {
            return null;
        }
        asked = true;
        return request.get();
    }

    @Override
    void answer(byte[] apdu, byte[] raw) throws FrameRejectedException {
        Cursor in = Decodings.cursor(apdu);
        int tag = in.u8("response");
        if (tag == 0xd8) {
            in.u8("state-error");
            text = OtherServices.exceptionText(in.u8("service-error"));
            return;
        }
        if (tag != 0xc5 && tag != 0xc7 || in.u8("response type") != 1) {
            throw in.rejected("response", 0, "found " + Apdus.name(tag));
        }
        in.u8("invoke-id-and-priority");
        result = in.u8("result");
        text = result == 0 ? "" : OtherServices.actionResult(result);
    }

    @Override
    Done done() {
        return result(result, text);
    }
}
