// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.meterway.api.codec.Frame;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Receipt;

/** An intake whose commits the test decides. */
final class TestIntake implements Intake {
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    volatile Function<Frame, CompletionStage<Receipt>> answer =
            frame -> CompletableFuture.completedFuture(new Receipt(1, 1));

    @Override
    public CompletionStage<Receipt> accept(Frame frame) {
        Function<Frame, CompletionStage<Receipt>> now = answer;
        frames.add(frame);
        return now.apply(frame);
    }

    Frame next() throws InterruptedException {
        Frame frame = frames.poll(10, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame came within 10 s");
        }
        return frame;
    }

    @Override
    public IntakeStatistics statistics() {
        return new IntakeStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
