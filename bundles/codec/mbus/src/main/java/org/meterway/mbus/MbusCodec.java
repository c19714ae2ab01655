// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/**
 * M-Bus: link layer frames of EN 13757-2 with the application layer of EN 13757-3. Several frames in one run are one answer: the
 * telegrams of a meter that has more records than one telegram holds. Thread-safe, without state.
 */
@Component
public final class MbusCodec implements Codec {
    /** Longest run of frames: a telegram has at most 261 bytes, and a meter some ten of them. */
    static final int MOST_BYTES = 1 << 14;

    @Override
    public String name() {
        return "mbus";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.MBUS);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        if (bytes.length == 0) {
            throw new FrameRejectedException("frame", 0, "is empty");
        }
        if (bytes.length > MOST_BYTES) {
            throw new FrameRejectedException(
                    "frame", -1, "has " + bytes.length + " bytes, at most " + MOST_BYTES + " are read");
        }
        ReadingsBuilder readings = new ReadingsBuilder(frame.receivedAt(), context);
        Telegrams telegrams = new Telegrams(bytes, context, readings);
        int at = 0;
        while (at < bytes.length) {
            at = telegrams.read(at);
        }
        return readings.decoded();
    }
}
