// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** When a plan's work is due. */
public sealed interface Trigger {
    /**
     * At the times of a cron expression in local time. Where every hour is meant ({@code *}) a day of 25 hours has 25 of them and one
     * of 23 has 23. Any other local time is met exactly once a day: what falls into the hour that a clock change leaves out is due
     * as much later as the clock jumps, and of two equal local times the first counts.
     *
     * @param expression minute, hour, day of month, month, day of week as crontab(5) has them; 0 and 7 are Sunday
     * @param zone whose local time it is
     */
    record Cron(String expression, ZoneId zone) implements Trigger {
        public Cron {
            requireNonNull(expression, "expression");
            requireNonNull(zone, "zone");
        }
    }

    /**
     * At every multiple of a time span since 1970-01-01T00:00Z, so that a divisor of a day is aligned with UTC midnight.
     *
     * @param span whole seconds, one minute to 366 days
     * @param offset how much later than the multiple; from 0 to less than the span
     */
    record Every(Duration span, Duration offset) implements Trigger {
        public Every {
            if (span.compareTo(Duration.ofMinutes(1)) < 0
                    || span.compareTo(Duration.ofDays(366)) > 0
                    || span.getNano() != 0) {
                throw new IllegalArgumentException("every must be whole seconds, one minute to 366 days, was " + span);
            }
            if (offset.isNegative() || offset.compareTo(span) >= 0 || offset.getNano() != 0) {
                throw new IllegalArgumentException(
                        "offset must be whole seconds from 0 to less than " + span + ", was " + offset);
            }
        }
    }

    /**
     * Once.
     *
     * @param at when, whole seconds
     */
    record Once(Instant at) implements Trigger {
        public Once {
            if (at.getNano() != 0) {
                throw new IllegalArgumentException("once must be whole seconds, was " + at);
            }
        }
    }
}
