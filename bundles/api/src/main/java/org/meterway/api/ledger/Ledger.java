// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Counts the intervals that are present against those expected. Thread-safe. */
@ProviderType
public interface Ledger {
    /**
     * Integrity of meters over a span of time. What is expected follows from each active meter's device model: every whole interval
     * of every billing register that starts in the span.
     *
     * @param meters ids of the meters; unknown ones and those without billing registers expect nothing
     * @param from start of the span, UTC
     * @param to end of the span, UTC, after {@code from}; at most 366 days later
     * @return one entry per meter, in the order given
     */
    List<Integrity> integrity(Collection<String> meters, Instant from, Instant to);

    /**
     * Integrity of one meter.
     *
     * @param meter id of the meter
     * @param expected intervals expected
     * @param present valid intervals present among the expected
     */
    record Integrity(String meter, long expected, long present) {}
}
