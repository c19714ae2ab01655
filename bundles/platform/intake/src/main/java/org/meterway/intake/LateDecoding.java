// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.store.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes parked messages when a codec for them has come. Used by the settler's thread alone. */
final class LateDecoding {
    private static final Logger LOG = LoggerFactory.getLogger(LateDecoding.class);

    private final Parked parked;
    private final Codecs codecs;
    private final Decoder decoder;
    private final Supplier<@Nullable DeviceModels> models;

    LateDecoding(Parked parked, Codecs codecs, Decoder decoder, Supplier<@Nullable DeviceModels> models) {
        this.parked = parked;
        this.codecs = codecs;
        this.decoder = decoder;
        this.models = models;
    }

    /** What can be decoded now, oldest first; it stays parked until {@link #settled}. */
    List<Pending> decode(int atMost) {
        DeviceModels known = models.get();
        if (known == null) {
            return List.of();
        }
        int state = codecs.changes();
        List<Pending> decoded = new ArrayList<>();
        List<Long> undecodable = new ArrayList<>();
        List<Long> wrong = new ArrayList<>();
        Map<Long, Frame> frames = parked.worthTrying(
                state, contentType -> codecs.find(contentType).isPresent(), atMost);
        frames.forEach((sequence, frame) -> {
            try {
                Message message = decoder.decode(frame, known);
                if (Decoder.isUndecoded(message)) {
                    undecodable.add(sequence);
                } else {
                    decoded.add(new Pending(
                            sequence,
                            frame.meter(),
                            Blocks.of(frame.meter(), message.readings()),
                            message.readings().size()));
                }
            } catch (FrameRejectedException rejected) {
                LOG.warn("Message {}, decoded late, is wrong: {}", sequence, rejected.getMessage());
                wrong.add(sequence);
            }
        });
        parked.failed(undecodable, state);
        parked.remove(wrong);
        return decoded;
    }

    /** The readings of these are in durable profiles. */
    void settled(List<Pending> decoded) {
        parked.remove(decoded.stream().map(Pending::sequence).toList());
    }
}
