// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;

/** A command for a meter, waiting for the line or on it. */
final class MeterOrder implements Order {
    private final Line line;
    private final Meter meter;
    private final LineAddress address;
    private final Command command;
    private final long deadline;
    private final CompletableFuture<Answer> future = new CompletableFuture<>();

    /** @param deadline by the line's clock of nanoseconds */
    MeterOrder(Line line, Meter meter, LineAddress address, Command command, long deadline) {
        this.line = line;
        this.meter = meter;
        this.address = address;
        this.command = command;
        this.deadline = deadline;
    }

    /** The answer; a {@link MeterUnavailableException} when none came in time. */
    CompletableFuture<Answer> answer() {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        future.orTimeout(command.timeout().toNanos(), TimeUnit.NANOSECONDS).whenComplete((value, failure) -> {
            if (failure instanceof TimeoutException) {
                answer.completeExceptionally(
                        unavailable("did not answer within " + command.timeout().toMillis() + " ms"
                                + (line.open() ? "" : ": the line has no port, " + line.trouble())));
            } else if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(value);
            }
        });
        return answer;
    }

    @Override
    public String owner() {
        return meter.id();
    }

    @Override
    public boolean over() {
        return future.isDone();
    }

    @Override
    public void refuse(String reason) {
        future.completeExceptionally(unavailable(reason));
    }

    private MeterUnavailableException unavailable(String reason) {
        return new MeterUnavailableException("meter " + meter.id() + " on line " + line.name() + " " + reason);
    }

    @Override
    public void run(Transport transport) throws IOException {
        Optional<Instant> skipped = line.skipped(meter.id(), address);
        if (skipped.isPresent()) {
            refuse("is silent and is not asked again before " + skipped.get());
            return;
        }
        Optional<LineProtocol> protocol = line.services().protocol(address.protocol());
        if (protocol.isEmpty()) {
            refuse("cannot be asked: the protocol " + address.protocol() + " is not installed");
            return;
        }
        Dialogue dialogue;
        try {
            dialogue = protocol.get().dialogue(command, address, new MeterContext(line.services(), Optional.of(meter)));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
            return;
        }
        Outcome outcome;
        try {
            outcome = line.exchange(transport, dialogue, protocol.get().settings(), deadline);
        } catch (IOException e) {
            refuse("cannot be reached: " + e.getMessage());
            throw e;
        }
        if (outcome instanceof Outcome.Answered answered) {
            line.answered(meter.id());
            Delivery.deliver(line.services(), meter, answered.done(), future);
        } else if (outcome instanceof Outcome.Broken broken) {
            line.broken();
            refuse("did not answer as it must: " + broken.reason());
        } else if (outcome instanceof Outcome.Silent silent) {
            line.silent(meter.id(), silent.reason());
            refuse("does not answer: " + silent.reason());
        }
    }
}
