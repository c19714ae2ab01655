// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * How a replay is.
 *
 * @param id its number, from 1
 * @param request what was asked for
 * @param state where it stands
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param progress of the preview, or of applying, from 0 to 1
 * @param frames messages decoded again
 * @param rejected messages that the codec refuses now: their values stay
 * @param undecodable messages for which there is no codec: their values stay
 * @param same values that are as before
 * @param changed values that differ
 * @param added values that were not there
 * @param vanished values that are not found any more
 * @param differences how many differences are kept to be looked at; fewer than there are when there are many
 * @param failure what went wrong, empty if nothing did
 */
public record ReplayStatus(
        long id,
        ReplayRequest request,
        State state,
        Instant startedAt,
        Optional<Instant> endedAt,
        double progress,
        long frames,
        long rejected,
        long undecodable,
        long same,
        long changed,
        long added,
        long vanished,
        int differences,
        String failure) {
    public ReplayStatus {
        requireNonNull(request, "request");
        requireNonNull(state, "state");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        requireNonNull(failure, "failure");
    }

    /** Where a replay stands. */
    public enum State {
        PREVIEWING,
        /** The differences are known and can be applied. */
        PREVIEWED,
        APPLYING,
        APPLIED,
        CANCELLED,
        FAILED;

        /** Whether it is at work. */
        public boolean isRunning() {
            return this == PREVIEWING || this == APPLYING;
        }
    }
}
