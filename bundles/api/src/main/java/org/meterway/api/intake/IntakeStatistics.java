// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

/**
 * Intake's counters since it started.
 *
 * @param messagesAccepted messages made durable
 * @param messagesRejected messages refused because they are wrong
 * @param messagesBusy messages turned away because intake was full or the store failing
 * @param messagesUnsettled durable messages not yet folded into profiles
 * @param readingsAccepted readings in accepted messages
 * @param readingsDurable readings committed by the store
 * @param readingsRejected readings refused
 * @param readingsDuplicate accepted readings whose key was already there
 * @param readingsConflicting those of the duplicates that brought another value; the first value stays
 * @param readingsPerSecond durable readings per second, over the last ten seconds
 */
public record IntakeStatistics(
        long messagesAccepted,
        long messagesRejected,
        long messagesBusy,
        long messagesUnsettled,
        long readingsAccepted,
        long readingsDurable,
        long readingsRejected,
        long readingsDuplicate,
        long readingsConflicting,
        double readingsPerSecond) {}
