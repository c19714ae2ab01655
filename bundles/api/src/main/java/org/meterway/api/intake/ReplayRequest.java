// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Which messages are decoded again.
 *
 * @param meter only those of this meter
 * @param model only those of meters of this device model
 * @param from only those received then or later
 * @param to only those received before
 * @param apply whether to apply the differences without being asked again
 * @param who asks for it, kept with every value superseded
 * @param why, likewise
 */
public record ReplayRequest(
        Optional<String> meter,
        Optional<String> model,
        Optional<Instant> from,
        Optional<Instant> to,
        boolean apply,
        String who,
        String why) {
    public ReplayRequest {
        requireNonNull(meter, "meter");
        requireNonNull(model, "model");
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(who, "who");
        requireNonNull(why, "why");
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw new IllegalArgumentException("from (" + from.get() + ") must be before to (" + to.get() + ")");
        }
    }
}
