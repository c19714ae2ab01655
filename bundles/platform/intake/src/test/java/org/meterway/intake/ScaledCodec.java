// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.reading.Reading;

/**
 * Decodes half-hours of today as text, {@code 3=100;4=101#A:7}: values by number of the half-hour, then perhaps who counts and the
 * invocation counter. A version may have the wrong scale, or leave half-hours out.
 *
 * @param version of the rules
 * @param factor from the value in the text to Wh
 * @param leftOut number of a half-hour that is not decoded, −1 for none
 */
record ScaledCodec(String version, long factor, int leftOut) implements Codec {
    static final String TYPE = "text/scaled";
    private static final Pattern PART = Pattern.compile("(\\d+)=(\\d+)");

    ScaledCodec(String version, long factor) {
        this(version, factor, -1);
    }

    static Frame frame(String meter, String text) {
        return new Frame(meter, "test", TYPE, "", IntakeFixture.NOW, text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String name() {
        return "scaled";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(TYPE);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        String text = new String(frame.bytes(), StandardCharsets.US_ASCII);
        int end = text.indexOf('#') < 0 ? text.length() : text.indexOf('#');
        List<Reading> readings = new ArrayList<>();
        int offset = 0;
        for (String part : text.substring(0, end).split(";")) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new FrameRejectedException("value", offset, "expected half-hour=value, was '" + part + "'");
            }
            int slot = Integer.parseInt(matcher.group(1));
            if (context.traced()) {
                context.field(Field.of(offset, part.length(), "half-hour " + slot + ": " + matcher.group(2)));
            }
            if (slot != leftOut) {
                readings.add(IntakeFixture.energy(slot, Long.parseLong(matcher.group(2)) * factor));
            }
            offset += part.length() + 1;
        }
        if (end == text.length()) {
            return new Decoded(readings, List.of());
        }
        Optional<byte[]> key = context.key("encryption_key");
        if (key.isPresent() && key.get().length != 16) {
            throw new FrameRejectedException("key", end, "has " + key.get().length + " bytes, expected 16");
        }
        String[] counted = text.substring(end + 1).split(":");
        return new Decoded(
                readings,
                List.of(),
                Optional.of(new Invocation(counted[0], Long.parseLong(counted[1]), end + 1 + counted[0].length() + 1)));
    }
}
