// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Reading;

/**
 * A look into an answer for who asked; the readings go to intake with its bytes.
 *
 * @param readings in the order of the bytes
 * @param texts of the data that are no readings
 */
record Look(List<Reading> readings, List<String> texts) {
    private static final Dlt645Codec CODEC = new Dlt645Codec();

    static Look at(byte[] frames, DialogueContext context) throws FrameRejectedException {
        List<Field> fields = new ArrayList<>();
        Decoded decoded = CODEC.decode(
                new Frame("asked", "line", ContentTypes.DLT645, "", context.now(), frames), new DecodeContext() {
                    @Override
                    public Optional<Register> resolve(String name) {
                        return Optional.empty();
                    }

                    @Override
                    public ZoneId timeZone() {
                        return context.timeZone();
                    }

                    @Override
                    public boolean traced() {
                        return true;
                    }

                    @Override
                    public void field(Field field) {
                        fields.add(field);
                    }
                });
        return new Look(decoded.readings(), texts(fields));
    }

    private static List<String> texts(List<Field> fields) {
        List<String> texts = new ArrayList<>();
        boolean data = false;
        for (Field field : fields) {
            if (field.meaning().startsWith("data identifier: ")) {
                data = true;
            } else if (field.meaning().startsWith("checksum: ")) {
                data = false;
            } else if (data) {
                texts.add(field.meaning());
            }
        }
        return texts;
    }

    /** Values by quantity; of what is no quantity the text under the path asked for. */
    Map<String, Object> values(String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Reading reading : readings) {
            values.put(reading.quantity().obis().toString(), reading.value());
        }
        if (values.isEmpty() && !texts.isEmpty()) {
            values.put(path, String.join("; ", texts));
        }
        return values;
    }

    /** The latest time of a value; empty if there is none. */
    Optional<Instant> latest() {
        return readings.stream().map(Reading::start).max(Instant::compareTo);
    }
}
