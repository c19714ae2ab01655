// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The plans there are. The one owner of that knowledge; thread-safe. Changes are durable when the method returns and throw {@link
 * org.meterway.api.store.StoreException} when the store fails, with nothing changed.
 */
@ProviderType
public interface Plans {
    /** All plans, by id. */
    List<Plan> plans();

    Optional<Plan> find(String id);

    /**
     * Creates or replaces a plan. From then on work becomes due by the new version; orders of due times before now go on as they were.
     *
     * @param plan its version is that of the plan it replaces, or 0 to replace any
     * @return the plan as it is kept, with its new version; unchanged if it changes nothing
     * @throws PlanRefusedException if it is wrong or in conflict with what is there
     */
    Plan put(Plan plan) throws PlanRefusedException;

    /** Removes a plan; its orders that are not done are cancelled. Returns whether it was there. */
    boolean remove(String id);

    /** The next due times after a moment, at most so many; fewer if there are no more. */
    List<Instant> next(Plan plan, Instant after, int limit);
}
