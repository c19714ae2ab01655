// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The durable messages that are not in day profiles yet, in the order of their numbers. The committer adds at one end, the settler
 * removes at the other when the profiles are durable, queries look in. Thread-safe; its lock is held for moments and never on disk.
 */
final class Unsettled {
    private final int maxMessages;
    private final long maxReadings;
    private final ArrayDeque<Pending> inOrder = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Pending>> byMeter = new HashMap<>();
    private volatile int messages;
    private volatile long readings;
    private volatile long highest;
    private volatile int undecoded;

    Unsettled(int maxMessages, long maxReadings) {
        this.maxMessages = maxMessages;
        this.maxReadings = maxReadings;
    }

    /** Adds messages whose numbers follow those already here. */
    synchronized void add(List<Pending> more) {
        long added = 0;
        for (Pending pending : more) {
            inOrder.add(pending);
            byMeter.computeIfAbsent(pending.meter(), meter -> new ArrayDeque<>(4))
                    .add(pending);
            added += pending.readings();
            undecoded += pending.undecoded().isPresent() ? 1 : 0;
            highest = pending.sequence();
        }
        messages = inOrder.size();
        readings += added;
    }

    /** Puts these in the place of all that was here, in one step for those who look in. */
    synchronized void replace(List<Pending> all, long highestSettled) {
        inOrder.clear();
        byMeter.clear();
        readings = 0;
        undecoded = 0;
        highest = highestSettled;
        add(all);
    }

    /** The oldest messages. */
    synchronized List<Pending> oldest(int atMost) {
        List<Pending> oldest = new ArrayList<>(Math.min(atMost, inOrder.size()));
        for (Pending pending : inOrder) {
            if (oldest.size() == atMost) {
                break;
            }
            oldest.add(pending);
        }
        return oldest;
    }

    /** Forgets all messages up to this number: their readings are in durable profiles. */
    synchronized void settled(long through) {
        long removed = 0;
        while (!inOrder.isEmpty() && inOrder.peek().sequence() <= through) {
            Pending pending = inOrder.poll();
            removed += pending.readings();
            undecoded -= pending.undecoded().isPresent() ? 1 : 0;
            ArrayDeque<Pending> ofMeter = byMeter.get(pending.meter());
            ofMeter.poll();
            if (ofMeter.isEmpty()) {
                byMeter.remove(pending.meter());
            }
        }
        messages = inOrder.size();
        readings -= removed;
    }

    /** What a meter sent, oldest first. */
    synchronized List<Pending> of(String meter) {
        ArrayDeque<Pending> ofMeter = byMeter.get(meter);
        return ofMeter == null ? List.of() : List.copyOf(ofMeter);
    }

    int messages() {
        return messages;
    }

    long readings() {
        return readings;
    }

    /** How many of them no codec has decoded. */
    int undecoded() {
        return undecoded;
    }

    /** The highest number seen so far, settled or not. */
    long highest() {
        return highest;
    }

    /** Whether it must shrink before more is accepted. */
    boolean full() {
        return messages >= maxMessages || readings >= maxReadings;
    }
}
