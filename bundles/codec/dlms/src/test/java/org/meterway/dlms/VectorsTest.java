// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;

/** All collected vectors: valid ones decode to their expected values, invalid ones are rejected for the right reason. */
class VectorsTest {
    /** Vectors believed wrong when taken as frames of DLMS, and why. */
    private static final Map<String, String> VALID_THOUGH_CALLED_INVALID = Map.ofEntries(
            entry(
                    "u9n-get-test_error_mgs_raises_valueerror",
                    "a get-response-normal with data-access-result (IEC 62056-5-3, 8.3: result CHOICE 1); its source rejects it"
                            + " only as 'GetResponseNormal' and parses the same bytes as 'GetResponseNormalWithError'"),
            entry(
                    "u9n-get-test_error_msg_raises_valueerror-2",
                    "the same form as the valid u9n-get-test_transform_bytes-6 but for the block number"),
            entry(
                    "u9n-action-test_has_data_raises_valueerror",
                    "an action-response-normal with return parameters, the answer of HLS authentication (7.3.5)"),
            entry(
                    "u9n-action-test_holds_error_instead_of_data_raises_valueerror",
                    "the same form as the valid u9n-action-test_transform_bytes-3 but for the error code"));

    private static final Map<String, String> INVALID_THOUGH_CALLED_VALID = Map.of(
            "u9n-get-test_get_with_list",
            "says a list of 0 attributes and has 3 more bytes; its source looks at the type byte only");

    /** What must be rejected where: vector to field and byte. */
    private static final Map<String, String> REJECTIONS = Map.ofEntries(
            entry("esp-hdlc_landis_gyr_zmf100", "FCS@393"),
            entry("amshan-hdlc-too-short", "frame length@1"),
            entry("u9n-get-test_wrong_tag_raises_valueerror", "data type@13"),
            entry("u9n-get-test_wrong_request_type_raises_valueerror", "get-request@7"),
            entry("u9n-get-test_wrong_tag_raises_valueerror-2", "attribute@5"),
            entry("u9n-get-test_wrong_type_raises_valueerror", "attribute@5"),
            entry("u9n-get-test_wrong_request_type_raises_valueerror-2", "result@8"),
            entry("u9n-get-test_wrong_tag_raises_valueerror-4", "attribute@5"),
            entry("u9n-get-test_wrong_request_type_raises_valueerror-3", "block-number@4"),
            entry("u9n-get-test_wrong_tag_raises_valueerror-8", "glo-get-response@4"),
            entry("u9n-set-test_wrong_type_raises_value_error", "last-block@13"),
            entry("u9n-set-test_set_request_with_block_raises_not_implemented_error", "set-request@9"),
            entry("u9n-set-test_set_with_list_raises_not_implemented_error", "value-list@4"),
            entry("u9n-set-test_set_request_with_list_first_block_raises_not_implemented_block", "last-block@4"),
            entry("u9n-set-test_wrong_tag_raises_value_error-2", "APDU@0"),
            entry("u9n-set-test_wrong_type_raises_value_error-2", "block-number@3"),
            entry("u9n-set-test_set_response_last_block_raises_not_implemented_error", "block-number@4"),
            entry("u9n-set-test_set_response_last_block_with_list_raises_not_implemented_error", "block-number@4"),
            entry("u9n-action-test_wrong_tag_raises_valueerror", "get-response@6"),
            entry("u9n-action-test_wrong_tag_raises_valueerror-2", "get-response@6"),
            entry("u9n-action-test_any_other_type_than_normal_raises_notimplementederror", "action-request@7"));

    /** Names of the amshan project to groups C.D.E. */
    private static final Map<String, String> AMSHAN = Map.ofEntries(
            entry("active_power_import", "1.7.0"),
            entry("active_power_export", "2.7.0"),
            entry("reactive_power_import", "3.7.0"),
            entry("reactive_power_export", "4.7.0"),
            entry("current_l1", "31.7.0"),
            entry("current_l2", "51.7.0"),
            entry("current_l3", "71.7.0"),
            entry("voltage_l1", "32.7.0"),
            entry("voltage_l2", "52.7.0"),
            entry("voltage_l3", "72.7.0"),
            entry("active_power_import_l1", "21.7.0"),
            entry("active_power_export_l1", "22.7.0"),
            entry("reactive_power_import_l1", "23.7.0"),
            entry("reactive_power_export_l1", "24.7.0"),
            entry("active_power_import_l2", "41.7.0"),
            entry("active_power_export_l2", "42.7.0"),
            entry("reactive_power_import_l2", "43.7.0"),
            entry("reactive_power_export_l2", "44.7.0"),
            entry("active_power_import_l3", "61.7.0"),
            entry("active_power_export_l3", "62.7.0"),
            entry("reactive_power_import_l3", "63.7.0"),
            entry("reactive_power_export_l3", "64.7.0"),
            entry("active_power_import_total", "1.8.0"),
            entry("active_power_export_total", "2.8.0"),
            entry("reactive_power_import_total", "3.8.0"),
            entry("reactive_power_export_total", "4.8.0"));

    static JsonNode vectors() throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("/dlms_frames.json")) {
            return new ObjectMapper().readTree(in).get("vectors");
        }
    }

    static Decoding decoding(JsonNode vector) {
        Decoding decoding = new Decoding();
        vector.path("keys")
                .fields()
                .forEachRemaining(
                        key -> decoding.key(key.getKey(), key.getValue().asText()));
        return decoding;
    }

    @TestFactory
    Stream<DynamicTest> everyVectorIsAsItSays() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors()) {
            String id = vector.get("id").asText();
            switch (vector.get("kind").asText()) {
                case "ciphering" -> tests.add(DynamicTest.dynamicTest(id, () -> greenBookCiphering(vector)));
                case "authentication" -> tests.add(DynamicTest.dynamicTest(id, () -> greenBookGmac(vector)));
                default -> tests.add(DynamicTest.dynamicTest(id, () -> frame(id, vector)));
            }
        }
        assertEquals(93, tests.size());
        return tests.stream();
    }

    private static void frame(String id, JsonNode vector) throws FrameRejectedException {
        Decoding decoding = decoding(vector);
        String hex = vector.get("hex").asText();
        if (id.equals("esp-mbus_kmswest")) {
            // The vector has no key: the frame is sound, what is missing is named.
            FrameRejectedException rejected = decoding.reject(hex);
            assertTrue(rejected.reason().contains("encryption_key"), rejected.getMessage());
            return;
        }
        boolean valid = vector.get("valid").asBoolean() && !INVALID_THOUGH_CALLED_VALID.containsKey(id)
                || VALID_THOUGH_CALLED_INVALID.containsKey(id);
        if (!valid) {
            FrameRejectedException rejected = decoding.reject(hex);
            String expected = REJECTIONS.getOrDefault(id, "get-request@4");
            assertEquals(expected, rejected.field() + "@" + rejected.offset(), rejected.getMessage());
            return;
        }
        Decoded decoded = decoding.decode(hex);
        scaled(vector, decoded);
        repository(id, vector, decoded);
        time(vector, decoded);
        ciphering(vector, decoded);
    }

    /** Values with scaler, decoded by the collector of the vectors. */
    private static void scaled(JsonNode vector, Decoded decoded) {
        vector.path("readings").fields().forEachRemaining(reading -> {
            if (reading.getValue().has("scaled")) {
                assertValue(
                        decoded,
                        code(reading.getKey()),
                        reading.getValue().get("scaled").decimalValue());
            }
        });
    }

    private static String code(String six) {
        return six.replaceAll("\\.255$", "").replaceFirst("^(\\d+)\\.(\\d+)\\.", "$1-$2:");
    }

    private static void assertValue(Decoded decoded, String obis, BigDecimal expected) {
        BigDecimal value = Decoding.value(decoded, obis).orElseThrow(() -> new AssertionError("no " + obis));
        assertEquals(0, expected.compareTo(value), obis + " is " + value + ", not " + expected);
    }

    /** Values the source's own tests expect. */
    private static void repository(String id, JsonNode vector, Decoded decoded) {
        JsonNode expected = vector.path("expected_from_repo_test");
        expected.path("numbers").fields().forEachRemaining(number -> {
            String obis = code(number.getKey());
            BigDecimal value = number.getValue().decimalValue();
            if (!obis.startsWith("0-") && !obis.equals("1-1:0.0.1")) {
                assertValue(decoded, obis, id.contains("kamstrup") ? value.multiply(kamstrup(obis)) : value);
            }
        });
        String device = vector.path("id").asText().contains("kamstrup") ? "1-1:" : "1-0:";
        AMSHAN.forEach((name, group) -> {
            if (expected.has(name)) {
                assertValue(decoded, device + group, expected.get(name).decimalValue());
            }
        });
    }

    /** The source leaves Kamstrup's values unscaled. */
    private static BigDecimal kamstrup(String obis) {
        if (obis.contains(".8.")) {
            return BigDecimal.TEN;
        }
        return obis.matches("1-1:(31|51|71|13|33|53|73)\\.7\\.0") ? new BigDecimal("0.01") : BigDecimal.ONE;
    }

    private static void time(JsonNode vector, Decoded decoded) {
        JsonNode time = vector.path("decoded").path("datetime");
        if (time.isObject() && !decoded.readings().isEmpty()) {
            Instant expected = LocalDateTime.parse(time.get("datetime").asText())
                    .plusMinutes(time.path("deviation_min").asInt(0))
                    .toInstant(ZoneOffset.UTC);
            decoded.readings().forEach(reading -> assertEquals(expected, reading.start()));
        }
    }

    private static void ciphering(JsonNode vector, Decoded decoded) {
        JsonNode ciphering = vector.path("ciphering");
        if (ciphering.path("tag_ok").asBoolean()) {
            assertEquals(
                    ciphering.get("system_title").asText() + " "
                            + Long.parseLong(ciphering.get("invocation_counter").asText(), 16),
                    decoded.invocation()
                            .map(invocation -> invocation.originator() + " " + invocation.counter())
                            .orElse("none"));
        } else {
            assertTrue(decoded.invocation().isEmpty());
        }
    }

    /** The example of the Green Book is the protected part alone; as glo-get-request it decodes to the request. */
    private static void greenBookCiphering(JsonNode vector) throws FrameRejectedException {
        Decoding decoding =
                decoding(vector).key("system_title", vector.get("system_title").asText());
        String content = vector.get("security_control").asText()
                + vector.get("invocation_counter").asText()
                + vector.get("hex").asText();
        Decoded decoded = decoding.decode("c8" + String.format("%02x", content.length() / 2) + content);
        assertEquals(List.of("get-request 8/0-0:1.0.0/2"), decoded.unnamed());
    }

    private static void greenBookGmac(JsonNode vector) {
        byte[] key = Decoding.bytes(vector.at("/keys/encryption_key").asText());
        byte[] additional = Gcm.concat(
                new byte[] {0x10},
                Decoding.bytes(vector.at("/keys/authentication_key").asText()),
                Decoding.bytes(vector.get("server_to_client_challenge").asText()));
        byte[] iv = Gcm.iv(Decoding.bytes(vector.get("client_system_title").asText()), 1);
        assertArrayEquals(
                Decoding.bytes(vector.get("expected_gmac").asText()), Gcm.encrypt(key, iv, additional, new byte[0]));
    }

    @Test
    void theMeterOfEgdSaysAllItsRegisters() throws Exception {
        for (JsonNode vector : vectors()) {
            if (vector.get("id").asText().equals("esp-raw_egd_example")) {
                assertEquals(
                        14,
                        decoding(vector)
                                .decode(vector.get("hex").asText())
                                .readings()
                                .size());
                String cut = vector.get("hex").asText().substring(0, 600);
                assertThrows(FrameRejectedException.class, () -> new Decoding().decode(cut));
            }
        }
    }
}
