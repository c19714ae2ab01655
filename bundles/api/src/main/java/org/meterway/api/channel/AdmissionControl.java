// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides who may register now. Registered as a service and asked by channels before they do the work of a registration; where there
 * is none, everybody may.
 */
@ConsumerType
@FunctionalInterface
public interface AdmissionControl {
    /**
     * Asks for a meter. Thread-safe, quick, never blocks.
     *
     * @param endpoint the LwM2M endpoint name it registers under; not proven yet
     * @return empty if it may register now; else after what time it is to try again, at least one second
     */
    Optional<Duration> admit(String endpoint);
}
