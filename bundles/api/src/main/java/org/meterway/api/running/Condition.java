// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.running;

/** How a meter is judged. */
public enum Condition {
    /** Answers as it should. */
    REACHABLE,
    /** Answers, but takes several times as long as others of its zone. */
    SLOW,
    /** One attempt in seven or more stays unanswered. */
    LOSSY,
    /** Registered and asleep; listens again when it wakes. */
    ASLEEP,
    /** Not registered, or silent several times in a row. */
    UNREACHABLE,
    /** Nothing is known of it yet. */
    UNKNOWN
}
