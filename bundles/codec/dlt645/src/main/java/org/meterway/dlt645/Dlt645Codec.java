// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** DL/T 645-2007 and -1997: one frame or several of an exchange, with or without preambles. Thread-safe, without state. */
@Component
public final class Dlt645Codec implements Codec {
    /** Longest run of frames: a meter's day of load records is some kilobytes, a line keeps no more. */
    static final int LONGEST = 1 << 16;

    @Activate
    public Dlt645Codec() {
        // Here rather than with the first frame, which has no time for it.
        DataTable.load();
    }

    @Override
    public String name() {
        return "dlt645";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.DLT645);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        if (bytes.length > LONGEST) {
            throw new FrameRejectedException("frame", -1, "has " + bytes.length + " bytes, at most " + LONGEST);
        }
        Output output = new Output(context, frame.receivedAt());
        new Exchange(output, frames(bytes)).decode();
        return output.decoded();
    }

    /** Frames one after the other; between them nothing but preambles. */
    private static List<LinkFrame> frames(byte[] bytes) throws FrameRejectedException {
        List<LinkFrame> frames = new ArrayList<>();
        int at = preambleEnd(bytes, 0);
        while (at < bytes.length) {
            LinkFrame frame = LinkFrame.at(bytes, at);
            frames.add(frame);
            at = preambleEnd(bytes, frame.end());
        }
        if (frames.isEmpty()) {
            throw new FrameRejectedException("frame", bytes.length, "there is none, only a preamble or nothing");
        }
        return frames;
    }

    private static int preambleEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && (bytes[at] & 0xFF) == LinkFrame.PREAMBLE) {
            at++;
        }
        return at;
    }
}
