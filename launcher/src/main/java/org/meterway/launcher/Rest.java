// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/**
 * Asks a gateway over REST, for what the launcher itself wants to know. Built on the plain URL connection because that
 * costs next to nothing at start-up.
 */
final class Rest {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int TIMEOUT_MS = 5000;

    private final String base;

    /** @param base scheme, host and port, without a slash at the end */
    Rest(String base) {
        this.base = base;
    }

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param body a missing node when the body is not JSON
     */
    record Answer(int status, JsonNode body) {
        boolean ok() {
            return status == 200;
        }
    }

    /** @return empty when nobody answers */
    Optional<Answer> get(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(base + path).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            connection.setRequestProperty("Accept", "application/json");
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return Optional.of(new Answer(status, json(body)));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static JsonNode json(@org.jspecify.annotations.Nullable InputStream body) throws IOException {
        if (body == null) {
            return JSON.missingNode();
        }
        byte[] bytes = body.readAllBytes();
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }
}
