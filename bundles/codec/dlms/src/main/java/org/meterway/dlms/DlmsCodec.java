// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.osgi.service.component.annotations.Component;

/**
 * DLMS/COSEM (IEC 62056-5-3, -6-1, -6-2) over HDLC (-46), the wrapper of TCP and UDP (-47), M-Bus, or bare. Thread-safe, without
 * state.
 */
@Component
public final class DlmsCodec implements Codec {
    private static final int LONGEST = 1 << 18;

    @Override
    public String name() {
        return "dlms";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.DLMS);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        if (bytes.length > LONGEST) {
            throw new FrameRejectedException(
                    "frame", -1, "has " + bytes.length + " bytes, at most " + LONGEST + " are read");
        }
        Trace trace = new Trace(context);
        try {
            ReadingsSink sink = new ReadingsSink(context, trace);
            Session session = new Session(
                    new Keys(context::key),
                    trace,
                    sink,
                    context.timeZone(),
                    frame.receivedAt(),
                    Target.parse(frame.target()));
            Apdus apdus = new Apdus(session);
            new Transports(trace, apdus::apdu).read(bytes);
            apdus.finish();
            return sink.decoded(session.invocation());
        } finally {
            trace.tell();
        }
    }
}
