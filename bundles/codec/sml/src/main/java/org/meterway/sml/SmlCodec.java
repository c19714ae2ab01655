// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/**
 * SML 1.03 and 1.04 in binary encoding, in transport frames of version 1 or as the bare file; one or a capture of several. A capture
 * may begin and end within a frame, and damaged frames between good ones are passed over. Thread-safe, without state.
 */
@Component
public final class SmlCodec implements Codec {
    private static final int LONGEST = 1 << 18;
    private static final int MOST_DAMAGED = 64;
    private static final int MESSAGE = 0x76;

    @Override
    public String name() {
        return "sml";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.SML);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        if (bytes.length > LONGEST) {
            throw new FrameRejectedException(
                    "SML file", -1, "has " + bytes.length + " bytes, at most " + LONGEST + " are read");
        }
        ReadingSink sink = new ReadingSink(context, frame.receivedAt());
        Transport transport = new Transport(bytes);
        int start = transport.start(0);
        if (start < 0) {
            if (bytes.length == 0 || bytes[0] != MESSAGE) {
                throw new FrameRejectedException("start of transport", 0, "expected 1b1b1b1b 01010101, there is none");
            }
            new SmlFile(new Payload(bytes, bytes.length, 0, new int[0]), bytes.length, context, sink).read();
        } else {
            run(bytes, transport, start, context, sink);
        }
        return sink.decoded();
    }

    private static void run(byte[] bytes, Transport transport, int first, DecodeContext context, ReadingSink sink)
            throws FrameRejectedException {
        FrameRejectedException rejection = null;
        int good = 0;
        int damaged = 0;
        int at = 0;
        int start = first;
        while (start >= 0) {
            field(context, at, start, "noise");
            int mark = sink.mark();
            try {
                Transport.Found found = transport.read(start);
                if (found == null) {
                    if (good == 0) {
                        throw rejection != null
                                ? rejection
                                : new FrameRejectedException(
                                        "end of transport",
                                        bytes.length,
                                        "the frame that begins at byte " + start + " is cut off: expected 1b1b1b1b 1a");
                    }
                    at = start;
                    break;
                }
                file(start, found, context, sink);
                good++;
                at = found.end();
                start = transport.start(at);
            } catch (FrameRejectedException rejected) {
                sink.rollback(mark);
                rejection = rejection == null ? rejected : rejection;
                if (++damaged == MOST_DAMAGED) {
                    break;
                }
                sink.unnamed("damaged frame at byte " + start);
                at = start;
                start = transport.start(start + 1);
            }
        }
        if (good == 0) {
            throw rejection;
        }
        field(context, at, bytes.length, "noise");
    }

    private static void file(int start, Transport.Found found, DecodeContext context, ReadingSink sink)
            throws FrameRejectedException {
        Payload payload = found.payload();
        int end = payload.length() - found.padding();
        field(context, start, start + 4, "escape");
        field(context, start + 4, start + 8, "start of transport, version 1");
        new SmlFile(payload, end, context, sink).read();
        int from = payload.offset(end);
        for (int i = end; i < payload.length(); i++) {
            if (payload.bytes()[i] != 0) {
                throw payload.rejected("padding", i, String.format("expected 00, was %02x", payload.bytes()[i]));
            }
        }
        int trailer = found.end() - 8;
        field(context, from, trailer, "padding");
        field(context, trailer, trailer + 4, "escape");
        field(context, trailer + 4, trailer + 6, "end of transport, " + found.padding() + " bytes of padding");
        field(context, trailer + 6, trailer + 8, "CRC" + (found.kermit() ? " (KERMIT)" : ""));
    }

    private static void field(DecodeContext context, int from, int to, String meaning) {
        if (context.traced() && to > from) {
            context.field(Field.of(from, to - from, meaning));
        }
    }
}
