// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How a meter stands with a channel.
 *
 * @param channel name of the channel
 * @param state whether it can be reached
 * @param address where it last came from, for example {@code 127.0.0.1:40000}
 * @param lastSeen when its last message came
 */
public record Connection(String channel, State state, String address, Instant lastSeen) {
    public Connection {
        requireNonNull(channel, "channel");
        requireNonNull(state, "state");
        requireNonNull(address, "address");
        requireNonNull(lastSeen, "lastSeen");
    }

    /** Whether a meter can be reached. */
    public enum State {
        /** Can be sent commands now. */
        REGISTERED,
        /** Registered in queue mode and asleep: commands wait. */
        ASLEEP,
        /** Was seen, cannot be reached by itself now. */
        UNREGISTERED
    }
}
