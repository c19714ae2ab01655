// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import static java.util.Objects.requireNonNull;

/**
 * The last invocation counters accepted of one originator.
 *
 * @param meter id of the meter
 * @param originator who counts, at most 64 characters
 * @param counter highest accepted, −1 if none
 * @param late highest of those that were accepted late, in frames decoded after they had been parked; −1 if none
 */
public record LastInvocation(String meter, String originator, long counter, long late) {
    public LastInvocation {
        requireNonNull(meter, "meter");
        requireNonNull(originator, "originator");
    }
}
