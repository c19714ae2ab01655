// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.ReadingStore;
import org.osgi.util.converter.Converters;

/** An intake with a store, a codec for text, a wall clock that stands still and a stop watch that is moved by hand. */
final class IntakeFixture implements AutoCloseable {
    static final Quantity ENERGY = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);
    static final Quantity VOLTAGE = Quantity.of("1-0:32.7.0", Unit.VOLT);
    static final Duration HALF_HOUR = Duration.ofMinutes(30);
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");

    final AtomicLong nanos = new AtomicLong();
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final TextCodec codec = new TextCodec();
    final DurableIntake intake;

    IntakeFixture(ReadingStore store) {
        this(store, Map.of());
    }

    IntakeFixture(ReadingStore store, Map<String, Object> config) {
        this(config);
        intake.bindStore(store);
        awaitReady();
    }

    /** Without a store yet. It settles only when told to, unless the configuration says otherwise. */
    IntakeFixture(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of("settle.interval.ms", 3_600_000L));
        all.putAll(config);
        Limits limits = Limits.of(Converters.standardConverter().convert(all).to(Config.class));
        intake = new DurableIntake(limits, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
        intake.models = new NoModels();
        intake.events = new RecordedEvents();
        intake.bindCodec(codec, Map.of());
    }

    void awaitReady() {
        eventually(() -> !intake.health().text().equals("Waits for the store"));
    }

    /** Waits for something another thread does; fails after half a minute. */
    static void eventually(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("did not happen in half a minute");
            }
            Thread.onSpinWait();
        }
    }

    Event nextEvent() throws InterruptedException {
        Event event = events.poll(30, TimeUnit.SECONDS);
        return event != null ? event : fail("no event in half a minute");
    }

    CompletionStage<Receipt> send(String meter, Reading... readings) {
        return intake.accept(codec.frame(meter, List.of(readings)));
    }

    Receipt accepted(String meter, Reading... readings) throws Exception {
        return send(meter, readings).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    static IntakeBusyException busy(CompletionStage<Receipt> stage) {
        return failure(stage, IntakeBusyException.class);
    }

    static FrameRejectedException rejected(CompletionStage<Receipt> stage) {
        return failure(stage, FrameRejectedException.class);
    }

    private static <T> T failure(CompletionStage<Receipt> stage, Class<T> type) {
        ExecutionException thrown = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS));
        return assertInstanceOf(type, thrown.getCause());
    }

    /** A half-hour value of today. */
    static Reading energy(int slot, long wattHours) {
        return new Reading(
                ENERGY,
                MIDNIGHT.plus(HALF_HOUR.multipliedBy(slot)),
                HALF_HOUR,
                wattHours * 1_000_000,
                Quality.MEASURED);
    }

    static Reading voltage(Instant when, long volts) {
        return new Reading(VOLTAGE, when, Duration.ZERO, volts * 1_000_000, Quality.MEASURED);
    }

    static Series energyOf(String meter) {
        return new Series(meter, ENERGY, HALF_HOUR);
    }

    List<StoredReading> today(String... meters) {
        List<StoredReading> found = new ArrayList<>();
        intake.query(
                new ReadingQuery(List.of(meters), Optional.empty(), MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1))),
                found::add);
        return found;
    }

    CompletionStage<Receipt> scaled(String meter, String text) {
        return intake.accept(ScaledCodec.frame(meter, text));
    }

    List<ParkedFrame> parked() {
        return intake.parked(Optional.empty(), Long.MAX_VALUE, 1_000);
    }

    @Override
    public void close() {
        intake.deactivate();
    }

    /** Decodes to what was put into the frame, by the number in its bytes. */
    static final class TextCodec implements Codec {
        static final String TYPE = "text/plain";
        private final List<List<Reading>> frames = new ArrayList<>();
        volatile boolean broken;

        synchronized Frame frame(String meter, List<Reading> readings) {
            frames.add(readings);
            byte[] bytes = Integer.toString(frames.size() - 1).getBytes(StandardCharsets.US_ASCII);
            return new Frame(meter, "test", TYPE, "", NOW, bytes);
        }

        @Override
        public String name() {
            return "text";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Set<String> contentTypes() {
            return Set.of(TYPE);
        }

        @Override
        public synchronized Decoded decode(Frame frame, DecodeContext names) throws FrameRejectedException {
            if (broken) {
                throw new IllegalStateException("a bug of the codec");
            }
            String text = new String(frame.bytes(), StandardCharsets.US_ASCII);
            if (!text.matches("\\d+")) {
                throw new FrameRejectedException("number", 0, "must be digits, was '" + text + "'");
            }
            return new Decoded(frames.get(Integer.parseInt(text)), List.of());
        }
    }

    private final class RecordedEvents implements Events {
        @Override
        public void publish(String type, Event.Severity severity, String text) {
            events.add(new Event(events.size() + 1L, NOW, type, severity, Optional.empty(), text));
        }

        @Override
        public void publish(String type, Event.Severity severity, String meter, String text) {
            events.add(new Event(events.size() + 1L, NOW, type, severity, Optional.of(meter), text));
        }

        @Override
        public List<Event> recent(long after, int limit) {
            return List.copyOf(events);
        }
    }

    private static final class NoModels implements DeviceModels {
        @Override
        public Optional<DeviceModel> find(String name) {
            return Optional.empty();
        }

        @Override
        public DeviceModel modelOf(String meter) {
            return new DeviceModel("generic", "Generic", List.of(), List.of(), Map.of());
        }

        @Override
        public Collection<DeviceModel> models() {
            return List.of();
        }

        @Override
        public RegisterNames namesOf(String meter) {
            return name -> Optional.empty();
        }

        @Override
        public String title(Obis obis) {
            return obis.toString();
        }
    }
}
