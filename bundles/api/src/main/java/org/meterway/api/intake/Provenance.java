// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.meterway.api.reading.Obis;
import org.meterway.api.store.Revision;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where values come from. Thread-safe; every method throws {@link org.meterway.api.store.StoreException} when the store fails.
 */
@ProviderType
public interface Provenance {
    /**
     * Traces a value back to its bytes, which are decoded again for it by the codec that is there now.
     *
     * @param interval length of its interval, empty if there is only one at that start or any will do
     * @return empty if there is no such value and never was one
     */
    Optional<Trace> trace(String meter, Obis obis, Instant start, Optional<Duration> interval);

    /**
     * Values of a meter that were superseded, by quantity, interval and start, and for each the oldest first.
     *
     * @param obis only this quantity, empty for all
     * @param from first start wanted
     * @param to first start not wanted any more
     * @param limit at most so many, positive
     */
    List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit);
}
