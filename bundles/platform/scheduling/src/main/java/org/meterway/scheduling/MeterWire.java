// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Command.Operation;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.order.Order;
import org.meterway.api.plan.Action;
import org.meterway.scheduling.dispatch.Outcome;
import org.meterway.scheduling.dispatch.Standing;
import org.meterway.scheduling.dispatch.Task;
import org.meterway.scheduling.dispatch.Wire;

/** The channels as the dispatcher's wire. Never blocks; no thread waits for a meter. */
final class MeterWire implements Wire {
    /** Name of the channel that asks meters on lines; they do not register. */
    static final String LINE = "line";

    private static final Duration LONGEST = Duration.ofDays(1);
    /** The channel's own time-out comes first; this ends an order whose channel forgot it. */
    private static final long GRACE_MILLIS = 5_000;

    private final Roster roster;
    private final Supplier<Collection<Channel>> channels;
    private final Supplier<@Nullable DeviceModels> models;
    private final OrderLog log;
    private final Clock clock;
    private final Executor loop;
    private final Host host;

    /** Where answers go, and what an order looks like from outside. */
    interface Host {
        void answered(Task task, Outcome outcome);

        Order order(Task task);
    }

    /** @param loop runs on the dispatcher's thread */
    MeterWire(
            Roster roster,
            Supplier<Collection<Channel>> channels,
            Supplier<@Nullable DeviceModels> models,
            OrderLog log,
            Clock clock,
            Executor loop,
            Host host) {
        this.roster = roster;
        this.channels = channels;
        this.models = models;
        this.log = log;
        this.clock = clock;
        this.loop = loop;
        this.host = host;
    }

    @Override
    public Standing standing(int index) {
        Meter meter = roster.meter(index);
        return meter == null ? Standing.GONE : standing(meter);
    }

    Standing standing(Meter meter) {
        Standing best = Standing.GONE;
        for (Channel channel : channels.get()) {
            Standing standing = standing(channel, meter);
            if (standing == Standing.READY) {
                return standing;
            }
            best = standing == Standing.ASLEEP ? standing : best;
        }
        return best;
    }

    private static Standing standing(Channel channel, Meter meter) {
        if (channel.name().equals(LINE)) {
            return meter.line().isPresent() ? Standing.READY : Standing.GONE;
        }
        return channel.connection(meter.id())
                .map(Connection::state)
                .map(state -> switch (state) {
                    case REGISTERED -> Standing.READY;
                    case ASLEEP -> Standing.ASLEEP;
                    case UNREGISTERED -> Standing.GONE;
                })
                .orElse(Standing.GONE);
    }

    @Override
    public void send(Task task, int timeoutMillis) {
        Action action = (Action) task.job().work();
        Meter meter = roster.meter(task.meter());
        DeviceModels known = models.get();
        Channel channel = meter == null ? null : channel(meter);
        if (meter == null || known == null || channel == null) {
            answered(task, new Outcome(Outcome.Kind.NOT_SENT, "no channel reaches the meter now"));
            return;
        }
        Duration timeout = Duration.ofMillis(timeoutMillis);
        Steps steps = new Steps(meter, channel, known, timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Command> commands;
        try {
            commands = steps.of(action, Instant.ofEpochMilli(task.batch().due()), now);
        } catch (IllegalArgumentException wrong) {
            answered(task, new Outcome(Outcome.Kind.REFUSED, String.valueOf(wrong.getMessage())));
            return;
        }
        if (!action.sideEffects()) {
            carryOut(task, meter.id(), channel, steps, commands, lenient(action), timeoutMillis);
            return;
        }
        // Written ahead: an order that may have been sent is never sent again, not even after a crash.
        log.mark(host.order(task), failure -> {
            if (failure == null) {
                carryOut(task, meter.id(), channel, steps, commands, false, timeoutMillis);
            } else {
                answered(task, new Outcome(Outcome.Kind.NOT_SENT, failure));
            }
        });
    }

    private @Nullable Channel channel(Meter meter) {
        for (Channel channel : channels.get()) {
            if (standing(channel, meter) == Standing.READY) {
                return channel;
            }
        }
        return null;
    }

    /** Whether some registers may be missing: what to read was not named. */
    private static boolean lenient(Action action) {
        return action instanceof Action.ReadRegisters read && read.registers().isEmpty()
                || action instanceof Action.ReadProfile profile
                        && profile.registers().isEmpty();
    }

    private void carryOut(
            Task task,
            String meter,
            Channel channel,
            Steps steps,
            List<Command> commands,
            boolean lenient,
            int timeoutMillis) {
        CompletableFuture<Outcome> result;
        try {
            result = all(channel, steps, commands, lenient).toCompletableFuture();
        } catch (RuntimeException broken) {
            result = CompletableFuture.failedFuture(broken);
        }
        long patience = (long) timeoutMillis * commands.size() + GRACE_MILLIS;
        result.orTimeout(patience, TimeUnit.MILLISECONDS)
                .whenComplete((outcome, failure) -> answered(task, failure == null ? outcome : failed(meter, failure)));
    }

    /** One command after the other, until one of them gets no answer. */
    private CompletionStage<Outcome> all(Channel channel, Steps steps, List<Command> commands, boolean lenient) {
        CompletionStage<List<Outcome>> chain = CompletableFuture.completedFuture(new ArrayList<>());
        for (Command command : commands) {
            chain = chain.thenCompose(before -> {
                boolean stop = before.stream().anyMatch(each -> each.kind() == Outcome.Kind.BUSY)
                        || !lenient && before.stream().anyMatch(each -> each.kind() != Outcome.Kind.DONE);
                if (stop) {
                    return CompletableFuture.completedFuture(before);
                }
                return one(channel, steps, command, lenient).thenApply(outcome -> {
                    before.add(outcome);
                    return before;
                });
            });
        }
        return chain.thenApply(outcomes -> together(outcomes, lenient));
    }

    private CompletionStage<Outcome> one(Channel channel, Steps steps, Command command, boolean lenient) {
        CompletionStage<Outcome> outcome = channel.send(command).thenApply(answer -> outcome(command, answer));
        if (command.operation() != Operation.READ_COMPOSITE) {
            return outcome;
        }
        // Optional in LwM2M 1.1 and unknown in 1.0: what cannot be read together is read one by one.
        return outcome.handle((together, failure) -> {
                    Throwable cause = cause(failure);
                    boolean singly = cause instanceof IllegalArgumentException
                            || together != null && together.kind() == Outcome.Kind.REFUSED;
                    if (singly) {
                        return all(channel, steps, steps.singly(command.paths(), java.util.Map.of()), lenient);
                    }
                    return cause == null
                            ? CompletableFuture.completedFuture(together)
                            : CompletableFuture.<Outcome>failedFuture(cause);
                })
                .thenCompose(stage -> stage);
    }

    private static Outcome together(List<Outcome> outcomes, boolean lenient) {
        List<String> missing = outcomes.stream()
                .filter(each -> each.kind() != Outcome.Kind.DONE)
                .map(Outcome::reason)
                .toList();
        if (missing.isEmpty()) {
            return Outcome.DONE;
        }
        Outcome.Kind worst = outcomes.stream().anyMatch(each -> each.kind() == Outcome.Kind.BUSY)
                ? Outcome.Kind.BUSY
                : Outcome.Kind.REFUSED;
        boolean enough = lenient && worst == Outcome.Kind.REFUSED && missing.size() < outcomes.size();
        String reason = String.join("; ", missing);
        return new Outcome(enough ? Outcome.Kind.DONE : worst, enough ? "without " + reason : reason);
    }

    /** CoAP response codes (RFC 7252, 5.9): the server's own trouble and too many requests pass, what the client did wrong does not. */
    private static Outcome outcome(Command command, Answer answer) {
        if (answer.success()) {
            return Outcome.DONE;
        }
        boolean passes = answer.code().startsWith("5.") && !answer.code().equals("5.01")
                || answer.code().equals("4.29");
        String what = command.paths().size() == 1 ? command.paths().get(0) + " " : "";
        String text = answer.text().isBlank() ? "" : " " + answer.text();
        return new Outcome(passes ? Outcome.Kind.BUSY : Outcome.Kind.REFUSED, shortened(what + answer.code() + text));
    }

    private static Outcome failed(String meter, Throwable failure) {
        Throwable cause = cause(failure);
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof MeterUnavailableException) {
            return new Outcome(
                    Outcome.Kind.UNANSWERED,
                    shortened(text.startsWith(meter + " ") ? text.substring(meter.length() + 1) : text));
        }
        if (cause instanceof IllegalArgumentException) {
            return new Outcome(Outcome.Kind.REFUSED, shortened(text));
        }
        if (cause instanceof java.util.concurrent.TimeoutException) {
            return new Outcome(Outcome.Kind.UNANSWERED, "the channel gave no answer in time");
        }
        return new Outcome(Outcome.Kind.UNANSWERED, shortened("the channel failed: " + cause));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 199) + "…";
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private void answered(Task task, Outcome outcome) {
        loop.execute(() -> host.answered(task, outcome));
    }
}
