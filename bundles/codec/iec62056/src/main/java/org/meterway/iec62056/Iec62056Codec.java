// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/**
 * IEC 62056-21 messages and DSMR/ESMR P1 telegrams, plain or encrypted, one or a capture of several. Thread-safe, without state.
 */
@Component
public final class Iec62056Codec implements Codec {
    /** Longest capture: 256 telegrams of a large P1 meter. */
    private static final int LONGEST = 1 << 18;

    @Override
    public String name() {
        return "iec62056";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.IEC62056);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        if (bytes.length > LONGEST) {
            throw new FrameRejectedException(
                    "message", -1, "has " + bytes.length + " bytes, at most " + LONGEST + " are read");
        }
        ReadingSink sink = new ReadingSink(context, frame.receivedAt());
        int encrypted = EncryptedTelegrams.start(bytes, 0);
        if (encrypted >= 0) {
            new EncryptedTelegrams(bytes, frame.target(), context, sink).read(encrypted);
        } else {
            new Messages(Text.of(bytes, context), frame.target(), sink).read();
        }
        return sink.decoded();
    }
}
