// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import java.time.Duration;

/**
 * How work without side effects is tried again within its window when a meter does not answer or says that it is busy. Between two
 * attempts passes a random time up to a bound that doubles each time.
 *
 * @param attempts how often at most, 1–100
 * @param timeout how long one attempt waits for its answer, 1 s to 1 h
 * @param backoff the bound before the second attempt, 1 s to 1 h
 */
public record Retry(int attempts, Duration timeout, Duration backoff) {
    /** Six attempts of 30 s, first back-off up to 10 s. */
    public static final Retry DEFAULT = new Retry(6, Duration.ofSeconds(30), Duration.ofSeconds(10));

    public Retry {
        if (attempts < 1 || attempts > 100) {
            throw new IllegalArgumentException("attempts must be 1–100, was " + attempts);
        }
        seconds("timeout", timeout);
        seconds("backoff", backoff);
    }

    private static void seconds(String what, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(what + " must be 1 s to 1 h, was " + value);
        }
    }
}
