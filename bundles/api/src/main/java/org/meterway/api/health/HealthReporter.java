// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.health;

import org.osgi.annotation.versioning.ConsumerType;

/** Says how a part of the gateway is. Registered as a service. */
@ConsumerType
@FunctionalInterface
public interface HealthReporter {
    /** The condition now. Thread-safe, quick, never blocks on disk or network. */
    Health health();
}
