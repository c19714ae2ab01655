// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.store.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns frames into messages with the codecs there are. Thread-safe. */
final class Decoder {
    private static final Logger LOG = LoggerFactory.getLogger(Decoder.class);

    private final Codecs codecs;
    private final FrameCheck check;
    private final Counters counters;
    private final Throttle tellBroken;

    Decoder(Codecs codecs, FrameCheck check, Counters counters, Throttle tellBroken) {
        this.codecs = codecs;
        this.check = check;
        this.counters = counters;
        this.tellBroken = tellBroken;
    }

    /**
     * Decodes and checks a frame.
     *
     * @return with an empty codec and without readings if no codec could decode it and no codec found it wrong
     * @throws FrameRejectedException if the frame or what it says is wrong
     */
    Message decode(Frame frame, DeviceModels models) throws FrameRejectedException {
        Optional<Codec> codec = codecs.find(frame.contentType());
        if (codec.isEmpty()) {
            return undecoded(frame);
        }
        Decoded decoded;
        try {
            decoded = codec.get().decode(frame, models.namesOf(frame.meter())::resolve);
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            // The codec is wrong or being replaced, not the meter: its bytes are kept for a better one.
            if (tellBroken.allows()) {
                LOG.warn("{} broke on {}, which is kept undecoded", codec.get().name(), frame, broken);
            }
            return undecoded(frame);
        }
        try {
            check.check(decoded.readings());
        } catch (FrameRejectedException rejected) {
            counters.readingsRejected.add(decoded.readings().size());
            throw rejected;
        }
        return new Message(frame, codec.get().name(), codec.get().version(), decoded.readings());
    }

    private static Message undecoded(Frame frame) {
        return new Message(frame, "", "", List.of());
    }

    static boolean isUndecoded(Message message) {
        return message.codec().isEmpty();
    }
}
