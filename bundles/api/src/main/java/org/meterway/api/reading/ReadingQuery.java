// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which readings are wanted.
 *
 * @param meters ids of the meters, not empty
 * @param obis only this quantity; empty for all
 * @param from first start wanted, UTC
 * @param to first start not wanted any more, UTC, after {@code from}
 */
public record ReadingQuery(List<String> meters, Optional<Obis> obis, Instant from, Instant to) {
    public ReadingQuery {
        meters = List.copyOf(meters);
        if (meters.isEmpty()) {
            throw new IllegalArgumentException("a reading query needs at least one meter");
        }
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("from (" + from + ") must be before to (" + to + ")");
        }
    }

    /** A query for one quantity of some meters. */
    public static ReadingQuery of(Collection<String> meters, Obis obis, Instant from, Instant to) {
        return new ReadingQuery(List.copyOf(meters), Optional.of(obis), from, to);
    }
}
