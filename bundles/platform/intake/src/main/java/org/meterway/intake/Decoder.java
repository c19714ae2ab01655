// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.meter.Inventory;
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
     * What a codec made of a frame.
     *
     * @param message the frame, with codec and readings if it was decoded, else without
     * @param codec name of the codec asked, empty if there is none for the content type
     * @param version its version
     * @param rejection why the frame is wrong; empty if it is decoded, or could not be decoded through no fault of its own
     * @param reason why it was not decoded, empty if it was
     */
    record Outcome(
            Message message, String codec, String version, Optional<FrameRejectedException> rejection, String reason) {
        boolean decoded() {
            return reason.isEmpty();
        }
    }

    /** Decodes and checks a frame with the codec for its content type. */
    Outcome decode(Frame frame, DeviceModels models, @Nullable Inventory inventory) {
        Optional<Codec> found = codecs.find(frame.contentType());
        if (found.isEmpty()) {
            return undecoded(frame, "", "", "there is no codec for " + frame.contentType());
        }
        Codec codec = found.get();
        String name = "";
        String version = "";
        try {
            name = codec.name();
            version = codec.version();
            MeterContext context = new MeterContext(frame.meter(), models.namesOf(frame.meter()), inventory);
            Decoded decoded = codec.decode(frame, context);
            check(decoded);
            Optional<Invocation> invocation =
                    decoded.invocation().isPresent() ? decoded.invocation().map(context::withKey) : Optional.empty();
            Message message = new Message(frame, name, version, decoded.readings(), invocation);
            return new Outcome(message, name, version, Optional.empty(), "");
        } catch (FrameRejectedException rejected) {
            return new Outcome(
                    undecoded(frame), name, version, Optional.of(rejected), String.valueOf(rejected.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            // The codec is wrong or being replaced, not the meter: its bytes are kept for a better one.
            if (tellBroken.allows()) {
                LOG.warn("{} broke on {}, which is kept undecoded", name, frame, broken);
            }
            return undecoded(frame, name, version, name + " " + version + " broke on it: " + broken);
        }
    }

    private void check(Decoded decoded) throws FrameRejectedException {
        try {
            check.check(decoded.readings());
        } catch (FrameRejectedException rejected) {
            counters.readingsRejected.add(decoded.readings().size());
            throw rejected;
        }
    }

    private static Outcome undecoded(Frame frame, String codec, String version, String reason) {
        return new Outcome(undecoded(frame), codec, version, Optional.empty(), reason);
    }

    private static Message undecoded(Frame frame) {
        return new Message(frame, "", "", List.of());
    }

    static boolean isUndecoded(Message message) {
        return message.codec().isEmpty();
    }
}
