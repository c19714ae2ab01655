// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

/** Reads a device model from JSON. The form is described in the README; every error names the field. */
final class ModelFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> MODEL_FIELDS = Set.of("name", "title", "registers", "observed", "attributes");
    private static final Set<String> REGISTER_FIELDS =
            Set.of("obis", "path", "title", "unit", "scale", "factor", "intervalSeconds", "billing");

    private final QuantityCatalogue catalogue;

    ModelFile(QuantityCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws IllegalArgumentException naming the field that is wrong, and line and column where the JSON itself is */
    DeviceModel read(byte[] json) {
        try {
            return model(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private DeviceModel model(JsonNode node) {
        object(node, "the model", MODEL_FIELDS);
        String name = text(node, "name");
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name: must be 1–64 characters of A-Z a-z 0-9 . _ -, was '" + name + "'");
        }
        List<Register> registers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        JsonNode list = array(node, "registers");
        for (int i = 0; i < list.size(); i++) {
            String where = "registers[" + i + "]";
            try {
                Register register = register(list.get(i), where);
                if (!seen.add(register.quantity().obis() + " " + register.path())) {
                    throw new IllegalArgumentException(
                            "obis: " + register.quantity().obis() + " is there twice");
                }
                registers.add(register);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + "." + e.getMessage(), e);
            }
        }
        return new DeviceModel(
                name, node.has("title") ? text(node, "title") : name, registers, observed(node), attributes(node));
    }

    private Register register(JsonNode node, String where) {
        object(node, where, REGISTER_FIELDS);
        Obis obis;
        try {
            obis = Obis.parse(text(node, "obis"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("obis: " + e.getMessage(), e);
        }
        String path = node.has("path") ? text(node, "path") : "";
        if (!path.isEmpty() && !path.matches("/\\d{1,5}/(\\d{1,5}|\\*)/\\d{1,5}")) {
            throw new IllegalArgumentException("path: must be like /3305/0/5800 or /3305/*/5800, was '" + path + "'");
        }
        Duration interval = Duration.ofSeconds(integer(node, "intervalSeconds", 0, 0, 86_400));
        boolean billing = bool(node, "billing");
        if (billing && (interval.isZero() || 86_400 % interval.getSeconds() != 0)) {
            throw new IllegalArgumentException(
                    "intervalSeconds: a billing register needs an interval that divides a day, was "
                            + interval.getSeconds());
        }
        String title = node.has("title") ? text(node, "title") : catalogue.title(obis);
        int scale = integer(node, "scale", Quantity.DEFAULT_SCALE, -9, 9);
        return new Register(
                path, title, new Quantity(obis, unit(node, obis), scale), factor(node, path), interval, billing);
    }

    private Unit unit(JsonNode node, Obis obis) {
        if (node.has("unit")) {
            String symbol = text(node, "unit");
            return Unit.ofSymbol(symbol)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "unit: '" + symbol + "' is no base unit, expected Wh, W, V …"));
        }
        return catalogue
                .unit(obis)
                .orElseThrow(
                        () -> new IllegalArgumentException("unit: is needed, " + obis + " is not in the catalogue"));
    }

    /** Where the file says nothing, the factor of the object's definition: /10243/0/14 is in kWh. */
    private BigDecimal factor(JsonNode node, String path) {
        JsonNode factor = node.path("factor");
        if (factor.isMissingNode()) {
            String[] ids = path.split("/");
            return ids.length < 4
                    ? BigDecimal.ONE
                    : catalogue
                            .mapping(Integer.parseInt(ids[1]), Integer.parseInt(ids[3]))
                            .map(QuantityCatalogue.Mapping::factor)
                            .orElse(BigDecimal.ONE);
        }
        if (!factor.isNumber() || factor.decimalValue().signum() == 0) {
            throw new IllegalArgumentException("factor: must be a number other than 0, was " + factor);
        }
        return factor.decimalValue();
    }

    private static List<String> observed(JsonNode node) {
        List<String> paths = new ArrayList<>();
        JsonNode list = node.has("observed") ? array(node, "observed") : JSON.createArrayNode();
        for (int i = 0; i < list.size(); i++) {
            paths.add(path("observed[" + i + "]", list.get(i).asText()));
        }
        return paths;
    }

    private static Map<String, String> attributes(JsonNode node) {
        Map<String, String> attributes = new LinkedHashMap<>();
        JsonNode map = node.path("attributes");
        if (!map.isMissingNode() && !map.isObject()) {
            throw new IllegalArgumentException("attributes: must be an object from path to attributes, was " + map);
        }
        map.properties()
                .forEach(entry -> attributes.put(
                        path("attributes", entry.getKey()), entry.getValue().asText()));
        return attributes;
    }

    private static String path(String field, String path) {
        if (!path.matches("/\\d{1,5}(/\\d{1,5}){0,3}")) {
            throw new IllegalArgumentException(field + ": must be an LwM2M path like /3305/0/5800, was '" + path + "'");
        }
        return path;
    }

    private static void object(JsonNode node, String what, Set<String> fields) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(what + " must be a JSON object, was " + node.getNodeType());
        }
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException(field + ": unknown field, expected one of "
                        + fields.stream().sorted().toList());
            }
        });
    }

    private static JsonNode array(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isArray()) {
            throw new IllegalArgumentException(
                    field + ": must be a list, was " + (value.isMissingNode() ? "missing" : value));
        }
        return value;
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new IllegalArgumentException(
                    field + ": must be a text, was " + (value.isMissingNode() ? "missing" : value));
        }
        return value.textValue();
    }

    private static int integer(JsonNode node, String field, int otherwise, int min, int max) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw new IllegalArgumentException(
                    field + ": must be a whole number from " + min + " to " + max + ", was " + value);
        }
        return value.intValue();
    }

    private static boolean bool(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new IllegalArgumentException(field + ": must be true or false, was " + value);
        }
        return value.asBoolean(false);
    }
}
