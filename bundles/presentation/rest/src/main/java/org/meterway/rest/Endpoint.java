// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One method of one path.
 *
 * @param method HTTP method
 * @param path below {@code /api/v1}; a part in braces is a variable
 * @param parameters query parameters that may be given
 * @param consumes media type of the body, or {@link #ANY_TYPE}; empty for none
 * @param produces media types of the answer, the default first
 */
record Endpoint(
        String method, String path, List<String> parameters, String consumes, List<String> produces, Handler handler) {

    /** The body may be of any media type. */
    static final String ANY_TYPE = "*/*";

    static Endpoint get(String path, List<String> parameters, Handler handler) {
        return new Endpoint("GET", path, parameters, "", List.of("application/json"), handler);
    }

    static Endpoint with(String method, String path, String consumes, Handler handler) {
        return new Endpoint(method, path, List.of(), consumes, List.of("application/json"), handler);
    }

    /** The variables' values if the path is this one's. */
    Optional<Map<String, String>> match(String[] parts) {
        String[] own = path.split("/", -1);
        if (own.length != parts.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{") && !parts[i].isEmpty()) {
                variables.put(own[i].substring(1, own[i].length() - 1), parts[i]);
            } else if (!own[i].equals(parts[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    /** Answers a call. */
    @FunctionalInterface
    interface Handler {
        /** @throws Problem for an error answer */
        void handle(Call call) throws IOException;
    }
}
