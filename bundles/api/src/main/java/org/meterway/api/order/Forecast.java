// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a rehearsal expects of the next run of a plan.
 *
 * @param plan id of the plan
 * @param planVersion its version
 * @param due the due time rehearsed
 * @param madeAt when the rehearsal was made
 * @param orders how many orders are expected to be in which state when the run is over
 * @param half when half of the orders are expected to be done; empty if fewer will be
 * @param most when 95 of 100 are expected to be done; empty if fewer will be
 * @param finish when the last of those expected to be done is done; empty if none will be
 * @param misses orders expected not to be done in time, by meter, with the reason; at most 1000
 * @param text the result in one sentence
 */
public record Forecast(
        String plan,
        int planVersion,
        Instant due,
        Instant madeAt,
        Map<OrderState, Integer> orders,
        Optional<Instant> half,
        Optional<Instant> most,
        Optional<Instant> finish,
        List<Miss> misses,
        String text) {
    public Forecast {
        requireNonNull(plan, "plan");
        requireNonNull(due, "due");
        requireNonNull(madeAt, "madeAt");
        EnumMap<OrderState, Integer> copy = new EnumMap<>(OrderState.class);
        copy.putAll(orders);
        orders = Collections.unmodifiableMap(copy);
        requireNonNull(half, "half");
        requireNonNull(most, "most");
        requireNonNull(finish, "finish");
        misses = List.copyOf(misses);
        requireNonNull(text, "text");
    }

    /**
     * An order expected not to be done in time.
     *
     * @param meter id of its meter
     * @param state how it is expected to end
     * @param reason why
     */
    public record Miss(String meter, OrderState state, String reason) {}
}
