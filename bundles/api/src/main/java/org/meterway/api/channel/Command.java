// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Something to do at a meter, in LwM2M's terms (LwM2M Core 1.1, 6.3 and 6.4).
 *
 * @param meter id of the meter
 * @param operation what to do
 * @param paths on what; exactly one except for the composite operations
 * @param values what to write, by resource path: text, number ({@link Number}), {@link Boolean}, {@code byte[]} for opaque, {@link
 *     java.time.Instant} for time, or a {@link Map} from instance number to one of these for multiple resources
 * @param attributes for {@link Operation#WRITE_ATTRIBUTES}: name to value, for example {@code pmin} to {@code 10}
 * @param arguments for {@link Operation#EXECUTE}: argument text (LwM2M Core 1.1, 6.3.5), or empty
 * @param timeout how long to wait for the answer, positive, at most one day
 */
public record Command(
        String meter,
        Operation operation,
        List<String> paths,
        Map<String, Object> values,
        Map<String, String> attributes,
        String arguments,
        Duration timeout) {
    public Command {
        requireNonNull(meter, "meter");
        requireNonNull(operation, "operation");
        paths = List.copyOf(paths);
        values = Map.copyOf(values);
        attributes = Map.copyOf(attributes);
        requireNonNull(arguments, "arguments");
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("timeout must be positive and at most one day, was " + timeout);
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least one path");
        }
        if (paths.size() > 1 && !operation.composite()) {
            throw new IllegalArgumentException(operation + " takes one path, got " + paths.size());
        }
    }

    /** A read of one path. */
    public static Command read(String meter, String path, Duration timeout) {
        return new Command(meter, Operation.READ, List.of(path), Map.of(), Map.of(), "", timeout);
    }

    /** What can be done at a meter. */
    public enum Operation {
        READ,
        WRITE,
        EXECUTE,
        CREATE,
        DELETE,
        DISCOVER,
        OBSERVE,
        CANCEL_OBSERVE,
        WRITE_ATTRIBUTES,
        READ_COMPOSITE,
        WRITE_COMPOSITE,
        OBSERVE_COMPOSITE;

        /** Whether the operation takes several paths. */
        public boolean composite() {
            return this == READ_COMPOSITE || this == WRITE_COMPOSITE || this == OBSERVE_COMPOSITE;
        }
    }
}
