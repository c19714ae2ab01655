// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import java.util.Set;
import org.meterway.api.model.RegisterNames;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decodes one protocol's frames: a pure function without state, device or store. Registered as a service; when several serve a
 * content type the highest service ranking decodes.
 */
@ConsumerType
public interface Codec {
    /** Short unique name, for example {@code senml-cbor}. */
    String name();

    /** Version of the decoding rules, kept with every message so that it can be decoded again by a better one. */
    String version();

    /** The content types decoded, in lower case, for example {@code application/senml+cbor}. */
    Set<String> contentTypes();

    /**
     * Decodes a frame. Thread-safe; never blocks; bounded in time and memory by the frame's length.
     *
     * @param names what the meter's names mean
     * @throws FrameRejectedException if the frame breaks the protocol's rules, naming field and offset
     */
    Decoded decode(Frame frame, RegisterNames names) throws FrameRejectedException;
}
