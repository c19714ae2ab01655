// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/** SenML in JSON (RFC 8428, 5), CoAP content-format 110. Thread-safe, without state. */
@Component
public final class SenMlJsonCodec implements Codec {
    @Override
    public String name() {
        return "senml-json";
    }

    @Override
    public String version() {
        return Frames.VERSION;
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of("application/senml+json");
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        return Frames.decode(frame, context, JsonRecords::read);
    }
}
