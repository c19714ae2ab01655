// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Rehearses plans: carries them out in virtual time against what was learned of each meter's link. Thread-safe. */
@ProviderType
public interface Rehearsals {
    /**
     * Rehearses the next run of a plan, with the other plans that are due meanwhile. Takes up to seconds; sends nothing.
     *
     * @throws IllegalArgumentException if there is no such plan or it is not due any more
     */
    Forecast rehearse(String plan);

    /** The latest forecasts of a plan since the gateway started, the latest due first, one a due time; at most 20. */
    List<Forecast> forecasts(String plan);
}
