// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.AdmissionControl;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ConnectionListener;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.order.Forecast;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderQuery;
import org.meterway.api.order.OrderState;
import org.meterway.api.order.Orders;
import org.meterway.api.order.Rehearsals;
import org.meterway.api.order.Run;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.PlanRefusedException;
import org.meterway.api.plan.Plans;
import org.meterway.api.running.Condition;
import org.meterway.api.running.MeterRunning;
import org.meterway.api.running.RunningStates;
import org.meterway.api.running.Storm;
import org.meterway.api.running.ZoneRunning;
import org.meterway.api.store.DocumentStore;
import org.meterway.scheduling.dispatch.Settings;
import org.meterway.scheduling.dispatch.Standing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scheduling as the rest of the gateway sees it. Immediate, because work is due whether or not anybody asks. */
@Designate(ocd = Config.class)
@Component(
        immediate = true,
        configurationPid = Config.PID,
        service = {
            Plans.class,
            Orders.class,
            RunningStates.class,
            Rehearsals.class,
            ConnectionListener.class,
            AdmissionControl.class,
            HealthReporter.class
        })
public final class Scheduler
        implements Plans, Orders, RunningStates, Rehearsals, ConnectionListener, AdmissionControl, HealthReporter {
    private static final int MOST_FORECASTS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final Inventory inventory;
    private final Clock clock;
    private final OrderLog log;
    private final Engine engine;
    private final Loop loop;
    private final PlanBook book;
    private final Judge judge;
    private final Governor governor;
    private final Settings settings;
    private final Map<String, ConcurrentSkipListMap<Instant, Forecast>> forecasts = new ConcurrentHashMap<>();

    @Reference(policy = DYNAMIC, cardinality = OPTIONAL)
    private volatile @Nullable Events events;

    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    private volatile Collection<Channel> channels = List.of();

    @Activate
    public Scheduler(
            @Reference DocumentStore store,
            @Reference Inventory inventory,
            @Reference DeviceModels models,
            Config config) {
        this(store, inventory, models, config, Clock.systemUTC());
    }

    Scheduler(DocumentStore store, Inventory inventory, DeviceModels models, Config config, Clock clock) {
        this.inventory = inventory;
        this.clock = clock;
        this.settings = settings(config);
        this.governor = new Governor(
                positive("registrations.per.second", config.registrations_per_second()),
                this::priority,
                clock,
                new SplittableRandom());
        PlanRules rules = new PlanRules(() -> inventory, config.disconnect_limit());
        Engine.Parts parts = new Engine.Parts(
                () -> inventory,
                () -> models,
                () -> channels,
                () -> events,
                rules,
                clock,
                new SplittableRandom(),
                settings,
                positive("history.mebibytes", config.history_mebibytes()) * 1024L * 1024L,
                Math.max(0, config.inventory_refresh_seconds()) * 1000L,
                positive("extra.reads", config.extra_reads()));
        Instant oldest =
                clock.instant().minus(Duration.ofDays(positive("orders.keep.days", config.orders_keep_days())));
        this.log = new OrderLog(store);
        try {
            Loop[] later = new Loop[1];
            this.engine = new Engine(parts, log, task -> later[0].execute(task));
            this.loop = new Loop(engine::tick);
            later[0] = loop;
            this.judge = new Judge(engine.roster(), engine.dispatcher(), engine.wire());
            this.book = new PlanBook(store, rules, clock, new PlanBook.Listener() {
                @Override
                public void changed(PlanBook.Kept now, @Nullable Plan before, long at) {
                    loop.execute(() -> engine.changed(now, before, at));
                }

                @Override
                public void removed(Plan plan) {
                    forecasts.remove(plan.id());
                    loop.execute(() -> engine.removed(plan));
                }
            });
            List<PlanBook.Kept> plans = book.all();
            Map<String, Long> progress = log.progress();
            List<Order> orders = log.orders(oldest);
            loop.execute(() -> engine.resume(plans, progress, orders));
            LOG.info("scheduling {} plans", plans.size());
        } catch (RuntimeException failed) {
            log.close();
            throw failed;
        }
    }

    /** Begins to dispatch. Not in the constructor: channels and events are bound after it, and work would be tried without them. */
    @Activate
    void start() {
        loop.start();
    }

    private static Settings settings(Config config) {
        Settings usual = Settings.DEFAULT;
        return new Settings(
                config.in_flight(),
                usual.zoneLeast(),
                config.zone_concurrency_first(),
                config.zone_concurrency_most(),
                usual.breakerAfter(),
                usual.breakerMillis(),
                usual.breakerMostMillis(),
                usual.recheckMillis(),
                usual.downAfter());
    }

    private static int positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, was " + value);
        }
        return value;
    }

    @Deactivate
    void stop() {
        loop.close();
        engine.close();
        log.close();
    }

    @Override
    public void changed(String meter, Connection.State state) {
        Standing standing =
                switch (state) {
                    case REGISTERED -> Standing.READY;
                    case ASLEEP -> Standing.ASLEEP;
                    case UNREGISTERED -> Standing.GONE;
                };
        loop.execute(() -> {
            int index = engine.roster().find(meter, clock.millis());
            if (index >= 0) {
                engine.dispatcher().heard(index, standing, clock.millis());
            }
        });
    }

    @Override
    public List<Plan> plans() {
        return book.plans();
    }

    @Override
    public Optional<Plan> find(String id) {
        return book.find(id);
    }

    @Override
    public Plan put(Plan plan) throws PlanRefusedException {
        return book.put(plan);
    }

    @Override
    public boolean remove(String id) {
        return book.remove(id);
    }

    @Override
    public List<Instant> next(Plan plan, Instant after, int limit) {
        return book.next(plan, after, limit);
    }

    @Override
    public List<Order> find(OrderQuery query) {
        return loop.ask(() -> engine.desk().find(query));
    }

    @Override
    public Optional<Order> order(String id) {
        return loop.ask(() -> engine.desk().find(id));
    }

    @Override
    public List<Run> runs(String plan) {
        return loop.ask(() -> engine.desk().runs(plan));
    }

    @Override
    public boolean cancel(String id) {
        return loop.ask(() -> engine.cancel(id));
    }

    @Override
    public CompletionStage<Order> read(
            String purpose, String meter, Action read, Instant due, Duration deadline, int priority) {
        if (!purpose.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("purpose must be 1–32 characters of a-z 0-9 -, was '" + purpose + "'");
        }
        if (read.sideEffects()) {
            throw new IllegalArgumentException("only reads can be ordered outside a plan, was " + read);
        }
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(31)) > 0) {
            throw new IllegalArgumentException("deadline must be above 0 and at most 31 days, was " + deadline);
        }
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("priority must be 0–9, was " + priority);
        }
        if (due.isAfter(clock.instant())) {
            throw new IllegalArgumentException("due must be now or before, was " + due);
        }
        return loop.ask(() -> engine.read(purpose, meter, read, due, deadline, priority));
    }

    @Override
    public List<ZoneRunning> zones() {
        return loop.ask(() -> {
            engine.roster().refresh(clock.millis());
            return judge.zones();
        });
    }

    @Override
    public List<MeterRunning> meters(
            Optional<String> zone, Set<Condition> conditions, Optional<String> after, int limit) {
        return loop.ask(() -> {
            engine.roster().refresh(clock.millis());
            return judge.meters(zone, conditions, after, limit);
        });
    }

    @Override
    public Optional<MeterRunning> meter(String id) {
        Function<Integer, MeterRunning> describe =
                index -> judge.describe(index, inventory.find(id).orElseThrow());
        return loop.ask(() -> Optional.of(engine.roster().find(id, clock.millis()))
                .filter(index -> index >= 0 && inventory.find(id).isPresent())
                .map(describe));
    }

    @Override
    public Storm storm() {
        return governor.storm();
    }

    @Override
    public Optional<Duration> admit(String endpoint) {
        return governor.admit(endpoint);
    }

    /** How urgent the most urgent plan for a meter is. */
    private int priority(String endpoint) {
        return inventory
                .findByEndpoint(endpoint)
                .map(meter -> book.plans().stream()
                        .filter(plan -> !plan.paused() && plan.selector().selects(meter))
                        .mapToInt(Plan::priority)
                        .max()
                        .orElse(0))
                .orElse(0);
    }

    @Override
    public Forecast rehearse(String plan) {
        List<PlanBook.Kept> all = book.all();
        PlanBook.Kept kept = all.stream()
                .filter(each -> each.plan().id().equals(plan))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no plan " + plan));
        Rehearsal rehearsal = loop.ask(() -> new Rehearsal(engine, settings, kept, all, clock.instant()));
        Forecast forecast = rehearsal.run();
        ConcurrentSkipListMap<Instant, Forecast> kepts =
                forecasts.computeIfAbsent(plan, id -> new ConcurrentSkipListMap<>());
        kepts.put(forecast.due(), forecast);
        while (kepts.size() > MOST_FORECASTS) {
            kepts.pollFirstEntry();
        }
        return forecast;
    }

    @Override
    public List<Forecast> forecasts(String plan) {
        ConcurrentSkipListMap<Instant, Forecast> kepts = forecasts.get(plan);
        return kepts == null ? List.of() : List.copyOf(kepts.descendingMap().values());
    }

    /** Figures the dispatcher's thread leaves for others to read, so that health never waits. */
    @Override
    public Health health() {
        Engine.Figures figures = engine.figures();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("plans", book.all().size());
        values.put("openRuns", figures.openRuns());
        values.put("underWay", figures.underWay());
        values.put("waiting", figures.waiting());
        values.put("sent", figures.sent());
        figures.orders()
                .forEach((state, count) -> values.put("orders." + state.name().toLowerCase(Locale.ROOT), count));
        long behind = Math.max(0, clock.millis() - figures.at());
        boolean stuck = behind > 10_000;
        boolean well = !log.failing() && book.unreadable() == 0 && !stuck;
        StringBuilder text = new StringBuilder()
                .append(book.all().size())
                .append(" plans, ")
                .append(figures.underWay())
                .append(" orders under way, ")
                .append(figures.orders().getOrDefault(OrderState.QUEUED, 0L)
                        + figures.orders().getOrDefault(OrderState.DUE, 0L))
                .append(" waiting");
        Storm storm = governor.storm();
        values.put("storm", storm.active());
        if (storm.active()) {
            values.put("stormAdmitted", storm.admitted());
            values.put("stormWaiting", storm.waiting());
            values.put(
                    "stormExpectedEnd",
                    storm.expectedEnd().map(Instant::toString).orElse(""));
            text.append("; many meters come back at once: ")
                    .append(storm.admitted())
                    .append(" admitted, ")
                    .append(storm.waiting())
                    .append(" told to come later, the last about ")
                    .append(storm.expectedEnd().map(Instant::toString).orElse("soon"));
        }
        if (log.failing()) {
            text.append("; the store fails, nothing with side effects is sent");
        }
        if (book.unreadable() > 0) {
            text.append("; ").append(book.unreadable()).append(" plans are unreadable, see the log");
        }
        if (stuck) {
            text.append("; the dispatcher is behind by ").append(behind / 1000).append(" s");
        }
        return new Health("scheduling", well ? Health.Status.UP : Health.Status.DEGRADED, text.toString(), values);
    }

    /** For tests: the thread of the dispatcher. */
    Loop loop() {
        return loop;
    }

    /** For tests that wire the references themselves. */
    void bind(@Nullable Events newEvents, Collection<Channel> newChannels) {
        events = newEvents;
        channels = newChannels;
    }
}
