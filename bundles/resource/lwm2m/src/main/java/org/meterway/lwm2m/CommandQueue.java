// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.exception.ClientSleepingException;
import org.eclipse.leshan.core.request.exception.TimeoutException;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.queue.PresenceListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.MeterUnavailableException;

/**
 * Requests on their way to meters: one at a time per meter (RFC 7252, 4.7: NSTART is 1), those of a sleeping meter when it wakes,
 * each until its time is up. Keeps something per meter only while something waits. Thread-safe; never blocks.
 */
final class CommandQueue implements PresenceListener, RegistrationListener {
    private static final int UNSUPPORTED_FORMAT = 415;
    private static final int NOT_ACCEPTABLE = 406;

    private final LeshanServer leshan;
    private final Registrations registrations;
    private final ScheduledExecutorService timer;
    private final Counters counters;
    private final int mostPerMeter;
    private final int mostInAll;
    private volatile boolean closed;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();

    CommandQueue(
            LeshanServer leshan,
            Registrations registrations,
            ScheduledExecutorService timer,
            Counters counters,
            int mostPerMeter,
            int mostInAll) {
        this.leshan = leshan;
        this.registrations = registrations;
        this.timer = timer;
        this.counters = counters;
        this.mostPerMeter = mostPerMeter;
        this.mostInAll = mostInAll;
    }

    /** How many requests wait or are on their way. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Sends a request when it is its turn.
     *
     * @param variants the same request in the content formats to try, the preferred one first: the next is tried when the meter
     *     says that it does not know a format (4.15, 4.06)
     * @return completes with the meter's response, or with {@link MeterUnavailableException}
     */
    CompletionStage<LwM2mResponse> send(
            String meter, List<? extends DownlinkDeviceManagementRequest<?>> variants, Duration timeout) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new MeterUnavailableException(meter + " cannot be reached: the LwM2M channel stops"));
        }
        Pending pending = new Pending(meter, variants, timeout);
        if (waiting.incrementAndGet() > mostInAll) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new MeterUnavailableException(meter + ": " + mostInAll + " commands wait already in all"));
        }
        pending.result.whenComplete((response, failure) -> waiting.decrementAndGet());
        boolean[] full = new boolean[1];
        lines.compute(meter, (key, line) -> {
            Line into = line == null ? new Line() : line;
            if (into.waiting.size() >= mostPerMeter) {
                full[0] = true;
            } else {
                into.waiting.add(pending);
            }
            return into;
        });
        if (full[0]) {
            pending.fail("has " + mostPerMeter + " commands waiting already");
            return pending.result;
        }
        pending.expiry = timer.schedule(pending::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
        counters.commands.increment();
        advance(meter);
        return pending.result;
    }

    /** Sends the next request of a meter if none is under way and the meter listens. */
    private void advance(String meter) {
        Optional<Registration> registration = registrations.ofMeter(meter);
        Pending[] next = new Pending[1];
        List<Pending> hopeless = new ArrayList<>();
        lines.computeIfPresent(meter, (key, line) -> {
            if (line.underWay != null && !line.underWay.result.isDone()) {
                return line;
            }
            line.underWay = null;
            line.waiting.removeIf(each -> each.result.isDone());
            if (registration.isEmpty()) {
                hopeless.addAll(line.waiting);
                return null;
            }
            if (line.waiting.isEmpty()) {
                return null;
            }
            if (listens(registration.get())) {
                line.underWay = line.waiting.poll();
                next[0] = line.underWay;
            }
            return line;
        });
        hopeless.forEach(each -> each.fail("is not registered"));
        if (next[0] != null) {
            Pending pending = next[0];
            pending.result.whenComplete((response, failure) -> later(meter));
            attempt(pending, registration.get(), 0);
        }
    }

    /** On another thread, so that a long line does not become a deep stack. */
    private void later(String meter) {
        if (!closed) {
            timer.execute(() -> advance(meter));
        }
    }

    private boolean listens(Registration registration) {
        return !registration.usesQueueMode() || leshan.getPresenceService().isClientAwake(registration);
    }

    private void attempt(Pending pending, Registration registration, int variant) {
        try {
            dispatch(pending, registration, pending.variants.get(variant), variant);
        } catch (ClientSleepingException asleep) {
            pending.fail("fell asleep");
        } catch (RuntimeException wrong) {
            pending.result.completeExceptionally(
                    new IllegalArgumentException(pending.meter + ": " + wrong.getMessage(), wrong));
        }
    }

    private <T extends LwM2mResponse> void dispatch(
            Pending pending, Registration registration, DownlinkDeviceManagementRequest<T> request, int variant) {
        long remaining = Math.max(1, TimeUnit.NANOSECONDS.toMillis(pending.deadline - System.nanoTime()));
        leshan.send(
                registration,
                request,
                remaining,
                response -> {
                    int code = response.getCode().getCode();
                    boolean otherFormat = code == UNSUPPORTED_FORMAT || code == NOT_ACCEPTABLE;
                    if (otherFormat && variant + 1 < pending.variants.size()) {
                        attempt(pending, registration, variant + 1);
                    } else {
                        pending.result.complete(response);
                    }
                },
                failure -> {
                    if (failure instanceof TimeoutException) {
                        pending.expire();
                    } else {
                        pending.fail("gave no usable answer: " + failure.getMessage(), failure);
                    }
                });
    }

    @Override
    public void onAwake(Registration registration) {
        advance(Gatekeeper.meterOf(registration));
    }

    @Override
    public void onSleeping(Registration registration) {
        // What waits goes on waiting.
    }

    @Override
    public void registered(
            Registration registration,
            @Nullable Registration previous,
            @Nullable Collection<Observation> observations) {
        advance(Gatekeeper.meterOf(registration));
    }

    @Override
    public void updated(RegistrationUpdate update, Registration registration, Registration previous) {
        advance(Gatekeeper.meterOf(registration));
    }

    @Override
    public void unregistered(
            Registration registration,
            @Nullable Collection<Observation> observations,
            boolean expired,
            @Nullable Registration next) {
        if (next == null) {
            advance(Gatekeeper.meterOf(registration));
        }
    }

    /** Ends whatever waits. */
    void close() {
        closed = true;
        List<Pending> all = new ArrayList<>();
        lines.keySet()
                .forEach(meter -> lines.computeIfPresent(meter, (key, line) -> {
                    all.addAll(line.waiting);
                    if (line.underWay != null) {
                        all.add(line.underWay);
                    }
                    return null;
                }));
        all.forEach(each -> each.fail("cannot be reached: the LwM2M channel stops"));
    }

    private static final class Line {
        private final Deque<Pending> waiting = new ArrayDeque<>(2);
        private @Nullable Pending underWay;
    }

    private final class Pending {
        private final String meter;
        private final List<? extends DownlinkDeviceManagementRequest<?>> variants;
        private final Duration timeout;
        private final long deadline;
        private final CompletableFuture<LwM2mResponse> result = new CompletableFuture<>();
        private volatile @Nullable ScheduledFuture<?> expiry;

        Pending(String meter, List<? extends DownlinkDeviceManagementRequest<?>> variants, Duration timeout) {
            this.meter = meter;
            this.variants = List.copyOf(variants);
            this.timeout = timeout;
            this.deadline = System.nanoTime() + timeout.toNanos();
            result.whenComplete((response, failure) -> {
                ScheduledFuture<?> task = expiry;
                if (task != null) {
                    task.cancel(false);
                }
            });
        }

        void expire() {
            if (fail("gave no answer within " + timeout.toMillis() + " ms")) {
                advance(meter);
            }
        }

        boolean fail(String what) {
            return fail(what, null);
        }

        boolean fail(String what, @Nullable Throwable cause) {
            boolean first = result.completeExceptionally(new MeterUnavailableException(meter + " " + what, cause));
            if (first) {
                counters.commandsUnanswered.increment();
            }
            return first;
        }
    }
}
