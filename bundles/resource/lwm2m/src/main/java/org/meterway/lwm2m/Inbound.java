// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;

/** Hands frames to whatever intake is there now; without one, intake is busy. Thread-safe. */
final class Inbound {
    static final String NAME = "lwm2m";
    private static final Duration WITHOUT_INTAKE = Duration.ofSeconds(10);

    private final Supplier<@Nullable Intake> intake;
    private final AppData appData;

    Inbound(Supplier<@Nullable Intake> intake, AppData appData) {
        this.intake = intake;
        this.appData = appData;
    }

    /**
     * Takes in a frame, and after it the raw frames it carries in object 19. Completes when all are durable; a raw frame that its
     * codec refuses is parked by intake and no reason for the meter to repeat anything.
     */
    CompletionStage<Receipt> accept(Frame frame) {
        List<Frame> carried = appData.in(frame);
        if (carried.isEmpty()) {
            return take(frame);
        }
        CompletionStage<Receipt> all =
                AppData.isContent(frame) ? CompletableFuture.completedFuture(new Receipt(0, 0)) : take(frame);
        for (Frame each : carried) {
            all = all.thenCompose(receipt -> take(each).handle((taken, failure) -> {
                if (failure != null && !(cause(failure) instanceof FrameRejectedException)) {
                    throw new CompletionException(cause(failure));
                }
                return receipt;
            }));
        }
        return all;
    }

    /** As {@link Intake#accept}, and what a broken intake throws completes the stage as well. */
    private CompletionStage<Receipt> take(Frame frame) {
        Intake now = intake.get();
        if (now == null) {
            return CompletableFuture.failedFuture(new IntakeBusyException("no intake is running", WITHOUT_INTAKE));
        }
        try {
            return now.accept(frame);
        } catch (RuntimeException broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    boolean present() {
        return intake.get() != null;
    }

    /** What a stage failed with, without the wrapping. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
