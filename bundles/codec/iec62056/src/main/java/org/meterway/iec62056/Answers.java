// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Reading;

/** Finds what was asked for in what a meter answered. */
final class Answers {
    private Answers() {}

    /** What a codec may know while a dialogue looks into an answer: the meter's zone and keys. */
    private record Looking(DialogueContext dialogue) implements DecodeContext {
        @Override
        public Optional<Register> resolve(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> key(String name) {
            return dialogue.key(name);
        }

        @Override
        public ZoneId timeZone() {
            return dialogue.timeZone();
        }
    }

    /** Decodes an answer as intake will. */
    static Decoded decode(byte[] bytes, String target, DialogueContext context) throws FrameRejectedException {
        Instant now = context.now();
        return new Iec62056Codec()
                .decode(new Frame("", "line", ContentTypes.IEC62056, target, now, bytes), new Looking(context));
    }

    /**
     * The values of paths in a readout: numbers in base units, else what stands between the parentheses.
     *
     * @param paths OBIS codes or the meter's own addresses
     */
    static Map<String, Object> values(byte[] bytes, Decoded decoded, List<String> paths) {
        Map<String, String> texts = texts(bytes);
        Map<String, Object> values = new LinkedHashMap<>();
        for (String path : paths) {
            Optional<BigDecimal> number = Obis.isObis(path)
                    ? decoded.readings().stream()
                            .filter(reading -> reading.quantity().obis().equals(Obis.parse(path)))
                            .findFirst()
                            .map(Reading::value)
                    : Optional.empty();
            Object value = number.isPresent() ? number.get() : texts.get(normal(path));
            if (value != null) {
                values.put(path, value);
            }
        }
        return values;
    }

    /** The data sets of a readout by their addresses in one form. */
    static Map<String, String> texts(byte[] bytes) {
        Map<String, String> texts = new LinkedHashMap<>();
        byte[] masked = Wire.masked(bytes);
        Wire.Block block = Wire.block(masked, Text.STX);
        Wire.Identification head = Wire.identification(masked);
        int from = block != null ? block.from() + 1 : head != null ? head.end() : masked.length;
        try {
            DataSet.each(
                    Text.derived(masked, "", 0, name -> Optional.empty()),
                    from,
                    block != null ? block.end() - 2 : masked.length,
                    set -> texts.putIfAbsent(normal(set.address()), set.content(0)));
        } catch (FrameRejectedException rejected) {
            // What was found before is what there is; intake says what is wrong.
            return texts;
        }
        return texts;
    }

    private static String normal(String path) {
        Address address = Address.parse(path);
        if (address == null) {
            return path;
        }
        return address.c() + "." + address.d() + "." + (address.e() < 0 ? 0 : address.e())
                + (address.f() == 255 ? "" : "*" + address.f());
    }

    /**
     * Whether a readout is of the meter with an address: its device address 0.0.0 or number C.1 is the address, or says nothing.
     */
    static boolean isOf(byte[] readout, String address) {
        String wanted = trimmed(address);
        Map<String, String> texts = texts(readout);
        boolean said = false;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            if (text.getKey().matches("0\\.0\\.[0-9]|C\\.1(\\.[0-9])?|96\\.1\\.[0-9]")) {
                String own = trimmed(text.getValue());
                if (own.endsWith(wanted) || (!own.isEmpty() && wanted.endsWith(own))) {
                    return true;
                }
                said |= text.getKey().equals("0.0.0");
            }
        }
        return !said;
    }

    private static String trimmed(String number) {
        return number.strip().replaceFirst("^0+(?=.)", "");
    }
}
