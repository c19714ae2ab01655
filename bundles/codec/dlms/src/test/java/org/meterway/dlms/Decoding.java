// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
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
import org.meterway.api.reading.Reading;

/** What the tests need to decode a frame: keys, zone, target, registers, and the trace of it. */
final class Decoding implements DecodeContext {
    static final Instant RECEIVED = Instant.parse("2026-11-22T12:00:00.250Z");
    final List<Field> fields = new ArrayList<>();
    private final Map<String, byte[]> keys = new HashMap<>();
    private final Map<String, Register> registers = new HashMap<>();
    private ZoneId zone = ZoneId.of("UTC");
    private String target = "";
    private boolean traced = true;

    Decoding key(String name, String hex) {
        keys.put(plain(name), bytes(hex));
        return this;
    }

    private static String plain(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[_-]", "");
    }

    Decoding zone(String id) {
        zone = ZoneId.of(id);
        return this;
    }

    Decoding target(String text) {
        target = text;
        return this;
    }

    Decoding register(Register register) {
        registers.put(register.quantity().obis().toString(), register);
        return this;
    }

    Decoding untraced() {
        traced = false;
        return this;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s+", ""));
    }

    Decoded decode(String hex) throws FrameRejectedException {
        return decode(bytes(hex));
    }

    Decoded decode(byte[] bytes) throws FrameRejectedException {
        return new DlmsCodec().decode(new Frame("m1", "test", ContentTypes.DLMS, target, RECEIVED, bytes), this);
    }

    FrameRejectedException reject(String hex) {
        return assertThrows(FrameRejectedException.class, () -> decode(hex));
    }

    /** The readings as {@code code value unit}, in order. */
    List<String> values(String hex) throws FrameRejectedException {
        return decode(hex).readings().stream().map(Decoding::text).toList();
    }

    static String text(Reading reading) {
        return reading.quantity().obis() + " " + reading.value().toPlainString() + " "
                + reading.quantity().unit().symbol();
    }

    static Optional<BigDecimal> value(Decoded decoded, String obis) {
        return decoded.readings().stream()
                .filter(reading -> reading.quantity().obis().toString().equals(obis))
                .map(Reading::value)
                .findFirst();
    }

    @Override
    public Optional<Register> resolve(String name) {
        return Optional.ofNullable(registers.get(name));
    }

    @Override
    public Optional<byte[]> key(String name) {
        return Optional.ofNullable(keys.get(plain(name)));
    }

    @Override
    public ZoneId timeZone() {
        return zone;
    }

    @Override
    public boolean traced() {
        return traced;
    }

    @Override
    public void field(Field field) {
        fields.add(field);
    }
}
