// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;

/** Decodes with a trace. */
final class Decoding implements DecodeContext {
    static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:07Z");

    final List<Field> fields = new ArrayList<>();
    final Map<String, Register> registers = new HashMap<>();

    Decoded decode(byte[] bytes) throws FrameRejectedException {
        return new DtmfCodec().decode(new Frame("m1", "test", ContentTypes.DTMF, "", RECEIVED, bytes), this);
    }

    Decoded decode(String digits) throws FrameRejectedException {
        return decode(digits.getBytes(StandardCharsets.US_ASCII));
    }

    /** A frame with this between length and check digits. */
    static String frame(String body) {
        String checked = String.format("%02d", body.length() + 4) + body;
        return '*' + checked + Check.digits(checked) + '#';
    }

    @Override
    public Optional<Register> resolve(String name) {
        return Optional.ofNullable(registers.get(name));
    }

    @Override
    public boolean traced() {
        return true;
    }

    @Override
    public void field(Field field) {
        fields.add(field);
    }
}
