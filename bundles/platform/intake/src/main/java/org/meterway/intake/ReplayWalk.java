// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Settlement;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;

/** Goes through kept messages part by part, decodes them again, and compares or changes the values. For one thread at a time. */
final class ReplayWalk {
    private static final int PART_MESSAGES = 500;
    private static final long PART_BYTES = 8L << 20;
    private static final int SETTLE_ATTEMPTS = 600;

    private final StoreLink link;
    private final Settler settler;
    private final Unsettled unsettled;
    private final Decoder decoder;
    private final Supplier<@Nullable DeviceModels> models;
    private final Supplier<@Nullable Inventory> inventory;
    private final Clock clock;

    ReplayWalk(
            StoreLink link,
            Settler settler,
            Unsettled unsettled,
            Decoder decoder,
            Supplier<@Nullable DeviceModels> models,
            Supplier<@Nullable Inventory> inventory,
            Clock clock) {
        this.link = link;
        this.settler = settler;
        this.unsettled = unsettled;
        this.decoder = decoder;
        this.models = models;
        this.inventory = inventory;
        this.clock = clock;
    }

    /**
     * Goes through all messages there are now.
     *
     * @param apply whether to change the values, each part in one transaction
     * @return false if it was cancelled
     */
    boolean run(ReplayJob job, Predicate<String> meters, boolean apply) {
        ReplayRequest request = job.request();
        Instant from = request.from().orElse(Instant.MIN);
        Instant to = request.to().orElse(Instant.MAX);
        long through = settleAll();
        List<StoredMessage> part = new ArrayList<>();
        long bytes = 0;
        long after = 0;
        while (!job.cancelled()) {
            Optional<MessagePage> page = link.forQuery().messages(after, through, from, to, meters);
            if (page.isPresent()) {
                after = page.get().through();
                for (StoredMessage stored : page.get().messages()) {
                    part.add(stored);
                    bytes += stored.message().frame().bytes().length;
                }
            }
            if (page.isEmpty() || part.size() >= PART_MESSAGES || bytes >= PART_BYTES) {
                handle(job, part, apply, (double) after / Math.max(1, through));
                part.clear();
                bytes = 0;
            } else {
                job.forward((double) after / Math.max(1, through), new ReplayJob.Tally());
            }
            if (page.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Values are compared in the profiles: what is accepted by now must be there. */
    private long settleAll() {
        long through = unsettled.highest();
        for (int attempt = 0; attempt < SETTLE_ATTEMPTS; attempt++) {
            if (link.forQuery().settled() >= through) {
                return through;
            }
            settler.settle();
        }
        throw new StoreException("what was accepted could not be settled, which comes first");
    }

    private void handle(ReplayJob job, List<StoredMessage> part, boolean apply, double progress) {
        ReplayJob.Tally tally = new ReplayJob.Tally();
        Map<String, List<Redecoding.Again>> byMeter = decode(job, part, tally);
        if (apply) {
            link.settling.lock();
        }
        try {
            ReadingStore store = link.forQuery();
            Redecoding redecoding = new Redecoding(
                    store, clock.instant(), job.request().who(), job.request().why());
            byMeter.forEach(redecoding::compare);
            tally.add(redecoding.tally);
            if (apply && !redecoding.tally.changesNothing()) {
                store.settle(new Settlement(
                        0,
                        redecoding.rows,
                        List.of(),
                        List.of(),
                        List.of(),
                        redecoding.decodings,
                        redecoding.revisions));
            }
            job.found(redecoding.differences);
        } finally {
            if (apply) {
                link.settling.unlock();
            }
        }
        job.forward(progress, tally);
    }

    private Map<String, List<Redecoding.Again>> decode(ReplayJob job, List<StoredMessage> part, ReplayJob.Tally tally) {
        DeviceModels known = models.get();
        if (known == null) {
            throw new StoreException("the device models are not there");
        }
        Map<String, List<Redecoding.Again>> byMeter = new LinkedHashMap<>();
        for (StoredMessage stored : part) {
            Decoder.Outcome outcome = decoder.decode(stored.message().frame(), known, inventory.get());
            job.used(
                    stored.message().frame().contentType(),
                    outcome.codec().isEmpty() ? "" : outcome.codec() + " " + outcome.version());
            // a parked message with a counter is left to parking, which knows whether it is a replay by someone else
            boolean parked = Decoder.isUndecoded(stored.message())
                    && outcome.message().invocation().isPresent();
            if (outcome.rejection().isPresent()) {
                tally.frames++;
                tally.rejected++;
            } else if (!outcome.decoded() || parked) {
                tally.frames++;
                tally.undecodable++;
            } else {
                byMeter.computeIfAbsent(stored.message().frame().meter(), none -> new ArrayList<>())
                        .add(new Redecoding.Again(stored, outcome.message()));
            }
        }
        return byMeter;
    }
}
