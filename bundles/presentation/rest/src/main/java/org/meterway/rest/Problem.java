// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a call with an error answer: problem details (RFC 9457), {@code type} about:blank, so the title is that of the status. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"));

    private final int status;
    private final transient List<Mistake> mistakes;
    private final transient Map<String, String> headers;
    /** Further members of the answer (RFC 9457, 3.2). */
    private final transient Map<String, Object> extensions = new LinkedHashMap<>();

    private Problem(int status, String detail, List<Mistake> mistakes, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.mistakes = List.copyOf(mistakes);
        this.headers = Map.copyOf(headers);
    }

    static Problem of(int status, String detail) {
        return new Problem(status, detail, List.of(), Map.of());
    }

    /** The client sent something wrong; the detail says what and what is expected. */
    static Problem bad(String detail) {
        return of(400, detail);
    }

    static Problem notFound(String detail) {
        return of(404, detail);
    }

    /** Something is not running or failing: repeat later. */
    static Problem unavailable(String detail) {
        return new Problem(503, detail, List.of(), Map.of("Retry-After", "5"));
    }

    /** Too much to do: repeat after a while. */
    static Problem busy(String detail, Duration retryAfter) {
        return new Problem(503, detail, List.of(), Map.of("Retry-After", Long.toString(retryAfter.toSeconds())));
    }

    static Problem notAllowed(String method, String allow) {
        return new Problem(405, method + " is not possible here, only " + allow, List.of(), Map.of("Allow", allow));
    }

    Problem with(List<Mistake> found) {
        return new Problem(status, getMessage(), found, headers);
    }

    /** Adds a member to the answer: a text or a number. */
    Problem with(String name, Object value) {
        extensions.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "about:blank");
        out.writeStringField("title", TITLES.getOrDefault(status, "Error"));
        out.writeNumberField("status", status);
        out.writeStringField("detail", getMessage());
        if (!mistakes.isEmpty()) {
            out.writeArrayFieldStart("errors");
            for (Mistake mistake : mistakes) {
                out.writeStartObject();
                out.writeNumberField("line", mistake.line);
                out.writeStringField("column", mistake.column);
                out.writeStringField("message", mistake.message);
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        for (Map.Entry<String, Object> extension : extensions.entrySet()) {
            out.writeFieldName(extension.getKey());
            Json.value(out, extension.getValue());
        }
        out.writeEndObject();
    }

    /**
     * One mistake in a body.
     *
     * @param line from 1
     * @param column name of a column in CSV, number of the character in JSON, or empty
     */
    record Mistake(long line, String column, String message) {}
}
