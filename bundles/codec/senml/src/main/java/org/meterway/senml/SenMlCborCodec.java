// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/** SenML in CBOR (RFC 8428, 6), CoAP content-format 112. Thread-safe, without state. */
@Component
public final class SenMlCborCodec implements Codec {
    @Override
    public String name() {
        return "senml-cbor";
    }

    @Override
    public String version() {
        return Frames.VERSION;
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of("application/senml+cbor");
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        return Frames.decode(frame, context, CborRecords::read);
    }
}
