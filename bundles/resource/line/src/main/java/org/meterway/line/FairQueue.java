// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** Orders waiting for a line: first in first out for each owner, owners in turn, so that none waits for all of another's. Thread-safe. */
final class FairQueue {
    private static final int MAX_PER_OWNER = 64;

    private final int limit;
    private final Map<String, Queue<Order>> byOwner = new LinkedHashMap<>();
    private int size;
    private boolean closed;

    FairQueue(int limit) {
        this.limit = limit;
    }

    /** Returns whether there was room. */
    synchronized boolean offer(Order order) {
        if (closed) {
            return false;
        }
        Queue<Order> own = byOwner.get(order.owner());
        if (size >= limit || own != null && own.size() >= MAX_PER_OWNER) {
            forgetOver();
            own = byOwner.get(order.owner());
        }
        if (size >= limit || own != null && own.size() >= MAX_PER_OWNER) {
            return false;
        }
        byOwner.computeIfAbsent(order.owner(), ignored -> new ArrayDeque<>()).add(order);
        size++;
        notifyAll();
        return true;
    }

    private void forgetOver() {
        for (Iterator<Queue<Order>> owners = byOwner.values().iterator(); owners.hasNext(); ) {
            Queue<Order> own = owners.next();
            int before = own.size();
            own.removeIf(Order::over);
            size -= before - own.size();
            if (own.isEmpty()) {
                owners.remove();
            }
        }
    }

    /** The next order in turn; waits for one, at most this long. */
    synchronized Optional<Order> take(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (true) {
            forgetOver();
            if (size > 0) {
                return Optional.of(next());
            }
            long left = end - System.nanoTime();
            if (closed || left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private Order next() {
        Map.Entry<String, Queue<Order>> first = byOwner.entrySet().iterator().next();
        String owner = first.getKey();
        Queue<Order> own = first.getValue();
        byOwner.remove(owner);
        Order order = own.remove();
        size--;
        if (!own.isEmpty()) {
            byOwner.put(owner, own);
        }
        return order;
    }

    synchronized int size() {
        return size;
    }

    /** Takes no more; returns what was waiting. */
    synchronized List<Order> close() {
        closed = true;
        List<Order> waiting = new ArrayList<>();
        byOwner.values().forEach(waiting::addAll);
        byOwner.clear();
        size = 0;
        notifyAll();
        return waiting;
    }
}
