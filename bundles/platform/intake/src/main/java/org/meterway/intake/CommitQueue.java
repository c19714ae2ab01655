// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.meterway.api.intake.Receipt;
import org.meterway.api.store.Message;
import org.meterway.api.store.ParkedFrame;

/** Messages on their way to the committer, bounded by number and by payload bytes. Thread-safe. */
final class CommitQueue {
    /**
     * A message, what it holds, and who waits for it.
     *
     * @param parked if it was refused at first: the frame as it is parked
     */
    record Item(
            Message message, List<DayBlock> blocks, CompletableFuture<Receipt> receipt, Optional<ParkedFrame> parked) {
        int bytes() {
            return message.frame().bytes().length;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private final int maxMessages;
    private final long maxBytes;
    private long bytes;
    private boolean closed;
    private boolean woken;

    CommitQueue(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Adds an item unless the queue is full or closed. */
    boolean offer(Item item) {
        lock.lock();
        try {
            if (closed || items.size() >= maxMessages || bytes + item.bytes() > maxBytes) {
                return false;
            }
            items.add(item);
            bytes += item.bytes();
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for items and takes them out, oldest first: at least one if there is any, else as many as fit the bounds.
     *
     * @return empty when the time is over, or after {@link #wake} or {@link #close}
     */
    List<Item> take(int atMost, long atMostBytes, long waitNanos) {
        lock.lock();
        try {
            long left = waitNanos;
            while (items.isEmpty() && !closed && !woken && left > 0) {
                left = await(left);
            }
            woken = false;
            List<Item> taken = new ArrayList<>(Math.min(items.size(), atMost));
            long takenBytes = 0;
            while (!items.isEmpty() && taken.size() < atMost) {
                int next = items.peek().bytes();
                if (!taken.isEmpty() && takenBytes + next > atMostBytes) {
                    break;
                }
                takenBytes += next;
                taken.add(items.poll());
            }
            bytes -= takenBytes;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private long await(long nanos) {
        try {
            return filled.awaitNanos(nanos);
        } catch (InterruptedException stray) {
            // Nobody interrupts this thread: stopping goes through close(), as an interrupt could break the store.
            return 0;
        }
    }

    /** Waits as long as said, or until {@link #wake} or {@link #close}; items do not end the wait. */
    void pause(long waitNanos) {
        lock.lock();
        try {
            long left = waitNanos;
            while (!closed && !woken && left > 0) {
                left = await(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait that is under way, or the next one. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what is in it stays until taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }
}
