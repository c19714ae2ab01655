// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.meterway.api.plan.Action;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The orders under way and those ended lately, of which as many are remembered as the configuration has room for. Thread-safe; waits
 * at most a moment for the dispatcher.
 */
@ProviderType
public interface Orders {
    /** The orders that match, the latest due first, then by meter. */
    List<Order> find(OrderQuery query);

    /** One order, while it is remembered. */
    Optional<Order> order(String id);

    /** Runs of a plan that are remembered, the latest due first. */
    List<Run> runs(String plan);

    /** Takes an order back that is not ended and, if it has side effects, not sent. Returns whether it was taken back. */
    boolean cancel(String id);

    /**
     * Orders one read outside any plan, for example of a gap. It goes the same way as the orders of plans: by priority and deadline,
     * with their retries and limits.
     *
     * @param purpose what it is for, 1–32 characters of {@code a-z 0-9 -}; the order's plan is {@code @purpose}
     * @param meter id of the meter
     * @param read a read: {@link Action.ReadRegisters} or {@link Action.ReadProfile}, whose range counts back from {@code due}
     * @param due when the work became due, now or before
     * @param deadline by when it has to be done, from now, positive; it is given up then
     * @param priority 0–9, 9 the most urgent
     * @return completes with the order when it has ended, whatever became of it
     * @throws IllegalArgumentException if the action has side effects or an argument is wrong
     * @throws java.util.concurrent.RejectedExecutionException if too many such orders wait already: try again later
     */
    CompletionStage<Order> read(
            String purpose, String meter, Action read, Instant due, Duration deadline, int priority);
}
