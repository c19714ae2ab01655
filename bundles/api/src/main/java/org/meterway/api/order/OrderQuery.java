// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;

/**
 * Which orders are wanted: the latest due first, then by meter.
 *
 * @param plan only of this plan
 * @param meter only of this meter
 * @param states only in one of these; empty for any
 * @param after only those that come after the order of this id in the list; for the next page
 * @param limit at most so many, 1–1000
 */
public record OrderQuery(
        Optional<String> plan, Optional<String> meter, Set<OrderState> states, Optional<String> after, int limit) {
    public OrderQuery {
        requireNonNull(plan, "plan");
        requireNonNull(meter, "meter");
        states = Set.copyOf(states);
        requireNonNull(after, "after");
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit must be 1–1000, was " + limit);
        }
    }
}
