// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.store.LastInvocation;

/**
 * The last invocation counters accepted, by meter and originator: what is not above them is a replay. What a message carried
 * counts from its commit on; on disk it lies in the message first, and in the store's table once the message is settled, so that a
 * crash at any moment forgets none. Thread-safe.
 */
final class InvocationGuard {
    static final String FIELD = "invocation counter";
    private static final int MOST_ORIGINATORS = 16;
    private static final int MOST_METERS = 1_000_000;
    private static final int MOST_NAME = 64;

    private final Map<String, Map<String, Last>> byMeter = new HashMap<>();

    private static final class Last {
        /** Highest accepted. */
        private long counter = -1;
        /** Highest that was accepted late. */
        private long late = -1;
        /** Highest of messages that are settled. */
        private long settled = -1;
    }

    /** Forgets all and begins with what the store has. */
    synchronized void load(List<LastInvocation> stored) {
        byMeter.clear();
        for (LastInvocation each : stored) {
            Last last = last(each.meter(), each.originator());
            last.counter = each.counter();
            last.settled = each.counter();
            last.late = each.late();
        }
    }

    private Last last(String meter, String originator) {
        return byMeter.computeIfAbsent(meter, none -> new HashMap<>(2)).computeIfAbsent(originator, none -> new Last());
    }

    /** A durable message carried it, perhaps one that was parked at first. */
    synchronized void accepted(String meter, Invocation invocation, boolean late) {
        Last last = last(meter, invocation.originator());
        last.counter = Math.max(last.counter, invocation.counter());
        if (late) {
            last.late = Math.max(last.late, invocation.counter());
        }
    }

    /** It is not known how far the store has come: it may have more than was told. */
    synchronized void catchUp(List<LastInvocation> stored) {
        written(stored);
    }

    /** The last counters of a meter by originator: what a frame that is parked now must be above. */
    synchronized Map<String, Long> of(String meter) {
        Map<String, Last> ofMeter = byMeter.get(meter);
        if (ofMeter == null) {
            return Map.of();
        }
        Map<String, Long> counters = new HashMap<>();
        ofMeter.forEach((originator, last) -> counters.put(originator, last.counter));
        return counters;
    }

    /**
     * Checks frames that are about to be committed together.
     *
     * @param inBatch counters of those before it in the batch by meter and originator; this one's is added if it is good
     */
    synchronized Optional<FrameRejectedException> check(
            String meter, Invocation invocation, Map<List<String>, Long> inBatch) {
        Optional<FrameRejectedException> strange = strange(meter, invocation);
        if (strange.isPresent()) {
            return strange;
        }
        Map<String, Last> ofMeter = byMeter.getOrDefault(meter, Map.of());
        Last last = ofMeter.get(invocation.originator());
        List<String> key = List.of(meter, invocation.originator());
        long highest = Math.max(last == null ? -1 : last.counter, inBatch.getOrDefault(key, -1L));
        if (invocation.counter() <= highest) {
            return Optional.of(replayed(invocation, highest));
        }
        inBatch.put(key, invocation.counter());
        return Optional.empty();
    }

    /**
     * Checks a frame that was parked: it must be above what was accepted when it came and above those decoded late before it; what
     * came live meanwhile may be higher.
     *
     * @param atArrival counters of the meter when the frame came, see {@link #of}
     */
    synchronized Optional<FrameRejectedException> checkLate(
            String meter, Invocation invocation, Map<String, Long> atArrival, Map<List<String>, Long> inBatch) {
        Optional<FrameRejectedException> strange = strange(meter, invocation);
        if (strange.isPresent()) {
            return strange;
        }
        Last last = byMeter.getOrDefault(meter, Map.of()).get(invocation.originator());
        List<String> key = List.of(meter, invocation.originator());
        long highest = Math.max(
                Math.max(atArrival.getOrDefault(invocation.originator(), -1L), last == null ? -1 : last.late),
                inBatch.getOrDefault(key, -1L));
        if (invocation.counter() <= highest || last != null && invocation.counter() == last.counter) {
            return Optional.of(replayed(invocation, Math.max(highest, last == null ? -1 : last.counter)));
        }
        inBatch.put(key, invocation.counter());
        return Optional.empty();
    }

    private Optional<FrameRejectedException> strange(String meter, Invocation invocation) {
        if (invocation.originator().length() > MOST_NAME) {
            return Optional.of(new FrameRejectedException(
                    "originator", invocation.offset(), "is longer than " + MOST_NAME + " characters"));
        }
        Map<String, Last> ofMeter = byMeter.get(meter);
        boolean crowded = ofMeter == null
                ? byMeter.size() >= MOST_METERS
                : ofMeter.size() >= MOST_ORIGINATORS && !ofMeter.containsKey(invocation.originator());
        return crowded
                ? Optional.of(new FrameRejectedException(
                        FIELD,
                        invocation.offset(),
                        "counters of " + MOST_ORIGINATORS + " originators are kept for a meter, "
                                + invocation.originator() + " would be one more"))
                : Optional.empty();
    }

    private static FrameRejectedException replayed(Invocation invocation, long highest) {
        return new FrameRejectedException(
                FIELD,
                invocation.offset(),
                "is " + invocation.counter() + ", must be above " + highest + ", the last accepted of "
                        + invocation.originator());
    }

    /**
     * What the store is to keep when messages are settled.
     *
     * @param settled what they carried
     * @param late what frames decoded late carried
     */
    synchronized List<LastInvocation> changes(Collection<Pending> settled, Map<List<String>, Long> late) {
        Map<List<String>, LastInvocation> changes = new HashMap<>();
        for (Pending pending : settled) {
            pending.invocation().ifPresent(invocation -> {
                Last last = last(pending.meter(), invocation.originator());
                List<String> key = List.of(pending.meter(), invocation.originator());
                LastInvocation before = changes.get(key);
                long counter = Math.max(
                        invocation.counter(), before == null ? last.settled : Math.max(before.counter(), last.settled));
                changes.put(key, new LastInvocation(key.get(0), key.get(1), counter, last.late));
            });
        }
        late.forEach((key, counter) -> {
            Last last = last(key.get(0), key.get(1));
            LastInvocation before = changes.get(key);
            changes.put(
                    key,
                    new LastInvocation(
                            key.get(0),
                            key.get(1),
                            Math.max(counter, before == null ? last.settled : before.counter()),
                            Math.max(counter, last.late)));
        });
        return List.copyOf(changes.values());
    }

    /** These changes are durable. */
    synchronized void written(List<LastInvocation> changes) {
        for (LastInvocation change : changes) {
            Last last = last(change.meter(), change.originator());
            last.settled = Math.max(last.settled, change.counter());
            last.counter = Math.max(last.counter, change.counter());
            last.late = Math.max(last.late, change.late());
        }
    }
}
