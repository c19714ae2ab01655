// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.health;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The condition of a part of the gateway.
 *
 * @param name of the part, for example {@code store}
 * @param status how it is
 * @param text one line for a person
 * @param values figures by name in the order to show them: numbers, texts, booleans
 */
public record Health(String name, Status status, String text, Map<String, Object> values) {
    public Health {
        requireNonNull(name, "name");
        requireNonNull(status, "status");
        requireNonNull(text, "text");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** How a part is. */
    public enum Status {
        UP,
        /** Works, with something missing or slow. */
        DEGRADED,
        DOWN
    }
}
