// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** Decodes the frames of an exchange in their order and puts data together that a meter sent in several. One per run of bytes. */
final class Exchange {
    private final Output output;
    private final List<LinkFrame> frames;
    private final Answers answers;
    private final BitSet followed;
    private @Nullable Pending pending;

    /** Data of which more is to follow. */
    private static final class Pending {
        final String address;
        final Edition edition;
        final int di;
        final Run.Joint data = new Run.Joint();
        int sequence = 1;
        boolean complete;

        Pending(String address, Edition edition, int di) {
            this.address = address;
            this.edition = edition;
            this.di = di;
        }

        boolean continuedBy(LinkFrame frame, Edition other, int identifier) {
            return edition == other && di == identifier && address.equals(frame.address());
        }
    }

    Exchange(Output output, List<LinkFrame> frames) {
        this.output = output;
        this.frames = frames;
        answers = new Answers(output);
        followed = frames.size() > 1 ? followed(frames) : new BitSet();
    }

    void decode() throws FrameRejectedException {
        int end = 0;
        for (int i = 0; i < frames.size(); i++) {
            LinkFrame frame = frames.get(i);
            if (frame.start() > end) {
                output.field(end, frame.start() - end, "preamble");
            }
            frame(i, frame);
            end = frame.end();
        }
        int length = frames.get(0).bytes().length;
        if (length > end) {
            output.field(end, length - end, "preamble");
        }
        if (pending != null) {
            // Its last frame is not here: what is complete of it counts.
            reassembled(pending, false);
        }
    }

    private void frame(int index, LinkFrame frame) throws FrameRejectedException {
        Function function = Function.of(frame);
        if (function == null) {
            throw new FrameRejectedException(
                    "control code", frame.start() + 8, LinkFrame.hex(frame.control()) + " is of neither edition");
        }
        if (output.traced()) {
            header(frame, function);
        }
        Run run = Run.of(frame);
        if (!frame.answer()) {
            new Requests(output, run).request(function);
        } else if (frame.abnormal()) {
            new Requests(output, run).refusal(function);
        } else {
            switch (function) {
                case READ, READ_97, READ_AGAIN_97 -> first(index, frame, function.edition(), run);
                case READ_FOLLOWING, READ_FOLLOWING_97 -> following(frame, function.edition(), run);
                default -> new Requests(output, run).answer(function);
            }
        }
        output.field(frame.checksumAt(), 1, "checksum: " + LinkFrame.hex(frame.bytes()[frame.checksumAt()]));
        output.field(frame.checksumAt() + 1, 1, "end");
        Pending whole = pending;
        if (whole != null && whole.complete) {
            pending = null;
            reassembled(whole, true);
        }
    }

    private void header(LinkFrame frame, Function function) {
        int start = frame.start();
        String address = frame.address();
        String note = address.equals("999999999999") ? " (broadcast)" : address.startsWith("AA") ? " (wildcard)" : "";
        output.field(start, 1, "start");
        output.field(start + 1, 6, "address: " + address + note);
        output.field(start + 7, 1, "second start");
        String direction = !frame.answer() ? "request" : frame.abnormal() ? "refusal" : "answer";
        output.field(
                start + 8,
                1,
                "control: " + LinkFrame.hex(frame.control()) + " " + function.title() + ", " + direction
                        + (frame.followed() ? ", more follows" : "")
                        + (function.edition() == Edition.E1997 ? " (1997)" : ""));
        output.field(start + 9, 1, "length: " + frame.length());
    }

    private int identifier(Edition edition, Run run) throws FrameRejectedException {
        int bytes = edition.identifierLength();
        run.require(0, bytes, "data identifier");
        int di = run.number(0, bytes);
        if (output.traced()) {
            DataTable.Meaning meaning = DataTable.of(edition).find(edition, di);
            output.field(
                    run,
                    0,
                    bytes,
                    "data identifier: " + edition.identifier(di)
                            + (meaning == null ? "" : " " + meaning.entry().name()));
        }
        return di;
    }

    private void first(int index, LinkFrame frame, Edition edition, Run run) throws FrameRejectedException {
        int di = identifier(edition, run);
        int from = edition.identifierLength();
        if (!frame.followed()) {
            answers.data(edition, di, run, from, true, frame.address());
        } else if (followed.get(index)) {
            if (pending != null) {
                reassembled(pending, false);
            }
            pending = new Pending(frame.address(), edition, di);
            part(pending, run, from, run.length());
        } else {
            answers.data(edition, di, run, from, false, frame.address());
        }
    }

    /**
     * Of which frames the rest, or some of it, is in these bytes too: those whose meter's next answer is one to "read following data" in
     * the same edition.
     */
    private static BitSet followed(List<LinkFrame> frames) {
        BitSet followed = new BitSet(frames.size());
        Map<String, Function> next = new HashMap<>();
        for (int i = frames.size() - 1; i >= 0; i--) {
            LinkFrame frame = frames.get(i);
            Function function = Function.of(frame);
            if (!frame.answer() || frame.abnormal() || function == null) {
                continue;
            }
            Function later = next.put(frame.address(), function);
            followed.set(
                    i,
                    later == Function.READ_FOLLOWING && function.edition() == Edition.E2007
                            || later == Function.READ_FOLLOWING_97 && function.edition() == Edition.E1997);
        }
        return followed;
    }

    private void following(LinkFrame frame, Edition edition, Run run) throws FrameRejectedException {
        int di = identifier(edition, run);
        int from = edition.identifierLength();
        int to = run.length();
        Pending started = pending != null && pending.continuedBy(frame, edition, di) ? pending : null;

        if (edition == Edition.E2007) {
            run.require(from, 1, "sequence number");
            to--;
            int sequence = run.at(to);
            if (started != null && sequence != (started.sequence & 0xFF)) {
                throw run.rejected("sequence number", to, "is " + sequence + ", must be " + (started.sequence & 0xFF));
            }
        }
        if (started != null) {
            part(started, run, from, to);
            started.sequence++;
            started.complete = !frame.followed();
        } else {
            output.unnamed(edition.identifier(di) + ", continued: its beginning is not in these bytes");
            output.field(run, from, to - from, "continued data: " + run.wire(from, to));
        }
        output.field(run, to, run.length() - to, "sequence number: " + (to < run.length() ? run.at(to) : 0));
    }

    private void part(Pending to, Run run, int from, int end) {
        if (output.traced()) {
            output.field(run, from, end - from, "part of the data: " + run.wire(from, end));
        }
        to.data.add(run, from, end);
    }

    private void reassembled(Pending whole, boolean all) throws FrameRejectedException {
        answers.data(whole.edition, whole.di, whole.data.joined(), 0, all, whole.address);
    }
}
