// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;
import org.meterway.api.intake.Receipt;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Decoding;
import org.meterway.api.store.Message;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes parked frames when codecs have come. Whenever the codecs change, all that is parked is gone through once, page by page;
 * a frame is tried unless the very codec that refused it is still the one. A message that was accepted is folded where it stands;
 * a frame that was refused becomes a message of its own. Used by the settler's thread alone, except for {@link #retry}.
 */
final class LateDecoding {
    private static final Logger LOG = LoggerFactory.getLogger(LateDecoding.class);
    private static final int PAGE = 200;
    private static final String ALL = "";

    private final Codecs codecs;
    private final Decoder decoder;
    private final InvocationGuard guard;
    private final CommitQueue queue;
    private final Supplier<@Nullable DeviceModels> models;
    private final Supplier<@Nullable Inventory> inventory;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Long> nowMessages = new ConcurrentLinkedQueue<>();
    private final Set<String> retries = ConcurrentHashMap.newKeySet();
    private Set<String> retried = Set.of();
    private boolean active;
    private int codecsSeen = -1;
    private long cursor;

    LateDecoding(
            Codecs codecs,
            Decoder decoder,
            InvocationGuard guard,
            CommitQueue queue,
            Supplier<@Nullable DeviceModels> models,
            Supplier<@Nullable Inventory> inventory) {
        this.codecs = codecs;
        this.decoder = decoder;
        this.guard = guard;
        this.queue = queue;
        this.models = models;
        this.inventory = inventory;
    }

    /** What one look brought; nothing of it counts until {@link #settled}. */
    static final class Round {
        final List<Pending> decoded = new ArrayList<>();
        final List<Decoding> decodings = new ArrayList<>();
        final Map<List<String>, Long> counters = new HashMap<>();
        final List<ParkingLot.Draft> undecoded = new ArrayList<>();
        final List<ParkedFrame> changed = new ArrayList<>();
        final List<Long> freed = new ArrayList<>();
        private int madeMessages;
        private long cursor;
        private boolean more;

        /** Frames refused before that are messages now. */
        int madeMessages() {
            return madeMessages;
        }
    }

    /** Has the frames of a meter, or all, tried again by whatever codec there is. */
    void retry(Optional<String> meter) {
        retries.add(meter.orElse(ALL));
    }

    /**
     * Tries a page of what is parked, and what was not decoded among messages about to be settled.
     *
     * @param batch about to be settled
     */
    Round round(ReadingStore store, List<Pending> batch) {
        Round round = new Round();
        DeviceModels known = models.get();
        for (Long number = nowMessages.peek(); number != null; number = nowMessages.peek()) {
            nowMessages.remove();
            round.freed.add(number);
            round.madeMessages++;
        }
        if (known != null) {
            parked(store, known, round);
        }
        unsettled(store, known, batch, round);
        return round;
    }

    private void parked(ReadingStore store, DeviceModels known, Round round) {
        int state = codecs.changes();
        if (state != codecsSeen || !retries.isEmpty()) {
            codecsSeen = state;
            retried = new HashSet<>(retries);
            retries.removeAll(retried);
            active = true;
            cursor = 0;
        }
        round.cursor = cursor;
        if (active) {
            List<ParkedFrame> page = store.parked(Optional.empty(), cursor, PAGE);
            for (ParkedFrame frame : page) {
                if (isWorthTrying(frame)) {
                    attempt(frame, known, round);
                }
                round.cursor = frame.number();
            }
            round.more = !page.isEmpty();
        }
    }

    private boolean isWorthTrying(ParkedFrame frame) {
        Optional<Codec> codec = codecs.find(frame.frame().contentType());
        if (codec.isEmpty() || underWay.contains(frame.number())) {
            return false;
        }
        if (frame.field().isEmpty()
                || retried.contains(ALL)
                || retried.contains(frame.frame().meter())) {
            return true;
        }
        try {
            return !frame.codec().equals(codec.get().name())
                    || !frame.codecVersion().equals(codec.get().version());
        } catch (RuntimeException | LinkageError broken) {
            LOG.debug("A codec does not say its name", broken);
            return false;
        }
    }

    private void attempt(ParkedFrame parked, DeviceModels known, Round round) {
        Frame frame = parked.frame();
        Decoder.Outcome outcome = decoder.decode(frame, known, inventory.get());
        Optional<FrameRejectedException> rejection = outcome.rejection();
        if (outcome.decoded()) {
            Optional<Invocation> invocation = outcome.message().invocation();
            // the frame that was refused is checked when it is committed
            rejection = invocation.isPresent() && !parked.refused()
                    ? guard.checkLate(frame.meter(), invocation.get(), parked.invocations(), round.counters)
                    : Optional.empty();
            if (rejection.isEmpty()) {
                if (parked.refused()) {
                    makeMessage(parked, outcome.message());
                } else {
                    round.freed.add(parked.number());
                    add(round, parked.message(), outcome.message());
                }
                return;
            }
        }
        String reason = rejection.map(FrameRejectedException::reason).orElse(outcome.reason());
        round.changed.add(new ParkedFrame(
                parked.number(),
                parked.message(),
                frame,
                outcome.codec(),
                outcome.version(),
                rejection.map(FrameRejectedException::field).orElse(""),
                rejection.map(FrameRejectedException::offset).orElse(-1),
                reason,
                parked.invocations()));
    }

    /** Commits a frame that was refused, as any other; it is forgotten here once that is done. */
    private void makeMessage(ParkedFrame parked, Message message) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        CommitQueue.Item item = new CommitQueue.Item(
                message, Blocks.of(message.frame().meter(), message.readings()), receipt, Optional.of(parked));
        underWay.add(parked.number());
        receipt.whenComplete((done, failure) -> {
            if (failure == null) {
                nowMessages.add(parked.number());
                return;
            }
            underWay.remove(parked.number());
            if (!(failure instanceof FrameRejectedException)) {
                retry(Optional.of(message.frame().meter()));
            }
        });
        if (!queue.offer(item)) {
            receipt.completeExceptionally(
                    new IllegalStateException("too many messages wait to be committed, it is tried again"));
        }
    }

    private static void add(Round round, long sequence, Message message) {
        String meter = message.frame().meter();
        round.decoded.add(new Pending(
                sequence,
                meter,
                Blocks.of(meter, message.readings()),
                message.readings().size(),
                message.invocation(),
                true,
                Optional.empty()));
        round.decodings.add(
                new Decoding(sequence, message.codec(), message.codecVersion(), DaySpan.of(message.readings())));
    }

    private void unsettled(ReadingStore store, @Nullable DeviceModels known, List<Pending> batch, Round round) {
        Map<Long, Pending> undecoded = new HashMap<>();
        Set<String> meters = new HashSet<>();
        long first = Long.MAX_VALUE;
        long last = 0;
        for (Pending pending : batch) {
            if (pending.undecoded().isPresent()) {
                undecoded.put(pending.sequence(), pending);
                meters.add(pending.meter());
                first = Math.min(first, pending.sequence());
                last = pending.sequence();
            }
        }
        long after = first - 1;
        while (!undecoded.isEmpty() && after < last) {
            Optional<MessagePage> page = store.messages(after, last, Instant.MIN, Instant.MAX, meters::contains);
            if (page.isEmpty()) {
                return;
            }
            for (StoredMessage stored : page.get().messages()) {
                Pending pending = undecoded.get(stored.sequence());
                if (pending != null) {
                    unsettled(pending, stored.message().frame(), known, round);
                }
            }
            after = page.get().through();
        }
    }

    private void unsettled(Pending pending, Frame frame, @Nullable DeviceModels known, Round round) {
        Map<String, Long> atArrival = pending.undecoded().orElseThrow();
        if (known == null) {
            round.undecoded.add(new ParkingLot.Draft(
                    pending.sequence(), frame, "", "", "", -1, "the device models were not there", atArrival));
            return;
        }
        Decoder.Outcome outcome = decoder.decode(frame, known, inventory.get());
        Optional<FrameRejectedException> rejection = outcome.rejection();
        if (outcome.decoded()) {
            Optional<Invocation> invocation = outcome.message().invocation();
            rejection = invocation.isPresent()
                    ? guard.checkLate(frame.meter(), invocation.get(), atArrival, round.counters)
                    : Optional.empty();
            if (rejection.isEmpty()) {
                add(round, pending.sequence(), outcome.message());
                return;
            }
        }
        round.undecoded.add(new ParkingLot.Draft(
                pending.sequence(),
                frame,
                outcome.codec(),
                outcome.version(),
                rejection.map(FrameRejectedException::field).orElse(""),
                rejection.map(FrameRejectedException::offset).orElse(-1),
                rejection.map(FrameRejectedException::reason).orElse(outcome.reason()),
                atArrival));
    }

    /** The round is durable. Returns whether more is parked that has not been looked at. */
    boolean settled(Round round) {
        round.freed.subList(0, round.madeMessages).forEach(underWay::remove);
        cursor = round.cursor;
        active &= round.more;
        return active;
    }

    /** The round failed: what it took is looked at again. */
    void failed(Round round) {
        nowMessages.addAll(round.freed.subList(0, round.madeMessages));
    }
}
