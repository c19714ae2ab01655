// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
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
    static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00Z");

    final List<Field> fields = new ArrayList<>();
    final Map<String, byte[]> keys = new HashMap<>();
    final Map<String, Register> registers = new HashMap<>();
    ZoneId zone = ZoneOffset.UTC;

    Decoded decode(byte[] bytes) throws FrameRejectedException {
        return new MbusCodec().decode(new Frame("m1", "test", ContentTypes.MBUS, "", RECEIVED, bytes), this);
    }

    Decoded decode(String hex) throws FrameRejectedException {
        return decode(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** A long frame of a meter with these bytes from the CI field on. */
    static String frame(String fromCi) {
        byte[] data = HexFormat.of().parseHex("0801" + fromCi.replace(" ", ""));
        String length = HexFormat.of().toHexDigits((byte) data.length);
        int sum = 0;
        for (byte b : data) {
            sum += b;
        }
        return "68" + length + length + "68" + HexFormat.of().formatHex(data)
                + HexFormat.of().toHexDigits((byte) sum) + "16";
    }

    /** The records as they come from a meter of this medium. */
    static String records(String medium, String records) {
        return frame("72 78563412 b405 01 " + medium + " 2a 00 0000 " + records);
    }

    List<String> meanings() {
        return fields.stream().map(Field::meaning).toList();
    }

    @Override
    public Optional<Register> resolve(String name) {
        return Optional.ofNullable(registers.get(name));
    }

    @Override
    public Optional<byte[]> key(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    @Override
    public ZoneId timeZone() {
        return zone;
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
