// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Parking;
import org.meterway.api.intake.ParkingStatistics;
import org.meterway.api.intake.Provenance;
import org.meterway.api.intake.Receipt;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.Replays;
import org.meterway.api.intake.Trace;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.Message;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Revision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The intake of the gateway and the readings it keeps. Frames are decoded and checked on the caller's thread, committed by
 * {@link Committer}, folded into day profiles by {@link Settler} and read through {@link TwoTiers}. Every service it uses may be
 * missing: without codec a frame is kept undecoded, without store or device models it is answered busy.
 */
@Designate(ocd = Config.class)
@Component(
        service = {Intake.class, Readings.class, Parking.class, Provenance.class, Replays.class, HealthReporter.class},
        configurationPid = Config.PID,
        immediate = true)
public final class DurableIntake implements Intake, Readings, Parking, Provenance, Replays, HealthReporter {
    private static final Duration TELL_EVERY = Duration.ofMinutes(1);

    private final Limits limits;
    private final Decoder decoder;
    private final ParkingLot parking;
    private final InvocationGuard guard = new InvocationGuard();
    private final Refusals refusals;
    private final LateDecoding late;
    private final Codecs codecs = new Codecs();
    private final StoreLink link = new StoreLink();
    private final CommitQueue queue;
    private final Unsettled unsettled;
    private final Counters counters;
    private final Outage storeOutage;
    private final Outage settleOutage;
    private final Committer committer;
    private final Settler settler;
    private final TwoTiers readings;
    private final Tracer tracer;
    private final Replayer replayer;
    private volatile boolean stopping;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL, policyOption = GREEDY)
    volatile @Nullable DeviceModels models;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL, policyOption = GREEDY)
    volatile @Nullable Inventory inventory;

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL, policyOption = GREEDY)
    volatile @Nullable Events events;

    @Activate
    public DurableIntake(Config config) {
        this(Limits.of(config), Clock.systemUTC(), System::nanoTime);
    }

    DurableIntake(Limits limits, Clock clock, LongSupplier nanos) {
        this.limits = limits;
        queue = new CommitQueue(limits.queueMessages(), limits.queueBytes());
        unsettled = new Unsettled(limits.unsettledMessages(), limits.unsettledReadings());
        counters = new Counters(nanos);
        storeOutage = new Outage("The store", "store", nanos, this::tell);
        settleOutage = new Outage("Settling readings into day profiles", "settling", nanos, this::tell);
        parking = new ParkingLot(limits);
        refusals = new Refusals(counters, parking, guard, new Throttle(TELL_EVERY, nanos), this::tell);
        decoder = new Decoder(
                codecs,
                new FrameCheck(clock, limits.messageReadings(), limits.clockTolerance()),
                counters,
                new Throttle(TELL_EVERY, nanos));
        late = new LateDecoding(codecs, decoder, guard, queue, () -> models, () -> inventory);
        settler = new Settler(
                limits,
                link,
                unsettled,
                settleOutage,
                counters,
                late,
                parking,
                guard,
                () -> new Throttle(TELL_EVERY, nanos),
                this::tell);
        committer = new Committer(
                limits, queue, link, unsettled, storeOutage, counters, parking, guard, refusals, settler::committed);
        readings = new TwoTiers(link, unsettled);
        tracer = new Tracer(link, readings, codecs, () -> models, () -> inventory);
        replayer = new Replayer(
                new ReplayWalk(link, settler, unsettled, decoder, () -> models, () -> inventory, clock),
                codecs,
                () -> models,
                clock,
                this::tell);
        committer.start();
        settler.start();
    }

    @Deactivate
    void deactivate() {
        stopping = true;
        replayer.stop(limits.stopTimeout());
        queue.close();
        committer.stop(limits.stopTimeout());
        settler.stop(limits.stopTimeout());
    }

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL, policyOption = GREEDY)
    void bindStore(ReadingStore store) {
        link.bind(store);
        queue.wake();
    }

    void unbindStore(ReadingStore store) {
        link.unbind(store);
        queue.wake();
    }

    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    void bindCodec(Codec codec, Map<String, ?> properties) {
        codecs.add(codec, properties);
    }

    void unbindCodec(Codec codec) {
        codecs.remove(codec);
    }

    @Override
    public CompletionStage<Receipt> accept(Frame frame) {
        Optional<IntakeBusyException> refusal = refusal();
        DeviceModels known = models;
        if (refusal.isEmpty() && known == null) {
            refusal = Optional.of(new IntakeBusyException("the device models are not there", Duration.ofSeconds(5)));
        }
        if (refusal.isPresent()) {
            return busy(refusal.get());
        }
        if (frame.bytes().length > limits.queueBytes()) {
            FrameRejectedException tooLong = new FrameRejectedException(
                    "length", -1, frame.bytes().length + " bytes, at most " + limits.queueBytes() + " are taken");
            refusals.tell(frame, tooLong);
            return CompletableFuture.failedFuture(tooLong);
        }
        Decoder.Outcome outcome = decoder.decode(frame, known, inventory);
        if (outcome.rejection().isPresent()) {
            refusals.refuse(
                    frame,
                    outcome.codec(),
                    outcome.version(),
                    outcome.rejection().get());
            return CompletableFuture.failedFuture(outcome.rejection().get());
        }
        Message message = outcome.message();
        CommitQueue.Item item = new CommitQueue.Item(
                message, Blocks.of(frame.meter(), message.readings()), new CompletableFuture<>(), Optional.empty());
        if (!queue.offer(item)) {
            return busy(new IntakeBusyException("too many messages wait to be committed", Duration.ofSeconds(2)));
        }
        return item.receipt();
    }

    private CompletionStage<Receipt> busy(IntakeBusyException why) {
        counters.messagesBusy.increment();
        return CompletableFuture.failedFuture(why);
    }

    /** Why nothing is taken now, before any work is spent on a frame. */
    private Optional<IntakeBusyException> refusal() {
        if (stopping) {
            return Optional.of(new IntakeBusyException("intake is stopping", Duration.ofSeconds(5)));
        }
        if (link.ready().isEmpty()) {
            return Optional.of(committer.busy());
        }
        if (unsettled.full()) {
            Duration wait = settleOutage.state().map(Outage.State::retryAfter).orElse(Duration.ofSeconds(2));
            return Optional.of(new IntakeBusyException("too many messages wait to be settled", wait));
        }
        return Optional.empty();
    }

    private void tell(String type, Severity severity, String text) {
        Events listening = events;
        if (listening != null) {
            listening.publish(type, severity, text);
        }
    }

    /** Settles one batch at once, for tests that must not wait. */
    boolean settle() {
        return settler.settle();
    }

    @Override
    public IntakeStatistics statistics() {
        return counters.statistics(unsettled.messages());
    }

    @Override
    public List<ParkedFrame> parked(Optional<String> meter, long before, int limit) {
        if (parking.hasWaiting()) {
            settler.settle();
        }
        return link.forQuery().parkedBefore(meter, before, limit);
    }

    @Override
    public ParkingStatistics parkingStatistics() {
        return new ParkingStatistics(
                parking.undecoded() + unsettled.undecoded(), parking.refused(), parking.decoded(), parking.dropped());
    }

    @Override
    public boolean forgetParked(long number) {
        boolean there = parking.forget(number);
        if (there) {
            settler.settle();
        }
        return there;
    }

    @Override
    public void retryParked(Optional<String> meter) {
        late.retry(meter);
        settler.soon();
    }

    @Override
    public Optional<Trace> trace(String meter, Obis obis, Instant start, Optional<Duration> interval) {
        return tracer.trace(meter, obis, start, interval);
    }

    @Override
    public List<Revision> revisions(String meter, Optional<Obis> obis, Instant from, Instant to, int limit) {
        return link.forQuery().revisions(meter, obis, from, to, limit);
    }

    @Override
    public ReplayStatus start(ReplayRequest request) {
        return replayer.start(request);
    }

    @Override
    public Optional<ReplayStatus> replay(long id) {
        return replayer.replay(id);
    }

    @Override
    public List<ReplayStatus> replays() {
        return replayer.replays();
    }

    @Override
    public List<Difference> differences(long id, int after, int limit) {
        return replayer.differences(id, after, limit);
    }

    @Override
    public ReplayStatus applyReplay(long id) {
        return replayer.applyReplay(id);
    }

    @Override
    public boolean cancelReplay(long id) {
        return replayer.cancelReplay(id);
    }

    @Override
    public Health health() {
        IntakeStatistics now = statistics();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("queue.messages", queue.size());
        values.put("unsettled.messages", now.messagesUnsettled());
        values.put("unsettled.readings", unsettled.readings());
        ParkingStatistics parkedNow = parkingStatistics();
        values.put("parked.messages", parkedNow.undecoded());
        values.put("parked.refused", parkedNow.refused());
        values.put("parked.dropped", parkedNow.dropped());
        values.put("parked.decoded", parkedNow.decoded());
        values.put("rejected.messages", now.messagesRejected());
        values.put("busy.messages", now.messagesBusy());
        values.put("conflicting.readings", now.readingsConflicting());
        values.put("unreadable.readings", counters.readingsUnreadable.sum());
        values.put("content.types", codecs.size());
        Optional<Outage.State> outage = storeOutage.state();
        if (link.ready().isEmpty()) {
            String text = outage.map(state -> "Messages are answered busy: " + state.reason())
                    .orElse("Waits for the store");
            return health(Health.Status.DOWN, text, values);
        }
        if (outage.isPresent()) {
            return health(
                    Health.Status.DEGRADED,
                    "The next message tries whether this is over: "
                            + outage.get().reason(),
                    values);
        }
        if (models == null) {
            return health(Health.Status.DOWN, "Waits for the device models", values);
        }
        if (unsettled.full()) {
            return health(Health.Status.DOWN, "Messages are answered busy: too many wait to be settled", values);
        }
        if (settleOutage.state().isPresent()) {
            return health(
                    Health.Status.DEGRADED,
                    "Settling fails: " + settleOutage.state().get().reason(),
                    values);
        }
        if (counters.readingsUnreadable.sum() > 0) {
            return health(Health.Status.DEGRADED, "Some day profiles are unreadable", values);
        }
        if (parkedNow.undecoded() > 0) {
            return health(
                    Health.Status.DEGRADED,
                    parkedNow.undecoded() + " messages are parked: no codec can decode them",
                    values);
        }
        return health(
                Health.Status.UP,
                "%d messages accepted, %.0f readings/s".formatted(now.messagesAccepted(), now.readingsPerSecond()),
                values);
    }

    private static Health health(Health.Status status, String text, Map<String, Object> values) {
        return new Health("intake", status, text, values);
    }

    @Override
    public void query(ReadingQuery query, Consumer<StoredReading> consumer) {
        readings.query(query, consumer);
    }

    @Override
    public List<StoredReading> latest(String meter) {
        return readings.latest(meter);
    }

    @Override
    public List<Series> series(String meter) {
        return readings.series(meter);
    }

    @Override
    public long present(Series series, Instant from, Instant to) {
        return readings.present(series, from, to);
    }
}
