// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.time.Instant;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;

/** What the codecs of both encodings share. */
final class Frames {
    /** Raised with every change of what a frame decodes to. */
    static final String VERSION = "1";

    /** Longest frame: a device's is some hundred bytes, a channel's limit 64 KiB. */
    static final int LONGEST = 1 << 18;

    private Frames() {}

    /** Reads records of one encoding. */
    @FunctionalInterface
    interface Records {
        void read(byte[] bytes, Pack pack) throws FrameRejectedException;
    }

    static Decoded decode(Frame frame, DecodeContext context, Records records) throws FrameRejectedException {
        if (frame.bytes().length > LONGEST) {
            throw new FrameRejectedException(
                    "pack", -1, "has " + frame.bytes().length + " bytes, at most " + LONGEST + " are read");
        }
        ReadingsSink sink = new ReadingsSink(context);
        long received = millis(frame.receivedAt());
        if (!context.traced()) {
            records.read(frame.bytes(), new Pack(received, sink));
            return sink.decoded();
        }
        Trail trail = new Trail();
        try {
            records.read(frame.bytes(), new Pack(received, sink, trail));
        } finally {
            // What was understood before the mistake is worth seeing, too.
            trail.tell(context);
        }
        return sink.decoded();
    }

    /** To the nearest whole millisecond. */
    static long millis(Instant time) {
        return time.plusNanos(500_000).toEpochMilli();
    }
}
