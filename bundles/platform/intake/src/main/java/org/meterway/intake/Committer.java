// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.store.Message;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.StoredMessage;
import org.meterway.intake.StoreLink.Arrival;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that appends messages to the store: takes all that is queued, commits it as one transaction, answers, and begins
 * again. While one commit is under way the next batch gathers, so batches grow with the load by themselves.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PAGE = 1_000;

    private final Limits limits;
    private final CommitQueue queue;
    private final StoreLink link;
    private final Unsettled unsettled;
    private final Outage outage;
    private final Counters counters;
    private final ParkingLot parking;
    private final InvocationGuard guard;
    private final Refusals refusals;
    private final Runnable committed;
    private final Thread thread = new Thread(this::run, "meterway-intake-commit");
    private volatile boolean stopping;
    private volatile List<CommitQueue.Item> underWay = List.of();
    /** Whether an append failed: then only an append that succeeds ends the outage. */
    private boolean appendFailed;
    /** The arrival worked with last. */
    private @Nullable Arrival seen;

    /** @param committed called after each commit, must return at once */
    Committer(
            Limits limits,
            CommitQueue queue,
            StoreLink link,
            Unsettled unsettled,
            Outage outage,
            Counters counters,
            ParkingLot parking,
            InvocationGuard guard,
            Refusals refusals,
            Runnable committed) {
        this.limits = limits;
        this.queue = queue;
        this.link = link;
        this.unsettled = unsettled;
        this.outage = outage;
        this.counters = counters;
        this.parking = parking;
        this.guard = guard;
        this.refusals = refusals;
        this.committed = committed;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Commits what is queued, then ends; what cannot be committed in time is answered busy. The queue must be closed. */
    void stop(Duration timeout) {
        stopping = true;
        queue.wake();
        join(thread, timeout);
        refuse(underWay, Committer::stopped);
        refuseQueued();
    }

    static void join(Thread thread, Duration timeout) {
        try {
            thread.join(Math.max(1, timeout.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} still waits for the store and is left behind", thread.getName());
        }
    }

    private static IntakeBusyException stopped() {
        return new IntakeBusyException("intake is stopping", Duration.ofSeconds(5));
    }

    private void run() {
        while (!stopping || queue.size() > 0) {
            try {
                step();
            } catch (RuntimeException | Error unexpected) {
                link.outOfStep();
                outage.failed("committing broke off: " + unexpected, unexpected);
            } finally {
                refuse(underWay, this::busy);
                underWay = List.of();
            }
        }
    }

    private void step() {
        Optional<ReadingStore> ready = link.ready();
        if (ready.isEmpty()) {
            ready = prepare();
        }
        if (ready.isEmpty()) {
            refuseQueued();
            queue.pause(POLL_NANOS);
            return;
        }
        List<CommitQueue.Item> batch =
                queue.take(limits.batchMessages(), limits.batchBytes(), TimeUnit.SECONDS.toNanos(1));
        if (!batch.isEmpty()) {
            underWay = batch;
            List<CommitQueue.Item> good = withoutReplays(batch);
            if (!good.isEmpty()) {
                commit(ready.get(), good);
            }
        }
    }

    /** Refuses the frames whose invocation counter is not above the last one accepted. */
    private List<CommitQueue.Item> withoutReplays(List<CommitQueue.Item> batch) {
        Map<List<String>, Long> live = new HashMap<>(0);
        Map<List<String>, Long> late = new HashMap<>(0);
        List<CommitQueue.Item> replays = new ArrayList<>(0);
        for (CommitQueue.Item item : batch) {
            Optional<Invocation> invocation = item.message().invocation();
            if (invocation.isPresent()) {
                String meter = item.message().frame().meter();
                Optional<FrameRejectedException> rejection = item.parked().isPresent()
                        ? guard.checkLate(
                                meter, invocation.get(), item.parked().get().invocations(), late)
                        : guard.check(meter, invocation.get(), live);
                if (rejection.isPresent()) {
                    replays.add(item);
                    refuse(item, rejection.get());
                }
            }
        }
        if (replays.isEmpty()) {
            return batch;
        }
        List<CommitQueue.Item> good = new ArrayList<>(batch);
        good.removeAll(replays);
        return good;
    }

    private void refuse(CommitQueue.Item item, FrameRejectedException why) {
        Message message = item.message();
        if (item.parked().isEmpty()) {
            refusals.refuse(message.frame(), message.codec(), message.codecVersion(), why);
        } else {
            LOG.warn("A parked frame is still refused: {}", why.getMessage());
        }
        item.receipt().completeExceptionally(why);
    }

    private void commit(ReadingStore store, List<CommitQueue.Item> batch) {
        List<Message> messages = new ArrayList<>(batch.size());
        for (CommitQueue.Item item : batch) {
            messages.add(item.message());
        }
        long first;
        try {
            first = store.append(messages);
        } catch (RuntimeException | LinkageError failure) {
            // A LinkageError is what a bundle that is being replaced throws.
            appendFailed = true;
            link.outOfStep();
            outage.failed("committing " + batch.size() + " messages: " + failure.getMessage(), failure);
            return;
        }
        appendFailed = false;
        List<Pending> pending = new ArrayList<>(batch.size());
        int readings = 0;
        for (int index = 0; index < batch.size(); index++) {
            CommitQueue.Item item = batch.get(index);
            readings += item.message().readings().size();
            pending.add(pending(
                    first + index, item.message(), item.blocks(), item.parked().isPresent()));
        }
        if (first > unsettled.highest()) {
            unsettled.add(pending);
        } else {
            LOG.warn("the store counts on from {}, expected more than {}: reading it anew", first, unsettled.highest());
            link.outOfStep();
        }
        counters.committed(batch.size(), readings);
        outage.worked();
        for (int index = 0; index < batch.size(); index++) {
            batch.get(index)
                    .receipt()
                    .complete(new Receipt(first + index, pending.get(index).readings()));
        }
        committed.run();
    }

    /** Gets in step with the store, if it is there and it is time to try. */
    private Optional<ReadingStore> prepare() {
        Optional<Arrival> present = link.present();
        if (present.isEmpty()) {
            if (seen != null && !outage.waiting()) {
                outage.missing();
            }
            return Optional.empty();
        }
        Arrival arrival = present.get();
        boolean arrived = arrival != seen;
        if (outage.waiting() && !arrived) {
            return Optional.empty();
        }
        seen = arrival;
        appendFailed &= !arrived;
        try {
            if (link.loaded().isEmpty()) {
                load(arrival);
            }
            if (!loadMore(arrival.store)) {
                return Optional.empty();
            }
        } catch (RuntimeException | LinkageError failure) {
            outage.failed("reading what is unsettled: " + failure.getMessage(), failure);
            return Optional.empty();
        }
        link.ready(arrival);
        if (!appendFailed) {
            outage.worked();
        }
        return link.ready();
    }

    /** Puts what is unsettled in the store in the place of what is in memory, as much as there is room for. */
    private void load(Arrival arrival) {
        ReadingStore store = arrival.store;
        link.settling.lock();
        try {
            List<Pending> all = new ArrayList<>();
            guard.load(store.invocations());
            parking.load(store.parkedEntries());
            long highest = store.settled();
            long readings = 0;
            List<Pending> page;
            do {
                page = page(store, highest);
                for (Pending pending : page) {
                    readings += pending.readings();
                    highest = pending.sequence();
                }
                all.addAll(page);
            } while (!page.isEmpty()
                    && all.size() < limits.unsettledMessages()
                    && readings < limits.unsettledReadings());
            unsettled.replace(all, highest);
            link.loaded(arrival);
            if (!all.isEmpty()) {
                LOG.info("{} messages in the store wait to be settled", all.size());
            }
        } finally {
            link.settling.unlock();
        }
    }

    /** Reads on as long as there is room. Returns whether all is read. */
    private boolean loadMore(ReadingStore store) {
        while (!unsettled.full()) {
            List<Pending> page = page(store, unsettled.highest());
            if (page.isEmpty()) {
                return true;
            }
            unsettled.add(page);
        }
        return false;
    }

    private List<Pending> page(ReadingStore store, long after) {
        return store.unsettled(after, PAGE).stream().map(this::pending).toList();
    }

    private Pending pending(StoredMessage stored) {
        Message message = stored.message();
        return pending(stored.sequence(), message, Blocks.of(message.frame().meter(), message.readings()), false);
    }

    /** A message that is durable: from now on its invocation counter counts. */
    private Pending pending(long sequence, Message message, List<DayBlock> blocks, boolean late) {
        String meter = message.frame().meter();
        message.invocation().ifPresent(invocation -> guard.accepted(meter, invocation, late));
        return new Pending(
                sequence,
                meter,
                blocks,
                message.readings().size(),
                message.invocation(),
                late,
                Decoder.isUndecoded(message) ? Optional.of(guard.of(meter)) : Optional.empty());
    }

    /** How a message is refused now. */
    IntakeBusyException busy() {
        Optional<Outage.State> state = outage.state();
        return state.map(now -> new IntakeBusyException("the store fails: " + now.reason(), now.retryAfter()))
                .orElseGet(() -> new IntakeBusyException("the store is not ready", Outage.SHORTEST));
    }

    private void refuseQueued() {
        List<CommitQueue.Item> items;
        do {
            items = queue.take(Integer.MAX_VALUE, Long.MAX_VALUE, 0);
            refuse(items, stopping ? Committer::stopped : this::busy);
        } while (!items.isEmpty());
    }

    private void refuse(List<CommitQueue.Item> items, Supplier<IntakeBusyException> why) {
        for (CommitQueue.Item item : items) {
            if (!item.receipt().isDone() && item.receipt().completeExceptionally(why.get())) {
                counters.messagesBusy.increment();
            }
        }
    }
}
