// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened and that a person may want to know.
 *
 * @param id grows by one with every event since the gateway started, from 1
 * @param time when
 * @param type what kind, dotted, for example {@code meter.registered}
 * @param severity how much it matters
 * @param meter id of the meter concerned, if one is
 * @param text one sentence for a person, without secrets
 */
public record Event(long id, Instant time, String type, Severity severity, Optional<String> meter, String text) {
    public Event {
        requireNonNull(time, "time");
        requireNonNull(type, "type");
        requireNonNull(severity, "severity");
        requireNonNull(meter, "meter");
        requireNonNull(text, "text");
    }

    /** How much an event matters. */
    public enum Severity {
        INFO,
        WARNING,
        /** A person must act. */
        ALARM
    }
}
