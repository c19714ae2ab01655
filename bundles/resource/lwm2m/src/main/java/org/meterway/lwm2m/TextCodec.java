// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.osgi.service.component.annotations.Component;

/** One value of one resource as text (LwM2M Core 1.1, 7.4.1). Its time is when it was received. */
@Component
public final class TextCodec implements Codec {
    private static final int LONGEST = 128;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");

    @Override
    public String name() {
        return "lwm2m-text";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.TEXT);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext names) throws FrameRejectedException {
        if (frame.target().isEmpty()) {
            throw new FrameRejectedException("target", -1, "text does not say of which resource it is");
        }
        ReadingList readings = new ReadingList(names);
        Optional<Register> register = readings.register(frame.target());
        if (register.isPresent()) {
            if (frame.bytes().length > LONGEST) {
                throw new FrameRejectedException(frame.target(), 0, "has more than " + LONGEST + " characters");
            }
            String text = new String(frame.bytes(), StandardCharsets.UTF_8).strip();
            if (!NUMBER.matcher(text).matches()) {
                throw new FrameRejectedException(
                        frame.target(), 0, "'" + Gatekeeper.printable(text) + "' is no number");
            }
            readings.add(register.get(), frame.target(), frame.receivedAt(), new BigDecimal(text), 0);
        }
        return readings.decoded();
    }
}
