// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
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

/** Decodes in tests: a meter in Amsterdam whose model names nothing. */
final class Decoding {
    static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00.123Z");

    private Decoding() {}

    /** A context that listens. */
    static final class Context implements DecodeContext {
        final List<Field> fields = new ArrayList<>();
        private final Map<String, String> keys;
        private final ZoneId zone;
        private final Map<String, Register> registers;

        Context(Map<String, String> keys, ZoneId zone, Map<String, Register> registers) {
            this.keys = keys;
            this.zone = zone;
            this.registers = registers;
        }

        @Override
        public Optional<Register> resolve(String name) {
            return Optional.ofNullable(registers.get(name));
        }

        @Override
        public Optional<byte[]> key(String name) {
            return Optional.ofNullable(keys.get(name)).map(HexFormat.of()::parseHex);
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

    static final ZoneId AMSTERDAM = ZoneId.of("Europe/Amsterdam");

    static Frame frame(byte[] bytes, String target) {
        return new Frame("m1", "test", ContentTypes.IEC62056, target, RECEIVED, bytes);
    }

    static Decoded decode(byte[] bytes) throws FrameRejectedException {
        return decode(bytes, Map.of());
    }

    static Decoded decode(String text) throws FrameRejectedException {
        return decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Decoded decode(byte[] bytes, Map<String, String> keys) throws FrameRejectedException {
        return decode(bytes, new Context(keys, AMSTERDAM, Map.of()));
    }

    /** Decodes and checks that the trace covers the frame without gap or overlap. */
    static Decoded decode(byte[] bytes, Context context) throws FrameRejectedException {
        byte[] before = bytes.clone();
        Decoded decoded = new Iec62056Codec().decode(frame(bytes, ""), context);
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, bytes);
        boolean damaged = decoded.unnamed().stream().anyMatch(name -> name.startsWith("damaged"));
        int at = 0;
        for (Field field : context.fields) {
            if (field.part().isEmpty() && !damaged) {
                assertEquals(at, field.offset(), () -> "gap before " + field);
                at = field.offset() + field.length();
            }
        }
        if (!damaged) {
            assertEquals(bytes.length, at, "the trace ends early");
        }
        return decoded;
    }

    static List<String> trace(byte[] bytes) throws FrameRejectedException {
        Context context = new Context(Map.of(), AMSTERDAM, Map.of());
        decode(bytes, context);
        return context.fields.stream()
                .map(field -> field.offset() + " " + field.meaning())
                .toList();
    }

    /** Readings as "quantity value unit". */
    static List<String> values(Decoded decoded) {
        return decoded.readings().stream()
                .map(reading -> reading.quantity().obis() + " "
                        + reading.value().toPlainString() + " "
                        + reading.quantity().unit().symbol())
                .toList();
    }

    /** Readings as "quantity value unit time interval-seconds". */
    static List<String> timed(Decoded decoded) {
        List<String> values = values(decoded);
        List<String> timed = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            timed.add(values.get(i) + " " + decoded.readings().get(i).start() + " "
                    + decoded.readings().get(i).interval().toSeconds());
        }
        return timed;
    }

    static void rejected(String text, String field, int offset, String reason) {
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> decode(text));
        assertEquals(field, rejected.field());
        assertEquals(offset, rejected.offset(), rejected.getMessage());
        assertTrue(rejected.reason().contains(reason), rejected.reason());
    }

    /** A block with STX, ETX and BCC around. */
    static String block(String data) {
        int bcc = 3;
        for (char c : data.toCharArray()) {
            bcc ^= c;
        }
        return "\u0002" + data + "\u0003" + (char) bcc;
    }

    /** A P1 telegram with its CRC. */
    static String p1(String lines) {
        String telegram = "/ISK5\\2M550T-1012\r\n\r\n" + lines.replace("\n", "\r\n") + "!";
        byte[] bytes = telegram.getBytes(StandardCharsets.ISO_8859_1);
        int crc = 0;
        for (byte one : bytes) {
            crc ^= one & 255;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xa001;
            }
        }
        return telegram + String.format("%04X", crc) + "\r\n";
    }

    static byte[] evenParity(byte[] bytes) {
        byte[] parity = bytes.clone();
        for (int i = 0; i < parity.length; i++) {
            parity[i] |= (byte) ((Integer.bitCount(parity[i]) & 1) << 7);
        }
        return parity;
    }
}
