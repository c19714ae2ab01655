// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import static java.util.Objects.requireNonNull;

/**
 * What the dispatcher knows of a plan's work; what is to be done is the wire's business.
 *
 * @param plan id of the plan, or purpose
 * @param version of the plan
 * @param work what is to be done, handed to the wire as it is
 * @param priority 0–9, 9 the most urgent
 * @param attempts how often an order is sent at most
 * @param timeoutMillis how long one attempt waits
 * @param backoffMillis bound of the wait before the second attempt
 * @param sideEffects whether an order may be sent once only
 */
public record Job(
        String plan,
        int version,
        Object work,
        int priority,
        int attempts,
        int timeoutMillis,
        int backoffMillis,
        boolean sideEffects) {
    public Job {
        requireNonNull(plan, "plan");
        requireNonNull(work, "work");
    }
}
