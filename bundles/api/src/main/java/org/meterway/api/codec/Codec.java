// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decodes one protocol's frames: a pure function without state, device or store. Registered as a service; when several serve a
 * content type the highest service ranking decodes. A protocol that meters are asked in over a line also registers a {@link
 * org.meterway.api.line.LineProtocol}.
 */
@ConsumerType
public interface Codec {
    /** Short unique name, for example {@code senml-cbor}. */
    String name();

    /** Version of the decoding rules, kept with every message so that it can be decoded again by a better one. */
    String version();

    /** The content types decoded, in lower case, for example {@code application/senml+cbor}; {@link ContentTypes} names ours. */
    Set<String> contentTypes();

    /**
     * Decodes a frame. Thread-safe; never blocks; bounded in time and memory by the frame's length, at most 50 ms and 16 MiB.
     *
     * @param context what the frame alone does not say: names, keys, time zone; and where a trace of the bytes goes
     * @throws FrameRejectedException if the frame breaks the protocol's rules, naming field and offset
     */
    Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException;
}
