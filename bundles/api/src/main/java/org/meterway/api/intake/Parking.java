// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import java.util.List;
import java.util.Optional;
import org.meterway.api.store.ParkedFrame;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Frames that no codec could decode yet: those for whose content type there is none, and those that their codec refused. They are
 * kept and tried again when another codec comes. Thread-safe; throws {@link org.meterway.api.store.StoreException} when the store
 * fails.
 */
@ProviderType
public interface Parking {
    /**
     * Parked frames, the newest first.
     *
     * @param meter only those of this meter, empty for all
     * @param before only those with a lower number
     * @param limit at most so many, positive; fewer when they are large
     */
    List<ParkedFrame> parked(Optional<String> meter, long before, int limit);

    /** How many there are and what became of others. */
    ParkingStatistics parkingStatistics();

    /**
     * Has parked frames tried again soon, also by the codec that refused them: after a key was entered, for example.
     *
     * @param meter only those of this meter, empty for all
     */
    void retryParked(Optional<String> meter);

    /**
     * Gives a parked frame up: it is not tried any more. A message that was accepted stays kept, and a replay may still decode it.
     *
     * @return whether it was parked
     */
    boolean forgetParked(long number);
}
