// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

/**
 * A message with its place in the order of acceptance.
 *
 * @param sequence its number, positive
 * @param message the message; of a settled one the list of readings may be empty, they are in the profiles
 * @param days the days of its readings, also when the list is empty
 */
public record StoredMessage(long sequence, Message message, DaySpan days) {
    public StoredMessage {
        requireNonNull(message, "message");
        requireNonNull(days, "days");
    }

    /** A message that has all its readings. */
    public StoredMessage(long sequence, Message message) {
        this(sequence, message, DaySpan.of(message.readings()));
    }
}
