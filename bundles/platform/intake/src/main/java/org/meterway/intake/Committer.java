// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    private final Parked parked;
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
            Parked parked,
            Runnable committed) {
        this.limits = limits;
        this.queue = queue;
        this.link = link;
        this.unsettled = unsettled;
        this.outage = outage;
        this.counters = counters;
        this.parked = parked;
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
            commit(ready.get(), batch);
        }
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
            int count = item.message().readings().size();
            readings += count;
            pending.add(new Pending(first + index, item.message().frame().meter(), item.blocks(), count));
        }
        if (first > unsettled.highest()) {
            unsettled.add(pending);
        } else {
            LOG.warn("the store counts on from {}, expected more than {}: reading it anew", first, unsettled.highest());
            link.outOfStep();
        }
        for (int index = 0; index < batch.size(); index++) {
            parkIfUndecoded(first + index, messages.get(index));
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

    private void parkIfUndecoded(long sequence, Message message) {
        if (Decoder.isUndecoded(message)) {
            parked.add(sequence, message.frame());
        }
    }

    private Pending pending(StoredMessage stored) {
        Message message = stored.message();
        parkIfUndecoded(stored.sequence(), message);
        String meter = message.frame().meter();
        return new Pending(
                stored.sequence(),
                meter,
                Blocks.of(meter, message.readings()),
                message.readings().size());
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
