// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * All orders of one plan for one due time.
 *
 * @param plan id of the plan
 * @param planVersion its version
 * @param due when the work became due
 * @param deadline by when it has to be done to count as in time
 * @param expires when what is not done is given up
 * @param ended when the last order ended; empty while the run is open
 * @param orders how many orders are in which state
 * @param attempts how many commands were sent
 */
public record Run(
        String plan,
        int planVersion,
        Instant due,
        Instant deadline,
        Instant expires,
        Optional<Instant> ended,
        Map<OrderState, Integer> orders,
        long attempts) {
    public Run {
        requireNonNull(plan, "plan");
        requireNonNull(due, "due");
        requireNonNull(deadline, "deadline");
        requireNonNull(expires, "expires");
        requireNonNull(ended, "ended");
        EnumMap<OrderState, Integer> copy = new EnumMap<>(OrderState.class);
        copy.putAll(orders);
        orders = Collections.unmodifiableMap(copy);
    }

    /** How many orders there are in all. */
    public int total() {
        return orders.values().stream().mapToInt(Integer::intValue).sum();
    }
}
