// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request and its answer. */
final class Call {
    private static final int MAX_JSON_BYTES = 1 << 20;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Map<String, String> variables;

    Call(HttpServletRequest request, HttpServletResponse response, Map<String, String> variables) {
        this.request = request;
        this.response = response;
        this.variables = variables;
    }

    /** The part of the path that stands for {@code {name}}. */
    String variable(String name) {
        return variables.get(name);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(request.getParameter(name)).filter(value -> !value.isEmpty());
    }

    /** A time in RFC 3339. */
    Instant needInstant(String name) {
        String value = parameter(name)
                .orElseThrow(() -> Problem.bad(
                        "the parameter " + name + " is missing, expected a time like 2026-11-20T00:00:00Z"));
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw Problem.bad(
                    "the parameter " + name + " must be a time like 2026-11-20T00:00:00Z, was '" + value + "'");
        }
    }

    long number(String name, long otherwise, long min, long max) {
        Optional<String> value = parameter(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw Problem.bad("the parameter " + name + " must be a whole number from " + min + " to " + max + ", was '"
                + value.get() + "'");
    }

    /** One of some words. */
    Optional<String> word(String name, List<String> words) {
        Optional<String> value = parameter(name);
        if (value.isPresent() && !words.contains(value.get())) {
            throw Problem.bad("the parameter " + name + " must be one of " + String.join(", ", words) + ", was '"
                    + value.get() + "'");
        }
        return value;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** Whether the client asks for this media type by name. */
    boolean asksFor(String mediaType) {
        return header("Accept")
                .map(accept -> accept.toLowerCase(Locale.ROOT).contains(mediaType))
                .orElse(false);
    }

    /** @throws Problem 400 if it is no JSON object, 413 if it is larger than 1 MiB */
    JsonNode jsonBody() throws IOException {
        return Json.object(body(MAX_JSON_BYTES).readAllBytes());
    }

    /** The body, ending with {@link Problem} 413 when there is more of it than this. */
    InputStream body(long maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw BoundedBody.tooLarge(maxBytes);
        }
        return new BoundedBody(request.getInputStream(), maxBytes);
    }

    AsyncContext async(long timeoutMillis) {
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(timeoutMillis);
        return async;
    }

    HttpServletResponse response() {
        return response;
    }

    void json(int status, Json.Writing writing) throws IOException {
        send(response, status, "application/json", Json.bytes(writing));
    }

    void bytes(int status, String mediaType, byte[] body) throws IOException {
        send(response, status, mediaType, body);
    }

    void nothing() {
        response.setStatus(204);
    }

    static void problem(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        headers(response);
        problem.headers().forEach(response::setHeader);
        send(response, problem.status(), "application/problem+json", Json.bytes(problem::write));
    }

    /** What every answer carries. */
    static void headers(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    private static void send(HttpServletResponse response, int status, String mediaType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        try (OutputStream out = response.getOutputStream()) {
            out.write(body);
        }
    }
}
