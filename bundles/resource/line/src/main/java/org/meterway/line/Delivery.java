// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Intake;
import org.meterway.api.line.Dialogue;
import org.meterway.api.meter.Meter;
import org.meterway.api.reading.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a meter's frames to intake and makes its answer of it: no answer before they are durable. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private Delivery() {}

    static void deliver(LineServices services, Meter meter, Dialogue.Done done, CompletableFuture<Answer> future) {
        Instant now = services.now();
        List<Frame> frames = done.frames().stream()
                .map(frame -> new Frame(
                        meter.id(), LineChannel.NAME, frame.contentType(), frame.target(), now, frame.bytes()))
                .toList();
        if (frames.isEmpty()) {
            future.complete(done.answer());
            return;
        }
        Intake intake = services.intake;
        if (intake == null) {
            future.completeExceptionally(new MeterUnavailableException(
                    "meter " + meter.id() + " answered, but intake is not running: nothing was kept"));
            return;
        }
        Answer answer = withValues(services, meter, done.answer(), frames);
        List<CompletableFuture<?>> durable = new ArrayList<>();
        frames.forEach(frame -> durable.add(intake.accept(frame).toCompletableFuture()));
        CompletableFuture.allOf(durable.toArray(new CompletableFuture<?>[0])).whenComplete((kept, failure) -> {
            if (failure == null) {
                future.complete(answer);
            } else {
                refuse(meter, answer, failure, future);
            }
        });
    }

    private static void refuse(Meter meter, Answer answer, Throwable failure, CompletableFuture<Answer> future) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof FrameRejectedException) {
            future.complete(new Answer(
                    false,
                    "5.02", // Bad Gateway: the meter's answer is not what it must be
                    "the answer cannot be decoded: " + cause.getMessage(),
                    answer.values(),
                    answer.links()));
        } else {
            future.completeExceptionally(new MeterUnavailableException(
                    "meter " + meter.id() + " answered, but it cannot be stored now: " + cause.getMessage(), cause));
        }
    }

    /** What the codec makes of the frames, where the protocol did not say it itself. */
    private static Answer withValues(LineServices services, Meter meter, Answer answer, List<Frame> frames) {
        if (!answer.success() || !answer.values().isEmpty()) {
            return answer;
        }
        Map<String, List<Reading>> byCode = new LinkedHashMap<>();
        for (Frame frame : frames) {
            decode(services, meter, frame).forEach(reading -> byCode.computeIfAbsent(
                            reading.quantity().obis().toString(), ignored -> new ArrayList<>())
                    .add(reading));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        byCode.forEach((code, readings) -> values.put(code, value(readings)));
        return new Answer(true, answer.code(), answer.text(), values, answer.links());
    }

    private static List<Reading> decode(LineServices services, Meter meter, Frame frame) {
        Optional<Codec> codec = services.codec(frame.contentType());
        try {
            return codec.isEmpty()
                    ? List.of()
                    : codec.get()
                            .decode(frame, new MeterContext(services, Optional.of(meter)))
                            .readings();
        } catch (FrameRejectedException e) {
            LOG.debug("intake will say the same of {}", frame, e);
        } catch (RuntimeException e) {
            LOG.error("codec {} failed with {}", codec.get().name(), frame, e);
        }
        return List.of();
    }

    /** One value as it is; several by their times. */
    private static Object value(List<Reading> readings) {
        if (readings.size() == 1) {
            return readings.get(0).value();
        }
        Map<String, Object> byTime = new LinkedHashMap<>();
        readings.forEach(reading -> byTime.put(reading.start().toString(), reading.value()));
        return byTime;
    }
}
