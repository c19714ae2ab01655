// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
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

/** Decodes in tests, and makes frames. */
final class Decoding {
    static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00.123Z");

    private Decoding() {}

    /** A context that listens. */
    static final class Context implements DecodeContext {
        final List<Field> fields = new ArrayList<>();
        private final Map<String, Register> registers;

        Context(Map<String, Register> registers) {
            this.registers = registers;
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

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static Frame frame(byte[] bytes) {
        return new Frame("m1", "test", ContentTypes.SML, "", RECEIVED, bytes);
    }

    static Decoded decode(byte[] bytes) throws FrameRejectedException {
        return decode(bytes, new Context(Map.of()));
    }

    /** Decodes and checks that the trace covers the frame without gap or overlap. */
    static Decoded decode(byte[] bytes, Context context) throws FrameRejectedException {
        byte[] before = bytes.clone();
        Decoded decoded = new SmlCodec().decode(frame(bytes), context);
        assertArrayEquals(before, bytes);
        if (decoded.unnamed().stream().noneMatch(name -> name.startsWith("damaged"))) {
            int at = 0;
            for (Field field : context.fields) {
                assertEquals(at, field.offset(), () -> "gap before " + field);
                at = field.offset() + field.length();
            }
            assertEquals(bytes.length, at, "the trace ends early");
        }
        return decoded;
    }

    static void rejected(byte[] bytes, String field, int offset, String reason) {
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> decode(bytes));
        assertEquals(field, rejected.field(), rejected.getMessage());
        assertEquals(offset, rejected.offset(), rejected.getMessage());
        assertTrue(rejected.reason().contains(reason), rejected.reason());
    }

    /** Readings as "quantity value unit time interval-seconds". */
    static List<String> timed(Decoded decoded) {
        return decoded.readings().stream()
                .map(reading -> reading.quantity().obis() + " "
                        + reading.value().toPlainString() + " "
                        + reading.quantity().unit().symbol() + " " + reading.start() + " "
                        + reading.interval().toSeconds())
                .toList();
    }

    /** A message of a body: its tag and what follows it, with its checksum. */
    static String message(String tag, String body) {
        String message = "76 02 01 62 00 62 00 72 63 " + tag + body;
        byte[] bytes = hex(message);
        return message + String.format("63 %04x 00", Crc16.swapped(Crc16.x25(bytes, 0, bytes.length)));
    }

    /** GetList.Res with these entries at this time. */
    static String list(String time, String... entries) {
        return message(
                "0701",
                "77 01 04 010203 01 " + time + String.format("f%x 0%x", entries.length >> 4, entries.length & 15)
                        + String.join("", entries) + "01 01");
    }

    /** An entry: code, status, time, unit, scaler, value. */
    static String entry(String code, String status, String time, String unit, String scaler, String value) {
        return "77 07" + code + status + time + unit + scaler + value + "01";
    }

    /** A transport frame around messages, its data escaped. */
    static byte[] frame(String messages) {
        return frame(messages, false);
    }

    static byte[] frame(String messages, boolean kermit) {
        byte[] data = hex(messages);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(hex("1b1b1b1b01010101"));
        int run = 0;
        for (byte one : data) {
            out.write(one);
            run = one == 0x1b ? run + 1 : 0;
            if (run == 4) {
                out.writeBytes(hex("1b1b1b1b"));
                run = 0;
            }
        }
        int padding = (4 - out.size() % 4) % 4;
        out.writeBytes(new byte[padding]);
        out.writeBytes(hex("1b1b1b1b1a0" + padding));
        byte[] bytes = out.toByteArray();
        int crc = kermit ? Crc16.kermit(bytes, 0, bytes.length) : Crc16.x25(bytes, 0, bytes.length);
        out.write(crc);
        out.write(crc >> 8);
        return out.toByteArray();
    }
}
