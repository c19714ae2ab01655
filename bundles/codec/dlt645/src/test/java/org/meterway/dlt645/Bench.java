// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Reading;

/** What tests need to decode frames given in hexadecimal, and to make them. */
final class Bench {
    static final Instant NOW = Instant.parse("2026-11-20T10:15:30Z");
    static final String METER = "123456789012";

    private Bench() {}

    /** What came out of a frame. */
    record Result(Decoded decoded, List<Field> fields) {
        List<String> values() {
            return decoded.readings().stream().map(Bench::text).toList();
        }

        String trace() {
            return String.join("\n", fields.stream().map(Field::meaning).toList());
        }
    }

    /** {@code 1-0:1.8.0 1234560 Wh}. */
    static String text(Reading reading) {
        return reading.quantity().obis() + " " + reading.value().toPlainString() + " "
                + reading.quantity().unit().symbol();
    }

    static Result decode(String hex) throws FrameRejectedException {
        return decode(hex, ZoneOffset.UTC, name -> Optional.empty());
    }

    static Result decode(String hex, ZoneId zone, org.meterway.api.model.RegisterNames names)
            throws FrameRejectedException {
        return decode(bytes(hex), zone, names);
    }

    static Result decode(byte[] bytes, ZoneId zone, org.meterway.api.model.RegisterNames names)
            throws FrameRejectedException {
        List<Field> fields = new ArrayList<>();
        DecodeContext context = new DecodeContext() {
            @Override
            public Optional<Register> resolve(String name) {
                return names.resolve(name);
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
        };
        Frame frame = new Frame("m1", "test", ContentTypes.DLT645, "", NOW, bytes);
        Decoded decoded = new Dlt645Codec().decode(frame, context);
        // One code path: not being listened to changes nothing.
        Decoded untraced = new Dlt645Codec().decode(frame, new DecodeContext() {
            @Override
            public Optional<Register> resolve(String name) {
                return names.resolve(name);
            }

            @Override
            public ZoneId timeZone() {
                return zone;
            }
        });
        if (!untraced.equals(decoded)) {
            throw new AssertionError("decodes to " + untraced + " without a trace, to " + decoded + " with one");
        }
        return new Result(decoded, fields);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /** A frame of {@link #METER} with these data before 33H is added. */
    static String frame(int control, String plain) {
        return hex(LinkFrame.encode(bytes("129078563412"), control, bytes(plain)));
    }

    /** An answer to a read in the 2007 edition: identifier as written, then data in the order of the wire. */
    static String answer(String identifier, String data) {
        byte[] written = bytes(identifier);
        StringBuilder wire = new StringBuilder();
        for (int i = written.length - 1; i >= 0; i--) {
            wire.append(String.format("%02X", written[i]));
        }
        return frame(written.length == 4 ? 0x91 : 0x81, wire + data.replace(" ", ""));
    }
}
