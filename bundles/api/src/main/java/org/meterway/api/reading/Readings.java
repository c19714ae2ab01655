// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All durable readings, whether settled into day profiles or not yet: what was answered positively is found here at once.
 * Thread-safe. Every method throws {@link org.meterway.api.store.StoreException} when the store fails.
 */
@ProviderType
public interface Readings {
    /**
     * Hands over the readings that match, by meter in the query's order, then quantity, interval and start. Each key comes once.
     *
     * @param consumer called on the caller's thread; what it throws ends the query
     */
    void query(ReadingQuery query, Consumer<StoredReading> consumer);

    /** The latest reading of each series of a meter, by quantity; empty for a meter without readings. */
    List<StoredReading> latest(String meter);

    /** The series a meter has readings in, by quantity and interval. */
    List<Series> series(String meter);

    /**
     * How many distinct intervals of a series are present, counted from presence maps.
     *
     * @param from first start counted
     * @param to first start not counted any more
     */
    long present(Series series, Instant from, Instant to);
}
