// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Finds the endpoint of a request; what no endpoint is there for is answered as HTTP has it (RFC 9110, 15.5). */
final class Router {
    private final List<Endpoint> endpoints;

    Router(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        String[] parts = path.split("/", -1);
        Map<Endpoint, Map<String, String>> found = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            endpoint.match(parts).ifPresent(variables -> found.put(endpoint, variables));
        }
        if (found.isEmpty()) {
            throw Problem.notFound("there is nothing at /api/v1" + path + ", see /api/v1/openapi.json");
        }
        // a path without variables is nearer than one with: /meters/import is no meter
        boolean exact = found.values().stream().anyMatch(Map::isEmpty);
        found.values().removeIf(variables -> exact && !variables.isEmpty());
        for (Map.Entry<Endpoint, Map<String, String>> entry : found.entrySet()) {
            if (entry.getKey().method().equals(method)) {
                check(entry.getKey(), request);
                entry.getKey().handler().handle(new Call(request, response, entry.getValue()));
                return;
            }
        }
        String allow = allow(found);
        if (method.equals("OPTIONS")) {
            response.setHeader("Allow", allow);
            response.setStatus(204);
            return;
        }
        throw Problem.notAllowed(request.getMethod(), allow);
    }

    private static String allow(Map<Endpoint, Map<String, String>> found) {
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        for (Endpoint endpoint : found.keySet()) {
            methods.add(endpoint.method());
            if (endpoint.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        return String.join(", ", methods);
    }

    private static void check(Endpoint endpoint, HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        if (accept != null
                && !accept.isBlank()
                && endpoint.produces().stream().noneMatch(type -> accepts(accept, type))) {
            throw Problem.of(
                    406, "the answer is " + String.join(" or ", endpoint.produces()) + ", Accept was '" + accept + "'");
        }
        if (!endpoint.consumes().isEmpty() && !endpoint.consumes().equals(Endpoint.ANY_TYPE)) {
            String type = request.getContentType() == null ? "" : request.getContentType();
            if (!type.split(";", 2)[0].strip().equalsIgnoreCase(endpoint.consumes())) {
                throw Problem.of(415, "the body must be " + endpoint.consumes() + ", Content-Type was '" + type + "'");
            }
        }
        Map<String, String[]> given;
        try {
            given = request.getParameterMap();
        } catch (RuntimeException e) {
            throw Problem.bad("the query cannot be read: " + e.getMessage());
        }
        given.forEach((name, values) -> {
            if (!endpoint.parameters().contains(name)) {
                String known = endpoint.parameters().isEmpty() ? "none" : String.join(", ", endpoint.parameters());
                throw Problem.bad("unknown parameter '" + name + "', possible here: " + known);
            }
            if (values.length > 1) {
                throw Problem.bad("the parameter " + name + " is given " + values.length + " times");
            }
        });
    }

    private static boolean accepts(String accept, String type) {
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.strip().split("\\s*;\\s*");
            boolean refused = false;
            for (int i = 1; i < parts.length; i++) {
                refused |= parts[i].matches("q=0(\\.0*)?");
            }
            String wanted = parts[0];
            if (!refused
                    && (wanted.equals("*/*")
                            || wanted.equals(type)
                            || wanted.equals(type.substring(0, type.indexOf('/')) + "/*"))) {
                return true;
            }
        }
        return false;
    }
}
