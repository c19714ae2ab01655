// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import java.util.concurrent.CompletionStage;
import org.meterway.api.codec.Frame;
import org.osgi.annotation.versioning.ProviderType;

/** Takes frames in: decodes, validates, makes durable. Thread-safe. */
@ProviderType
public interface Intake {
    /**
     * Takes one frame. Decodes on the caller's thread, never waits for the disk.
     *
     * @return completes normally only when message and readings are durable: answer the meter then, and not before. Completes
     *     exceptionally with {@link org.meterway.api.codec.FrameRejectedException} if the frame is wrong (the meter should not
     *     repeat it), or with {@link IntakeBusyException} if it could not be made durable now (the meter should repeat it). Runs
     *     on the committer's thread: hand long work on.
     */
    CompletionStage<Receipt> accept(Frame frame);

    /** Counters since the gateway started. */
    IntakeStatistics statistics();
}
