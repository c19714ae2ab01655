// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description kept by hand says what is served, no more and no less. */
class OpenapiTest {
    private static String line(
            String method, String path, Stream<String> parameters, String consumes, Stream<String> produces) {
        return method.toUpperCase(java.util.Locale.ROOT) + " " + path + " " + new TreeSet<>(parameters.toList()) + " "
                + consumes + " -> " + new TreeSet<>(produces.toList());
    }

    @Test
    void everyPathMethodParameterAndMediaTypeServedIsDescribedAndTheOtherWayRound() throws Exception {
        try (Gateway gateway = new Gateway()) {
            TreeSet<String> served = new TreeSet<>();
            gateway.rest
                    .router()
                    .endpoints()
                    .forEach(endpoint -> served.add(line(
                            endpoint.method(),
                            endpoint.path(),
                            endpoint.parameters().stream(),
                            endpoint.consumes(),
                            endpoint.method().equals("DELETE") ? Stream.empty() : endpoint.produces().stream())));
            TreeSet<String> described = new TreeSet<>();
            JsonNode document = gateway.get("/openapi.json").json();
            document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                    .filter(method -> !method.getKey().equals("parameters"))
                    .forEach(method -> {
                        JsonNode body = method.getValue().path("requestBody").path("content");
                        TreeSet<String> produces = new TreeSet<>();
                        method.getValue().path("responses").properties().stream()
                                .filter(answer -> answer.getKey().startsWith("2"))
                                .forEach(answer -> answer.getValue()
                                        .path("content")
                                        .fieldNames()
                                        .forEachRemaining(produces::add));
                        described.add(line(
                                method.getKey(),
                                path.getKey(),
                                method.getValue()
                                        .path("parameters")
                                        .valueStream()
                                        .map(parameter -> parameter.path("name").asText()),
                                body.isEmpty() ? "" : body.fieldNames().next(),
                                produces.stream()));
                    }));
            assertEquals(String.join("\n", served), String.join("\n", described));
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws Exception {
        try (Gateway gateway = new Gateway()) {
            JsonNode document = gateway.get("/openapi.json").json();
            Map<String, Boolean> references = new TreeMap<>();
            document.findValuesAsText("$ref")
                    .forEach(reference -> references.put(
                            reference, !document.at(reference.substring(1)).isMissingNode()));
            assertTrue(references.size() > 10);
            assertTrue(references.values().stream().allMatch(found -> found), references.toString());
        }
    }

    @Test
    void everyPathWithVariablesDescribesThem() throws Exception {
        try (Gateway gateway = new Gateway()) {
            gateway.get("/openapi.json").json().path("paths").properties().stream()
                    .filter(path -> path.getKey().contains("{id}"))
                    .forEach(path -> assertEquals(
                            "id",
                            path.getValue()
                                    .path("parameters")
                                    .path(0)
                                    .path("name")
                                    .asText(),
                            path.getKey()));
        }
    }
}
