// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** One GET, with all blocks of its answer. */
final class Getting {
    private static final int MOST = 1 << 18;
    private final List<Descriptor> of;
    private final byte[] selection;
    private final List<Result> results = new ArrayList<>();
    private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private long expected = 1;

    /** A value, or why there is none (data-access-result). */
    record Result(@Nullable Datum value, int error) {}

    Getting(List<Descriptor> of, byte[] selection) {
        this.of = of;
        this.selection = selection;
    }

    static Getting one(Descriptor of) {
        return new Getting(List.of(of), new byte[0]);
    }

    List<Descriptor> of() {
        return of;
    }

    List<Result> results() {
        return results;
    }

    /** The frames of the answer as they came. */
    byte[] raw() {
        return raw.toByteArray();
    }

    byte[] request() {
        return of.size() == 1 ? Requests.get(of.get(0), selection) : Requests.get(of);
    }

    /**
     * Takes an answer.
     *
     * @return the request of the next block; null when the answer is complete
     */
    byte @Nullable [] take(byte[] apdu, byte[] frames) throws FrameRejectedException {
        Cursor in = Decodings.cursor(apdu);
        int tag = in.u8("get-response");
        if (tag == 0xd8 || tag == 0x0e) {
            // The service as a whole was refused.
            of.forEach(descriptor -> results.add(new Result(null, 250)));
            return null;
        }
        if (tag != 0xc4) {
            throw in.rejected("get-response", 0, "found " + Apdus.name(tag));
        }
        raw.writeBytes(frames);
        int type = in.u8("get-response");
        in.u8("invoke-id-and-priority");
        if (type == 2) {
            return block(in);
        }
        int count = type == 3 ? in.count("list") : 1;
        if (count != of.size()) {
            throw in.rejected("list", 3, "has " + count + " results for " + of.size() + " attributes");
        }
        results(in, count);
        return null;
    }

    private void results(Cursor in, int count) throws FrameRejectedException {
        Axdr axdr = new Axdr();
        for (int i = 0; i < count; i++) {
            boolean data = in.u8("result") == 0;
            results.add(data ? new Result(axdr.read(in), 0) : new Result(null, in.u8("data-access-result")));
        }
        in.finish("get-response");
    }

    private byte @Nullable [] block(Cursor in) throws FrameRejectedException {
        boolean last = in.u8("last-block") != 0;
        long number = in.u32("block-number");
        if (in.u8("result") != 0) {
            results.add(new Result(null, in.u8("data-access-result")));
            return null;
        }
        if (number != expected) {
            throw in.rejected("block-number", 4, expected + " was expected, found " + number);
        }
        expected++;
        blocks.writeBytes(in.octets("raw-data"));
        if (blocks.size() > MOST) {
            throw in.rejected("raw-data", 9, "the answer has more than " + MOST + " bytes");
        }
        if (!last) {
            return Requests.next(number);
        }
        Cursor whole = Decodings.cursor(blocks.toByteArray());
        if (of.size() > 1) {
            results(whole, whole.count("list"));
        } else {
            results.add(new Result(new Axdr().read(whole), 0));
        }
        return null;
    }
}
