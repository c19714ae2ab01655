// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.running;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The running state of a zone, whose meters share a link.
 *
 * @param zone its name; empty for meters without a zone
 * @param down whether its link is judged down: many meters in a row that used to answer do not
 * @param concurrency how many orders its link is found to carry at once
 * @param roundTrip smoothed time from command to answer; empty while none was measured
 * @param meters how many meters are in which condition
 */
public record ZoneRunning(
        String zone, boolean down, int concurrency, Optional<Duration> roundTrip, Map<Condition, Integer> meters) {
    public ZoneRunning {
        requireNonNull(zone, "zone");
        requireNonNull(roundTrip, "roundTrip");
        EnumMap<Condition, Integer> copy = new EnumMap<>(Condition.class);
        copy.putAll(meters);
        meters = Collections.unmodifiableMap(copy);
    }
}
