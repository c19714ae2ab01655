// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.event.Events;
import org.meterway.api.intake.Intake;
import org.meterway.api.intake.IntakeStatistics;
import org.meterway.api.intake.Receipt;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.reading.Reading;
import org.meterway.api.store.DocumentStore;
import org.osgi.util.converter.Converters;

/** The real lines with real protocols and codecs; inventory, store and intake in memory. */
final class LineFixture implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final LineChannel channel;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final LineServices services;
    private final Codec codec;

    LineFixture(LineProtocol protocol, Codec codec) {
        this.codec = codec;
        services = new LineServices(
                stand(Inventory.class, this::inventory), stand(DocumentStore.class, this::store), Clock.systemUTC());
        services.protocols = List.of(protocol);
        services.codecs = List.of(codec);
        services.intake = new Taking();
        services.events = stand(
                Events.class,
                (name, arguments) -> events.add(arguments[0] + (arguments.length == 4 ? " " + arguments[2] : "")));
        channel = new LineChannel(services);
    }

    private interface Method {
        Object call(String name, Object[] arguments);
    }

    private static <T> T stand(Class<T> type, Method method) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                    Object result = method.call(called.getName(), arguments);
                    return called.getReturnType() == void.class ? null : result;
                }));
    }

    private Object inventory(String name, Object[] arguments) {
        return switch (name) {
            case "find" -> Optional.ofNullable(meters.get((String) arguments[0]));
            case "meters" -> meters.values().stream();
            case "key" -> Optional.ofNullable(keys.get(arguments[0] + "/" + arguments[1]));
            default -> throw new UnsupportedOperationException(name);
        };
    }

    private Object store(String name, Object[] arguments) {
        if (name.equals("get")) {
            return Optional.ofNullable(documents.get(arguments[0] + "/" + arguments[1]));
        }
        ((List<?>) arguments[0]).forEach(each -> {
            DocumentStore.Change change = (DocumentStore.Change) each;
            documents.put(
                    change.collection() + "/" + change.key(), change.document().orElseThrow());
        });
        return null;
    }

    /** Refuses what the codec refuses, as the real one does. */
    private final class Taking implements Intake {
        @Override
        public CompletionStage<Receipt> accept(Frame frame) {
            MeterContext context = new MeterContext(services, Optional.of(meters.get(frame.meter())));
            try {
                readings.addAll(codec.decode(frame, context).readings());
                return CompletableFuture.completedFuture(new Receipt(1, 1));
            } catch (FrameRejectedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public IntakeStatistics statistics() {
            throw new UnsupportedOperationException();
        }
    }

    Line line(String port, Object... settings) {
        Map<String, Object> map = new HashMap<>(Map.of("name", "north", "port", port));
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        Line line =
                new Line(services, Converters.standardConverter().convert(map).to(Config.class));
        lines.add(line);
        channel.lines = List.of(line);
        return line;
    }

    void meter(String id, String protocol, String address, Map<String, String> options) {
        meters.put(
                id,
                Meter.builder(id)
                        .line(new LineAddress("north", protocol, address, options))
                        .build());
    }

    void key(String meter, String name, byte[] secret) {
        keys.put(meter + "/" + name, secret);
    }

    CompletableFuture<Answer> read(String meter, String path) {
        return read(meter, path, LONG);
    }

    CompletableFuture<Answer> read(String meter, String path, Duration timeout) {
        return channel.send(Command.read(meter, path, timeout)).toCompletableFuture();
    }

    /** Reads, and finds the value in the answer and in what intake took. */
    void assertRead(String meter, String obis, String value) throws Exception {
        readings.clear();
        Answer answer = read(meter, obis).get();
        assertTrue(answer.success(), answer.toString());
        assertTrue(answer.values().toString().contains(obis), answer.toString());
        BigDecimal expected = new BigDecimal(value);
        assertTrue(
                readings.stream()
                        .anyMatch(
                                reading -> reading.quantity().obis().toString().equals(obis)
                                        && reading.value().compareTo(expected) == 0),
                () -> readings + " and " + answer);
    }

    /** What intake took of this quantity since the last {@link #assertRead}. */
    List<Reading> readings(String obis) {
        return readings.stream()
                .filter(reading -> reading.quantity().obis().toString().equals(obis))
                .toList();
    }

    void await(String event) throws InterruptedException {
        for (String next = events.poll(60, TimeUnit.SECONDS);
                !event.equals(next);
                next = events.poll(60, TimeUnit.SECONDS)) {
            assertTrue(next != null, "no event " + event);
        }
    }

    LineProbe probe(String address, String... protocols) throws InterruptedException {
        channel.startProbe("north", List.of(protocols), address);
        await("line.probe.ended");
        LineProbe probe = channel.probe("north").orElseThrow();
        assertEquals(1, probe.found().size(), probe.toString());
        return probe;
    }

    @Override
    public void close() throws InterruptedException {
        for (Line line : lines) {
            line.stop();
        }
    }
}
