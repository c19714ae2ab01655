// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * The work of one plan for one meter at one due time.
 *
 * @param id {@code plan~due~meter} with the due time as {@code 20261122T190000Z}; the same work always has the same id
 * @param plan id of the plan; for work ordered by hand or by a part of the gateway its purpose, which begins with {@code @}
 * @param meter id of the meter
 * @param due when the work became due
 * @param deadline by when it has to be done to count as in time
 * @param expires when it is given up
 * @param state where it is
 * @param attempts how often it was sent
 * @param ended when it ended; empty while it has not
 * @param reason why it is where it is, for example what the meter answered; empty if there is nothing to say
 */
public record Order(
        String id,
        String plan,
        String meter,
        Instant due,
        Instant deadline,
        Instant expires,
        OrderState state,
        int attempts,
        Optional<Instant> ended,
        String reason) {
    public Order {
        requireNonNull(id, "id");
        requireNonNull(plan, "plan");
        requireNonNull(meter, "meter");
        requireNonNull(due, "due");
        requireNonNull(deadline, "deadline");
        requireNonNull(expires, "expires");
        requireNonNull(state, "state");
        requireNonNull(ended, "ended");
        requireNonNull(reason, "reason");
    }
}
