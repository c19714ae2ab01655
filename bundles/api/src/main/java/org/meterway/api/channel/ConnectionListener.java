// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import org.osgi.annotation.versioning.ConsumerType;

/** Wants to hear at once when a meter comes, goes, wakes or falls asleep. Registered as a service; told by channels that know. */
@ConsumerType
@FunctionalInterface
public interface ConnectionListener {
    /**
     * A meter stands differently with a channel, or was heard of again. Called on the channel's threads, possibly at a high rate and
     * not in order: return at once.
     *
     * @param meter id of the meter
     * @param state how it stands now
     */
    void changed(String meter, Connection.State state);
}
