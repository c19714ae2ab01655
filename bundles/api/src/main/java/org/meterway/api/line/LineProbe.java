// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a search for meters on a line stands.
 *
 * @param line name of the line
 * @param startedAt when it was started
 * @param endedAt when it ended; empty while it runs
 * @param tried how many trials were made
 * @param trials how many there are at most: a protocol that answered is not tried further
 * @param text one line for a person: what is being tried, or how it ended
 * @param found what answered
 */
public record LineProbe(
        String line,
        Instant startedAt,
        Optional<Instant> endedAt,
        int tried,
        int trials,
        String text,
        List<Found> found) {
    public LineProbe {
        requireNonNull(line, "line");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        requireNonNull(text, "text");
        found = List.copyOf(found);
    }

    /**
     * What answered.
     *
     * @param protocol name of the protocol
     * @param settings the line had
     * @param address that was asked
     * @param answer what it said, for a person
     */
    public record Found(String protocol, LineSettings settings, String address, String answer) {
        public Found {
            requireNonNull(protocol, "protocol");
            requireNonNull(settings, "settings");
            requireNonNull(address, "address");
            requireNonNull(answer, "answer");
        }
    }
}
