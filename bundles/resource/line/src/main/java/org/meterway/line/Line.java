// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.event.Event;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.LineStatus;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line: its port, the one thread that uses it, the orders that wait for it and how its meters stand. Thread-safe. */
@Designate(ocd = Config.class, factory = true)
@Component(service = Line.class, configurationPid = Config.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Line {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LineServices services;
    private final Config config;
    private final PortAddress port;
    private final Overrides overrides;
    private final PortKeeper keeper;
    private final FairQueue queue;
    private final Traffic traffic = new Traffic();
    private final Map<String, Standing> standings = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable ProbeRun probe;

    @Activate
    public Line(@Reference LineServices services, Config config) {
        this.services = services;
        this.config = config;
        configured("x", ""); // says what is wrong with the name
        this.port = new PortAddress(config.port());
        this.overrides = new Overrides(config);
        atLeastOne("budget.seconds", config.budget_seconds());
        atLeastOne("pause.seconds", config.pause_seconds());
        atLeastOne("pause.limit.seconds", config.pause_limit_seconds());
        atLeastOne("queue.size", config.queue_size());
        this.queue = new FairQueue(config.queue_size());
        this.keeper = new PortKeeper(config.name(), config.port(), port::open, services, traffic, System::nanoTime);
        this.thread = new Thread(this::work, "meterway-line-" + config.name());
        thread.setDaemon(true);
        thread.start();
        LOG.info("line {} on {}", config.name(), config.port());
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, was " + value);
        }
    }

    /** The thread is not interrupted, because it may be writing to the store, which that would break. */
    @Deactivate
    public void stop() throws InterruptedException {
        closing.countDown();
        queue.close().forEach(order -> order.refuse("is not asked any more: the line was closed"));
        keeper.abort();
        thread.join(TimeUnit.SECONDS.toMillis(10));
        if (thread.isAlive()) {
            LOG.warn("the thread of line {} does not end", config.name());
        }
    }

    private void work() {
        try {
            while (closing.getCount() > 0) {
                Optional<Transport> open = keeper.ensure();
                if (open.isEmpty()) {
                    closing.await(Math.min(keeper.pause(), IDLE_NANOS), TimeUnit.NANOSECONDS);
                    continue;
                }
                try {
                    turn(open.get());
                } catch (IOException e) {
                    keeper.lost(e);
                } catch (RuntimeException e) {
                    LOG.error("line {}: an order failed", config.name(), e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            keeper.close();
        }
    }

    private void turn(Transport transport) throws IOException, InterruptedException {
        Optional<Order> order = queue.take(IDLE_NANOS);
        if (order.isPresent()) {
            order.get().run(transport);
        } else if (closing.getCount() > 0) {
            traffic.discarded.add(transport.receive(GLANCE_NANOS).length); // notices a port that is gone
            askSilentMeter(transport);
        }
    }

    /** The line has nothing to do: whether a meter that was silent is back. */
    private void askSilentMeter(Transport transport) throws IOException {
        Instant now = services.now();
        for (Map.Entry<String, Standing> each : standings.entrySet()) {
            if (each.getValue().due(now)) {
                ask(transport, each.getKey(), each.getValue());
                return;
            }
        }
    }

    private void ask(Transport transport, String id, Standing standing) throws IOException {
        Optional<Meter> meter = services.inventory
                .find(id)
                .filter(known -> known.line().filter(this::here).isPresent());
        LineAddress address = standing.address();
        Optional<LineProtocol> protocol = services.protocol(address.protocol());
        if (meter.isEmpty() || protocol.isEmpty()) {
            standings.remove(id);
            return;
        }
        Dialogue dialogue;
        try {
            dialogue = protocol.get().probe(address, new MeterContext(services, meter));
        } catch (RuntimeException e) {
            LOG.debug("line {}: meter {} cannot be probed", config.name(), id, e);
            standings.remove(id);
            return;
        }
        Duration budget = Duration.ofSeconds(config.budget_seconds());
        Outcome outcome = trial(transport, dialogue, settings(protocol.get().settings()), budget);
        if (outcome instanceof Outcome.Answered) {
            answered(id);
        } else {
            silent(id, "");
        }
    }

    private boolean here(LineAddress address) {
        return address.line().equals(config.name());
    }

    /** Waits for its turn; never blocks. */
    CompletableFuture<Answer> send(Meter meter, LineAddress given, Command command) {
        LineAddress address = config.protocol().isEmpty()
                ? given
                : new LineAddress(given.line(), config.protocol(), given.address(), given.options());
        MeterOrder order = new MeterOrder(
                this,
                meter,
                address,
                command,
                System.nanoTime() + command.timeout().toNanos());
        CompletableFuture<Answer> answer = order.answer();
        Optional<Instant> skipped = skipped(meter.id(), address);
        if (skipped.isPresent()) {
            order.refuse("is silent and is not asked again before " + skipped.get());
        } else if (!queue.offer(order)) {
            order.refuse("cannot be asked now: too many orders wait for the line");
        }
        return answer;
    }

    boolean offer(Order order) {
        return queue.offer(order);
    }

    Outcome exchange(Transport transport, Dialogue dialogue, LineSettings protocol, long deadline) throws IOException {
        traffic.exchanges.increment();
        return new Exchange(
                        transport,
                        System::nanoTime,
                        settings(protocol),
                        overrides::times,
                        config.echo(),
                        TimeUnit.SECONDS.toNanos(config.budget_seconds()),
                        deadline,
                        traffic)
                .run(dialogue);
    }

    /** With these settings and no others. */
    Outcome trial(Transport transport, Dialogue dialogue, LineSettings settings, Duration limit) throws IOException {
        traffic.exchanges.increment();
        long deadline = System.nanoTime() + limit.toNanos();
        return new Exchange(
                        transport,
                        System::nanoTime,
                        settings,
                        changed -> changed,
                        config.echo(),
                        limit.toNanos(),
                        deadline,
                        traffic)
                .run(dialogue);
    }

    LineSettings settings(LineSettings protocol) {
        return overrides.settings(protocol);
    }

    LineAddress configured(String protocol, String address) {
        return new LineAddress(config.name(), protocol, address, Map.of());
    }

    /** Until when a meter is left alone. */
    Optional<Instant> skipped(String meter, LineAddress address) {
        Standing standing = standings.computeIfAbsent(
                meter,
                ignored -> new Standing(
                        address,
                        Duration.ofSeconds(config.pause_seconds()),
                        Duration.ofSeconds(Math.max(config.pause_seconds(), config.pause_limit_seconds()))));
        standing.at(address);
        Optional<Instant> until = standing.skipped(services.now());
        if (until.isPresent()) {
            traffic.skipped.increment();
        }
        return until;
    }

    void answered(String meter) {
        traffic.answered.increment();
        Standing standing = standings.get(meter);
        if (standing != null && standing.answered(services.now())) {
            services.tell(
                    "line.meter.returned",
                    Event.Severity.INFO,
                    meter,
                    "Meter " + meter + " answers again on line " + config.name());
        }
    }

    void silent(String meter, String reason) {
        traffic.silent.increment();
        Standing standing = standings.get(meter);
        if (standing != null && standing.silent(services.now())) {
            services.tell(
                    "line.meter.silent",
                    Event.Severity.WARNING,
                    meter,
                    "Meter " + meter + " does not answer on line " + config.name()
                            + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    void broken() {
        traffic.broken.increment();
    }

    LineProbe startProbe(List<LineProtocol> protocols, String address) {
        synchronized (standings) {
            ProbeRun running = probe;
            if (running != null && running.state().endedAt().isEmpty()) {
                throw new IllegalStateException("line " + config.name() + " is being probed already");
            }
            ProbeRun started = new ProbeRun(this, protocols, address, !port.remote());
            if (!queue.offer(started)) {
                throw new IllegalStateException("too many orders wait for line " + config.name());
            }
            probe = started;
            return started.state();
        }
    }

    Optional<LineProbe> probe() {
        return Optional.ofNullable(probe).map(ProbeRun::state);
    }

    boolean stopProbe() {
        ProbeRun running = probe;
        return running != null && running.stop();
    }

    String name() {
        return config.name();
    }

    LineServices services() {
        return services;
    }

    boolean open() {
        return keeper.open();
    }

    /** Why the port is not open. */
    String trouble() {
        return keeper.trouble();
    }

    Optional<Standing> standing(String meter) {
        return Optional.ofNullable(standings.get(meter));
    }

    int count(LineStatus.State state) {
        return (int) standings.values().stream()
                .filter(standing -> standing.state() == state)
                .count();
    }

    /** Goes through the inventory. */
    LineStatus status() {
        List<LineStatus.OnLine> meters = new ArrayList<>();
        services.inventory
                .meters()
                .forEach(meter -> meter.line().filter(this::here).ifPresent(address -> {
                    Optional<Standing> standing = standing(meter.id());
                    meters.add(new LineStatus.OnLine(
                            meter.id(),
                            config.protocol().isEmpty() ? address.protocol() : config.protocol(),
                            address.address(),
                            standing.map(Standing::state).orElse(LineStatus.State.UNKNOWN),
                            standing.flatMap(Standing::lastAnswer),
                            standing.flatMap(Standing::skippedUntil)));
                }));
        meters.sort(Comparator.comparing(LineStatus.OnLine::meter));
        long silent = meters.stream()
                .filter(meter -> meter.state() == LineStatus.State.SILENT)
                .count();
        String text = open()
                ? meters.size() + " meters" + (silent == 0 ? "" : ", " + silent + " silent")
                : "no port: " + trouble();
        return new LineStatus(
                config.name(),
                config.port(),
                open(),
                text,
                queue.size(),
                meters,
                new LinkedHashMap<>(traffic.values()));
    }
}
