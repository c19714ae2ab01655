// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;
import org.osgi.util.converter.Converters;

/** The scheduler with everything around it in memory and a clock that the test moves. */
final class House implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T10:30:00Z");
    static final Answer DONE = new Answer(true, "2.05", "", Map.of(), "");

    final MemoryDocuments store;
    final Map<String, Meter> meters;
    final List<Command> sent = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Map<String, Connection.State> states = new ConcurrentHashMap<>();
    volatile Function<Command, CompletionStage<Answer>> meterDoes = command -> CompletableFuture.completedFuture(DONE);
    volatile Instant now;
    final Scheduler scheduler;

    House() {
        this(new MemoryDocuments(), new ConcurrentHashMap<>(), START);
    }

    House(MemoryDocuments store, Map<String, Meter> meters, Instant now, Object... settings) {
        this.store = store;
        this.meters = meters;
        this.now = now;
        Map<String, Object> map = new HashMap<>();
        map.put("inventory.refresh.seconds", 0);
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        scheduler = new Scheduler(
                store,
                inventory(),
                new OneModel(),
                Converters.standardConverter().convert(map).to(Config.class),
                new MovableClock());
        scheduler.bind(new EventList(), List.of(new TestChannel()));
        scheduler.start();
    }

    /** The same house after a crash: nothing was closed, the store is as it was. */
    House crash(Instant then) {
        House next = new House(store.copy(), meters, then);
        next.meterDoes = meterDoes;
        return next;
    }

    void meter(String id, String zone) {
        meters.put(id, Meter.builder(id).zone(zone).state(MeterState.ACTIVE).build());
    }

    /** Waits until something is so; time stands still meanwhile. */
    void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen; sent " + sent + ", events " + events);
            }
            LockSupport.parkNanos(50_000);
        }
    }

    /** Moves the clock in steps, letting the scheduler do what is due at each. */
    void pass(Duration time, Duration step) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(step);
            settle();
        }
    }

    /** Lets the scheduler do what is due now. */
    void settle() {
        // A round that has begun may have looked at the clock before: two whole ones must follow.
        long enough = scheduler.loop().rounds() + 3;
        await(() -> {
            scheduler.loop().execute(() -> {});
            return scheduler.loop().rounds() >= enough;
        });
    }

    static CompletionStage<Answer> silence(Command command) {
        return CompletableFuture.failedFuture(
                new MeterUnavailableException(command.meter() + " gave no answer within 30000 ms"));
    }

    @Override
    public void close() {
        scheduler.stop();
    }

    private final class MovableClock extends Clock {
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

    private final class TestChannel implements Channel {
        @Override
        public String name() {
            return "lwm2m";
        }

        @Override
        public Optional<Connection> connection(String meter) {
            Connection.State state = states.getOrDefault(meter, Connection.State.REGISTERED);
            return Optional.of(new Connection("lwm2m", state, "127.0.0.1:1", now));
        }

        @Override
        public int registered() {
            return meters.size();
        }

        @Override
        public int asleep() {
            return 0;
        }

        @Override
        public List<ManagedObject> objects(String meter) {
            return List.of(
                    new ManagedObject(
                            3305,
                            "Power Measurement",
                            "1.0",
                            List.of(2),
                            List.of(
                                    new ManagedObject.ManagedResource(5805, "Energy", "R", "Float", "Wh", false),
                                    new ManagedObject.ManagedResource(5800, "Power", "R", "Float", "W", false))),
                    new ManagedObject(3312, "Power Control", "1.0", List.of(0), List.of()));
        }

        @Override
        public CompletionStage<Answer> send(Command command) {
            sent.add(command);
            return meterDoes.apply(command);
        }
    }

    private final class EventList implements Events {
        @Override
        public void publish(String type, Event.Severity severity, String text) {
            events.add(new Event(events.size() + 1, now, type, severity, Optional.empty(), text));
        }

        @Override
        public void publish(String type, Event.Severity severity, String meter, String text) {
            events.add(new Event(events.size() + 1, now, type, severity, Optional.of(meter), text));
        }

        @Override
        public List<Event> recent(long after, int limit) {
            return new ArrayList<>(events);
        }
    }

    private static final class OneModel implements DeviceModels {
        private final Register energy = new Register(
                "", "Energy", Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), BigDecimal.ONE, Duration.ofMinutes(30), true);
        private final Register power = new Register(
                "/3305/*/5800", "Power", Quantity.of("1-0:1.7.0", Unit.WATT), BigDecimal.ONE, Duration.ZERO, false);
        private final DeviceModel model = new DeviceModel("one", "One", List.of(energy, power), List.of(), Map.of());

        @Override
        public Optional<DeviceModel> find(String name) {
            return Optional.of(model);
        }

        @Override
        public DeviceModel modelOf(String meter) {
            return model;
        }

        @Override
        public Collection<DeviceModel> models() {
            return List.of(model);
        }

        @Override
        public RegisterNames namesOf(String meter) {
            return name -> name.equals("/3305/2/5805") ? Optional.of(energy) : Optional.empty();
        }

        @Override
        public String title(Obis obis) {
            return obis.toString();
        }
    }

    /** Only what scheduling asks; anything else is a mistake. */
    private Inventory inventory() {
        return (Inventory) Proxy.newProxyInstance(
                House.class.getClassLoader(),
                new Class<?>[] {Inventory.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "find" -> Optional.ofNullable(meters.get((String) arguments[0]));
                    case "meters" -> meters.values().stream();
                    case "size" -> meters.size();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
