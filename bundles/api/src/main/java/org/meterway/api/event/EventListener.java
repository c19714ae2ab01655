// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/** Wants to hear of every event. Registered as a service. */
@ConsumerType
@FunctionalInterface
public interface EventListener {
    /** Called once per event, in order, on a thread of the events service: return quickly. What it throws is logged. */
    void happened(Event event);
}
