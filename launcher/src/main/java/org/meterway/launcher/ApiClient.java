// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The gateway's REST interface for {@code meterway client}. Every failure is a line for a person. */
final class ApiClient {
    private static final int ERRORS_SHOWN = 20;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;

    /** @param url scheme, host and port */
    ApiClient(String url) {
        this.base = url.replaceFirst("/+$", "") + "/api/v1/";
    }

    /**
     * @param query parameters; a null value leaves one out
     * @throws LaunchException if nobody answers, or the answer is an error
     */
    JsonNode get(String path, Map<String, @Nullable String> query) {
        return json(send(request(path, query).GET(), Duration.ofSeconds(60)), 200);
    }

    /** As {@link #get}, but gives back a document that comes with this other status, too. */
    JsonNode get(String path, int alsoGood) {
        return json(send(request(path, Map.of()).GET(), Duration.ofSeconds(60)), alsoGood);
    }

    JsonNode post(String path, String type, HttpRequest.BodyPublisher body, Duration timeout) {
        return json(send(request(path, Map.of()).header("Content-Type", type).POST(body), timeout), 200);
    }

    /** A POST without a body. */
    JsonNode post(String path, Duration timeout) {
        return json(send(request(path, Map.of()).POST(HttpRequest.BodyPublishers.noBody()), timeout), 200);
    }

    JsonNode put(String path, String type, HttpRequest.BodyPublisher body, Duration timeout) {
        return json(send(request(path, Map.of()).header("Content-Type", type).PUT(body), timeout), 200);
    }

    void delete(String path, Duration timeout) {
        json(send(request(path, Map.of()).DELETE(), timeout), 204);
    }

    /** Hands on the data of each server-sent event until the gateway ends the stream. */
    void follow(String path, Consumer<JsonNode> events) {
        HttpRequest request = request(path, Map.of())
                .setHeader("Accept", "text/event-stream")
                .GET()
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw new LaunchException(request.uri() + " answers " + response.statusCode());
            }
            String[] name = {""};
            response.body().forEach(line -> {
                if (line.startsWith("event:")) {
                    name[0] = line.substring("event:".length()).trim();
                } else if (line.startsWith("data:") && !name[0].equals("stats")) {
                    events.accept(parse(line.substring("data:".length())));
                }
            });
        } catch (IOException | java.io.UncheckedIOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted", e);
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Map<String, @Nullable String> query) {
        StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");
        query.forEach((name, value) -> {
            if (value != null) {
                parameters.add(name + "=" + encode(value));
            }
        });
        try {
            return HttpRequest.newBuilder(URI.create(base + path + parameters)).header("Accept", "application/json");
        } catch (IllegalArgumentException e) {
            throw new LaunchException(
                    "--url " + base.replaceFirst("/api/v1/$", "") + " is no address: " + e.getMessage());
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Duration timeout) {
        try {
            return http.send(
                    request.timeout(timeout).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted", e);
        }
    }

    private LaunchException unreachable(Exception e) {
        return new LaunchException(
                "no gateway answers on " + base.replaceFirst("api/v1/$", "")
                        + ": start one with ./meterway run, or say where it is with --url",
                e);
    }

    private JsonNode json(HttpResponse<String> response, int alsoGood) {
        int status = response.statusCode();
        if (status == 204) {
            return Rest.JSON.createObjectNode();
        }
        if (status / 100 == 2 || status == alsoGood) {
            return parse(response.body());
        }
        throw new LaunchException(problem(status, response.body()));
    }

    private JsonNode parse(String text) {
        try {
            return Rest.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new LaunchException("what answers on " + base + " is no gateway: it does not speak JSON", e);
        }
    }

    /** A problem document (RFC 9457) in one line. */
    private static String problem(int status, String body) {
        JsonNode problem;
        try {
            problem = Rest.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return "the gateway answers " + status;
        }
        StringJoiner text = new StringJoiner(": ");
        text.add(problem.path("title").asText("the gateway answers " + status));
        if (problem.hasNonNull("detail")) {
            text.add(problem.path("detail").asText());
        }
        StringJoiner errors = new StringJoiner("; ").setEmptyValue("");
        int shown = 0;
        for (JsonNode error : problem.path("errors")) {
            if (shown++ == ERRORS_SHOWN) {
                errors.add("and " + (problem.path("errors").size() - ERRORS_SHOWN) + " more");
                break;
            }
            errors.add("line " + error.path("line").asText()
                    + (error.path("column").asText().isEmpty()
                            ? ""
                            : ", column " + error.path("column").asText())
                    + ": " + error.path("message").asText());
        }
        return errors.length() == 0
                ? text.toString()
                : text.add(errors.toString()).toString();
    }
}
