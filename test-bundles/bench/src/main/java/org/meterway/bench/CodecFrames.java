// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Frame;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

/** The frames a codec is measured with, all that its tests hold valid, and the codec. */
final class CodecFrames {
    private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00Z");

    private final Codec codec;
    private final List<Sample> samples;

    private CodecFrames(Codec codec, List<Sample> samples) {
        this.codec = codec;
        this.samples = samples;
    }

    /**
     * A frame with the keys it needs.
     *
     * @param bytes the frame; equal samples are the same object
     */
    record Sample(String id, byte[] bytes, Map<String, byte[]> keys) implements DecodeContext {
        @Override
        public Optional<Register> resolve(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> key(String name) {
            return Optional.ofNullable(keys.get(normal(name)));
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }

    static CodecFrames of(String name) throws IOException {
        return switch (name) {
            case "dlt645" ->
                new CodecFrames(
                        codec("org.meterway.dlt645.Dlt645Codec"),
                        vectors("dlt645_frames.json", "vectors", CodecFrames::hex));
            case "dlms" ->
                new CodecFrames(
                        codec("org.meterway.dlms.DlmsCodec"), vectors("dlms_frames.json", "vectors", CodecFrames::hex));
            case "iec62056" ->
                new CodecFrames(
                        codec("org.meterway.iec62056.Iec62056Codec"),
                        vectors("iec62056_21.json", "vectors", CodecFrames::hex));
            case "p1" ->
                new CodecFrames(
                        codec("org.meterway.iec62056.Iec62056Codec"),
                        vectors("p1_telegrams.json", "telegrams", CodecFrames::telegram));
            case "sml" -> new CodecFrames(codec("org.meterway.sml.SmlCodec"), sml());
            case "mbus" ->
                new CodecFrames(
                        codec("org.meterway.mbus.MbusCodec"), vectors("mbus_frames.json", "frames", CodecFrames::hex));
            case "senml" -> new CodecFrames(codec("org.meterway.senml.SenMlCborCodec"), packs());
            default -> throw new IllegalArgumentException("there are no frames for a codec " + name);
        };
    }

    List<Sample> samples() {
        return samples;
    }

    /** Decodes with our codec, off the hot path's names: every quantity is the protocol's own. */
    CodecMeasure.Decoding ours() {
        String type = codec.contentTypes().iterator().next();
        return sample -> codec.decode(new Frame("m", "bench", type, "", RECEIVED, sample.bytes()), context(sample))
                .readings()
                .size();
    }

    private DecodeContext context(Sample sample) {
        if (!codec.name().startsWith("senml")) {
            return sample;
        }
        Register energy = new Register(
                "", "", Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), BigDecimal.ONE, Duration.ofMinutes(30), false);
        return name -> Optional.of(energy);
    }

    private static Codec codec(String type) {
        try {
            return (Codec) Class.forName(type).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the codec " + type + " is not on the class path", e);
        }
    }

    static String normal(String key) {
        return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private static List<Sample> vectors(String file, String list, Function<JsonNode, byte[]> bytes) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode vector : read(file).path(list)) {
            if (vector.path("valid").asBoolean(true)) {
                Map<String, byte[]> keys = new LinkedHashMap<>();
                vector.path("keys")
                        .fields()
                        .forEachRemaining(key -> keys.put(
                                normal(key.getKey()),
                                HexFormat.of().parseHex(key.getValue().asText())));
                samples.add(new Sample(vector.path("id").asText(), bytes.apply(vector), keys));
            }
        }
        return samples;
    }

    private static List<Sample> sml() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode file : read("sml_frames.json").path("files")) {
            for (JsonNode frame : file.path("frames")) {
                samples.add(new Sample(file.path("id").asText() + "/" + samples.size(), hex(frame), Map.of()));
            }
        }
        return samples;
    }

    /** A pack of 48 half hours, as the ingest bench sends it. */
    private static List<Sample> packs() {
        List<Sample> samples = new ArrayList<>();
        for (int meter = 0; meter < 16; meter++) {
            samples.add(new Sample("pack " + meter, new Pack("1-0:1.8.0", meter).encode(meter * 48L, 48), Map.of()));
        }
        return samples;
    }

    private static byte[] hex(JsonNode vector) {
        return HexFormat.of().parseHex(vector.path("hex").asText().replaceAll("\\s", ""));
    }

    private static byte[] telegram(JsonNode vector) {
        return vector.path("telegram").asText().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static JsonNode read(String file) throws IOException {
        for (String folder : List.of(
                "",
                "org/meterway/dlt645/",
                "org/meterway/dlms/",
                "org/meterway/iec62056/",
                "org/meterway/sml/",
                "org/meterway/mbus/")) {
            try (InputStream in = CodecFrames.class.getClassLoader().getResourceAsStream(folder + file)) {
                if (in != null) {
                    return new ObjectMapper().readTree(in);
                }
            }
        }
        throw new IOException("there is no resource " + file);
    }
}
