// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.event;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The gateway's recent events. Thread-safe; publishing never blocks and never fails. */
@ProviderType
public interface Events {
    /** Publishes an event that concerns no single meter. */
    void publish(String type, Event.Severity severity, String text);

    /** Publishes an event about a meter. */
    void publish(String type, Event.Severity severity, String meter, String text);

    /**
     * Events still remembered, oldest first.
     *
     * @param after only those with a higher id; 0 for all
     * @param limit at most so many, the newest of them
     */
    List<Event> recent(long after, int limit);
}
