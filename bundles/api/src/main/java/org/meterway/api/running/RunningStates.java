// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.running;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Judges meters and zones. Thread-safe; waits at most a moment for the dispatcher. */
@ProviderType
public interface RunningStates {
    /** All zones that have meters, by name. */
    List<ZoneRunning> zones();

    /**
     * Meters by id.
     *
     * @param zone only of this zone
     * @param conditions only in one of these; empty for any
     * @param after only those with a greater id; for the next page
     * @param limit at most so many, 1–1000
     */
    List<MeterRunning> meters(Optional<String> zone, Set<Condition> conditions, Optional<String> after, int limit);

    /** One meter; empty if the inventory does not have it. */
    Optional<MeterRunning> meter(String id);

    /** How the gateway copes with many meters that come back at once. */
    Storm storm();
}
