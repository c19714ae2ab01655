// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Decodes kept messages again with the codecs there are now: first to see what would change, then to change it. One replay runs at
 * a time, in the background; the last sixteen are remembered until the gateway stops. Thread-safe.
 */
@ProviderType
public interface Replays {
    /**
     * Begins a preview; with {@link ReplayRequest#apply} it is applied when it is done.
     *
     * @throws IllegalArgumentException if the model is not known
     * @throws IllegalStateException if another replay runs
     */
    ReplayStatus start(ReplayRequest request);

    /** How a replay is. */
    Optional<ReplayStatus> replay(long id);

    /** All remembered, the newest first. */
    List<ReplayStatus> replays();

    /**
     * The differences a preview found, in the order of messages, the first 50,000 of them.
     *
     * @param after how many to leave out, 0 or more
     * @param limit at most so many, positive
     */
    List<Difference> differences(long id, int after, int limit);

    /**
     * Begins to apply a preview. What it changes is kept as superseded; done twice it changes nothing more, so that a replay that
     * broke off is simply started again.
     *
     * @throws IllegalArgumentException if there is no such replay
     * @throws IllegalStateException if it is not previewed, another one runs, or the codecs have changed since
     */
    ReplayStatus applyReplay(long id);

    /** Ends a replay that runs; what is applied by then stays applied. Returns whether it ran. */
    boolean cancelReplay(long id);
}
