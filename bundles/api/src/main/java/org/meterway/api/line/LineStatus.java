// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a line is.
 *
 * @param name unique
 * @param port where it is, for example {@code /dev/ttyUSB0} or {@code tcp://10.0.0.7:4001}
 * @param open whether the port is open
 * @param text one line for a person
 * @param waiting orders that wait for their turn
 * @param meters those whose inventory entry names this line, by id
 * @param statistics counters since the line was started, by name in the order to show them
 */
public record LineStatus(
        String name,
        String port,
        boolean open,
        String text,
        int waiting,
        List<OnLine> meters,
        Map<String, Long> statistics) {
    public LineStatus {
        requireNonNull(name, "name");
        requireNonNull(port, "port");
        requireNonNull(text, "text");
        meters = List.copyOf(meters);
        statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
    }

    /**
     * A meter on a line.
     *
     * @param meter its id
     * @param protocol it is asked in
     * @param address it has there
     * @param state whether it answers
     * @param lastAnswer when it answered last, if it did since the line was started
     * @param skippedUntil until when it is not asked, while it is silent
     */
    public record OnLine(
            String meter,
            String protocol,
            String address,
            State state,
            Optional<Instant> lastAnswer,
            Optional<Instant> skippedUntil) {
        public OnLine {
            requireNonNull(meter, "meter");
            requireNonNull(protocol, "protocol");
            requireNonNull(address, "address");
            requireNonNull(state, "state");
            requireNonNull(lastAnswer, "lastAnswer");
            requireNonNull(skippedUntil, "skippedUntil");
        }
    }

    /** Whether a meter answers. */
    public enum State {
        /** Not asked yet. */
        UNKNOWN,
        ANSWERING,
        /** Did not answer the last time, and is left alone for a while. */
        SILENT
    }
}
