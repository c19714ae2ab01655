// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A JSON object from a client, read field by field; what is wrong ends the call with 400 and the name of the field. */
final class Body {
    private final JsonNode node;
    private final String where;

    private Body(JsonNode node, String where) {
        this.node = node;
        this.where = where;
    }

    /** @param fields all that may be there */
    static Body of(JsonNode node, List<String> fields) {
        return new Body(node, "").only(fields);
    }

    private Body only(List<String> fields) {
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw Problem.bad("unknown field " + where + field + ", expected some of " + String.join(", ", fields));
            }
        });
        return this;
    }

    /** Whether the field is there, be it null. */
    boolean has(String field) {
        return node.has(field);
    }

    Optional<String> text(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(field, "a text", value);
        }
        return Optional.of(value.textValue());
    }

    String needText(String field) {
        return text(field).orElseThrow(() -> Problem.bad(where + field + " is missing"));
    }

    Optional<Double> number(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw wrong(field, "a number", value);
        }
        return Optional.of(value.doubleValue());
    }

    Optional<Boolean> flag(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw wrong(field, "true or false", value);
        }
        return Optional.of(value.booleanValue());
    }

    /** An object; empty if it is missing or null. */
    Optional<Body> object(String field, List<String> fields) {
        return objectNode(field).map(value -> new Body(value, where + field + ".").only(fields));
    }

    Optional<JsonNode> objectNode(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrong(field, "an object", value);
        }
        return Optional.of(value);
    }

    /** The texts of an object by field, in order, empty where it says null; none if the object is missing or null. */
    Map<String, Optional<String>> entries(String field) {
        Map<String, Optional<String>> entries = new LinkedHashMap<>();
        objectNode(field).ifPresent(node -> {
            Body inner = new Body(node, where + field + ".");
            node.fieldNames().forEachRemaining(name -> entries.put(name, inner.text(name)));
        });
        return entries;
    }

    List<String> texts(String field) {
        JsonNode list = node.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw wrong(field, "a list of texts", list);
        }
        return list.valueStream()
                .map(value -> {
                    if (!value.isTextual()) {
                        throw wrong(field, "a list of texts", value);
                    }
                    return value.textValue();
                })
                .toList();
    }

    private Problem wrong(String field, String expected, JsonNode value) {
        return Problem.bad(where + field + " must be " + expected + ", was "
                + value.getNodeType().name().toLowerCase(Locale.ROOT));
    }
}
