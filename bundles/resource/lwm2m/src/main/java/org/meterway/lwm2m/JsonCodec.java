// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.osgi.service.component.annotations.Component;

/** Values in the JSON format of LwM2M 1.0 (LwM2M TS 1.0.2, 6.4.4). Times below 2^28 seconds are relative to the reception. */
@Component
public final class JsonCodec implements Codec {
    private static final BigDecimal RELATIVE = BigDecimal.valueOf(1L << 28);
    private static final BigDecimal LATEST = BigDecimal.valueOf(1L << 35);
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(128)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public String name() {
        return "lwm2m-json";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.JSON);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext names) throws FrameRejectedException {
        JsonNode root = parse(frame.bytes());
        JsonNode entries = root.get("e");
        if (entries == null || !entries.isArray()) {
            throw new FrameRejectedException("e", -1, "must be an array of values");
        }
        String base = root.path("bn").asText("");
        if (base.isEmpty()) {
            base = frame.target();
        }
        BigDecimal baseTime = number(root, "bt");
        ReadingList readings = new ReadingList(names);
        for (JsonNode entry : entries) {
            String path = path(base, entry.path("n").asText(""));
            Optional<Register> register = readings.register(path);
            if (register.isEmpty()) {
                continue;
            }
            JsonNode value = entry.get("v");
            if (value == null || !value.isNumber()) {
                throw ReadingList.needsNumber(register.get(), path, -1, "a value of another kind");
            }
            Instant time = time(baseTime.add(number(entry, "t")), frame.receivedAt());
            readings.add(register.get(), path, time, value.decimalValue(), -1);
        }
        return readings.decoded();
    }

    private static JsonNode parse(byte[] bytes) throws FrameRejectedException {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (!root.isObject()) {
                throw new FrameRejectedException("json", 0, "must be an object");
            }
            return root;
        } catch (JsonProcessingException notJson) {
            long at = notJson.getLocation() == null ? -1 : notJson.getLocation().getByteOffset();
            throw new FrameRejectedException("json", (int) at, notJson.getOriginalMessage());
        } catch (IOException notUtf) {
            throw new FrameRejectedException("json", -1, String.valueOf(notUtf.getMessage()));
        }
    }

    /** The base name and a name below it, one slash between them. */
    private static String path(String base, String name) {
        if (name.startsWith("/") && base.isEmpty() || name.isEmpty()) {
            return base.isEmpty()
                    ? name
                    : base.length() > 1 && base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        }
        String joined = base.endsWith("/") || name.startsWith("/") ? base + name : base + "/" + name;
        return joined.startsWith("/") ? joined : "/" + joined;
    }

    private static BigDecimal number(JsonNode of, String field) throws FrameRejectedException {
        JsonNode value = of.get(field);
        if (value == null) {
            return BigDecimal.ZERO;
        }
        if (!value.isNumber()) {
            throw new FrameRejectedException(field, -1, "must be a number");
        }
        BigDecimal seconds = value.decimalValue();
        if (seconds.scale() < -20 || seconds.scale() > 100 || seconds.abs().compareTo(LATEST) > 0) {
            throw new FrameRejectedException(field, -1, "is no time");
        }
        return seconds;
    }

    private static Instant time(BigDecimal seconds, Instant receivedAt) {
        if (seconds.signum() == 0) {
            return receivedAt;
        }
        long milliseconds =
                seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact();
        return seconds.compareTo(RELATIVE) < 0
                ? receivedAt.plusMillis(milliseconds)
                : Instant.ofEpochMilli(milliseconds);
    }
}
