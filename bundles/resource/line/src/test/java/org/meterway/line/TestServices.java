// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Receipt;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.PskBinding;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

/** What a line needs around it, in memory, with a clock that a test moves. */
final class TestServices {
    final Map<String, Meter> meters = new ConcurrentHashMap<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final MemoryStore store = new MemoryStore();
    volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");
    /** What intake says of every frame; a test may hold it back. */
    volatile CompletableFuture<Receipt> receipt = CompletableFuture.completedFuture(new Receipt(1, 1));

    final LineServices services = new LineServices(new Known(), store, new Movable());

    TestServices() {
        services.protocols = List.of(new Plain());
        services.codecs = List.of(new PlainCodec());
        services.events = new Told();
        services.intake = new Taking();
    }

    private final class Movable extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final class Taking implements Intake {
        @Override
        public CompletionStage<Receipt> accept(Frame frame) {
            CompletionStage<Receipt> said = receipt;
            frames.add(frame);
            return said;
        }

        @Override
        public IntakeStatistics statistics() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Told implements Events {
        @Override
        public void publish(String type, Event.Severity severity, String text) {
            events.add(type);
        }

        @Override
        public void publish(String type, Event.Severity severity, String meter, String text) {
            events.add(type + " " + meter);
        }

        @Override
        public List<Event> recent(long after, int limit) {
            return List.of();
        }
    }

    /** Takes {@code <ADDRESS OBIS=VALUE>} for watt-hours. */
    private static final class PlainCodec implements Codec {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Set<String> contentTypes() {
            return Set.of("application/x.plain");
        }

        @Override
        public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
            String text = new String(frame.bytes(), StandardCharsets.ISO_8859_1);
            List<Reading> readings = new ArrayList<>();
            try {
                Quantity quantity = Quantity.of(frame.target(), Unit.WATT_HOUR);
                long count = new BigDecimal(text.substring(text.indexOf('=') + 1, text.length() - 1))
                        .movePointRight(6)
                        .longValueExact();
                readings.add(new Reading(quantity, frame.receivedAt(), Duration.ZERO, count, 0));
            } catch (RuntimeException e) {
                throw new FrameRejectedException("value", 0, e.toString());
            }
            return new Decoded(readings, List.of());
        }
    }

    /** An inventory that is only asked. */
    private final class Known implements Inventory {
        @Override
        public Optional<Meter> find(String id) {
            return Optional.ofNullable(meters.get(id));
        }

        @Override
        public Optional<Meter> findByEndpoint(String endpoint) {
            return Optional.empty();
        }

        @Override
        public Stream<Meter> meters() {
            return meters.values().stream();
        }

        @Override
        public int size() {
            return meters.size();
        }

        @Override
        public void put(Meter meter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void put(Meter meter, List<Credential> credentials) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remove(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Credential> credentials(String id) {
            return List.of();
        }

        @Override
        public Optional<byte[]> key(String id, String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> keyNames(String id) {
            return Set.of();
        }

        @Override
        public void putKeys(String id, Map<String, byte[]> keys) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PskBinding> findPsk(String identity) {
            return Optional.empty();
        }

        @Override
        public boolean enrolmentOpen() {
            return false;
        }

        @Override
        public Meter enrol(String endpoint) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ImportReport importCsv(Reader csv) {
            throw new UnsupportedOperationException();
        }
    }
}
