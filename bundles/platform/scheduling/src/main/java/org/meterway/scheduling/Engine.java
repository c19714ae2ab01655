// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Channel;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.event.Events;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderState;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.Plan;
import org.meterway.scheduling.dispatch.Batch;
import org.meterway.scheduling.dispatch.Dispatcher;
import org.meterway.scheduling.dispatch.Fleet;
import org.meterway.scheduling.dispatch.Job;
import org.meterway.scheduling.dispatch.Members;
import org.meterway.scheduling.dispatch.Outcome;
import org.meterway.scheduling.dispatch.Settings;
import org.meterway.scheduling.dispatch.Task;
import org.meterway.scheduling.dispatch.Watcher;

/**
 * Plans become batches of orders, the dispatcher carries them out, what must last goes to the log. All of it on one thread, which is
 * whoever calls {@link #tick} and runs what the executor is given.
 */
final class Engine implements Agenda.Opener, Watcher, MeterWire.Host {
    private static final int MOST_ATTEMPTS_EXTRA = 100;
    private static final int EXTRA_TIMEOUT_MILLIS = 30_000;
    private static final int EXTRA_BACKOFF_MILLIS = 10_000;

    private final Parts parts;
    private final Fleet fleet = new Fleet(1024);
    private final Roster roster;
    private final OrderDesk desk;
    private final OrderLog log;
    private final Agenda agenda = new Agenda(this);
    private final MeterWire wire;
    private final Dispatcher dispatcher;
    /** Orders with side effects of before the restart whose batches may open again, by batch and meter. */
    private final Map<String, Map<String, Order>> before = new HashMap<>();

    private final Map<String, Long> through = new HashMap<>();
    private final Map<Batch, CompletableFuture<Order>> extras = new HashMap<>();
    private volatile Figures figures;

    /** What the engine works with. Services may be missing. */
    record Parts(
            Supplier<@Nullable Inventory> inventory,
            Supplier<@Nullable DeviceModels> models,
            Supplier<Collection<Channel>> channels,
            Supplier<@Nullable Events> events,
            PlanRules rules,
            Clock clock,
            RandomGenerator random,
            Settings settings,
            long historyBytes,
            long refreshMillis,
            int extraReads) {}

    /** @param loop runs on the engine's thread */
    Engine(Parts parts, OrderLog log, Executor loop) {
        this.parts = parts;
        this.log = log;
        this.roster = new Roster(parts.inventory(), fleet, parts.refreshMillis());
        this.desk = new OrderDesk(fleet, parts.historyBytes());
        this.wire = new MeterWire(roster, parts.channels(), parts.models(), log, parts.clock(), loop, this);
        this.dispatcher = new Dispatcher(fleet, parts.settings(), wire, parts.random(), this);
        desk.use(dispatcher.reasons());
        this.figures = new Figures(parts.clock().millis(), 0, 0, 0, 0, Map.of());
    }

    Fleet fleet() {
        return fleet;
    }

    Roster roster() {
        return roster;
    }

    OrderDesk desk() {
        return desk;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    MeterWire wire() {
        return wire;
    }

    Agenda agenda() {
        return agenda;
    }

    /** Takes up the work where it was left: what was under way with side effects failed, what was missed is caught up. */
    void resume(List<PlanBook.Kept> plans, Map<String, Long> progress, List<Order> orders) {
        long now = parts.clock().millis();
        for (Order order : orders) {
            Order known = order.state().ended() ? order : unknown(order, now);
            OrderDesk.parse(order.id()).ifPresent(name -> before.computeIfAbsent(name.key(), key -> new HashMap<>())
                    .put(name.meter(), known));
        }
        for (PlanBook.Kept kept : plans) {
            Plan plan = kept.plan();
            long after = Math.max(kept.since(), progress.getOrDefault(plan.id(), 0L));
            through.put(plan.id(), after);
            agenda.put(plan, kept.schedule(), plan.paused() ? now : after);
        }
        agenda.tick(now);
        // What is left belongs to runs that are over: they are remembered as they ended.
        before.forEach((key, known) -> remember(known));
        before.clear();
    }

    private Order unknown(Order order, long now) {
        Order failed = new Order(
                order.id(),
                order.plan(),
                order.meter(),
                order.due(),
                order.deadline(),
                order.expires(),
                OrderState.FAILED,
                order.attempts(),
                Optional.of(Instant.ofEpochMilli(now)),
                "unknown outcome: the gateway stopped before the answer came");
        log.ended(failed);
        publish(
                "order.unknown",
                Severity.WARNING,
                order.meter(),
                "It is not known whether order " + order.id()
                        + " was carried out: the gateway stopped before the answer" + " came; it is not sent again");
        return failed;
    }

    private void remember(Map<String, Order> known) {
        Order any = known.values().iterator().next();
        if (desk.has(any.plan(), any.due().toEpochMilli())) {
            return;
        }
        for (Order order : known.values()) {
            roster.find(order.meter(), parts.clock().millis());
        }
        Members members = Members.of(fleet, index -> known.containsKey(fleet.id(index)));
        Job job = new Job(any.plan(), 0, any, 0, 1, 1, 1, true);
        Batch batch = new Batch(
                job,
                any.due().toEpochMilli(),
                any.deadline().toEpochMilli(),
                any.expires().toEpochMilli(),
                members);
        restore(batch, known);
        desk.add(batch);
        desk.closed(batch);
    }

    private void restore(Batch batch, Map<String, Order> known) {
        for (int position = 0; position < batch.size(); position++) {
            Order order = known.get(fleet.id(batch.members().meter(position)));
            if (order != null) {
                batch.restore(
                        position,
                        order.state(),
                        order.attempts(),
                        order.ended().orElse(order.due()).toEpochMilli(),
                        dispatcher.reasons().of(order.reason()));
            }
        }
    }

    /**
     * A plan is new or changed.
     *
     * @param time when it was; not when this is called, or what was due in between would be lost
     */
    void changed(PlanBook.Kept now, @Nullable Plan old, long time) {
        Plan plan = now.plan();
        agenda.put(plan, now.schedule(), time);
        if (desk.open(plan.id()).isEmpty()) {
            progress(plan.id(), time);
        }
        if (old != null
                && !old.selector().equals(plan.selector())
                && plan.action().sideEffects()) {
            // What the new version does not want is not done by the old one either.
            cancelAll(plan.id(), "plan changed", position -> !selects(plan, position));
        }
    }

    private boolean selects(Plan plan, int meter) {
        var known = roster.meter(meter);
        return known != null && plan.selector().selects(known);
    }

    void removed(Plan plan) {
        agenda.remove(plan.id());
        cancelAll(plan.id(), "plan removed", meter -> true);
        through.remove(plan.id());
    }

    private void cancelAll(String plan, String reason, java.util.function.IntPredicate meters) {
        long now = parts.clock().millis();
        for (Batch batch : desk.open(plan)) {
            for (int position = 0; position < batch.size(); position++) {
                if (meters.test(batch.members().meter(position))) {
                    dispatcher.cancel(batch, position, reason, now);
                }
            }
        }
    }

    /**
     * What health shows.
     *
     * @param at when these were true, ms since 1970
     */
    record Figures(long at, int openRuns, int underWay, int waiting, long sent, Map<OrderState, Long> orders) {}

    /** Not older than a second while the engine runs; for any thread. */
    Figures figures() {
        return figures;
    }

    /** Does what is due; says in how many ms it wants to be called again at the latest. */
    long tick() {
        long now = parts.clock().millis();
        agenda.tick(now);
        long wake = Math.min(dispatcher.tick(now), agenda.nextDue());
        if (Math.abs(now - figures.at()) >= 1000) {
            figures = new Figures(
                    now,
                    desk.openRuns(),
                    dispatcher.inFlight(),
                    dispatcher.waiting(),
                    dispatcher.sent(),
                    desk.counts());
        }
        return Math.max(0, wake - now);
    }

    @Override
    public void open(Plan plan, long due, long expires) {
        if (desk.has(plan.id(), due)) {
            return;
        }
        long now = parts.clock().millis();
        Members members = roster.select(plan.selector(), now);
        Job job = new Job(
                plan.id(),
                plan.version(),
                plan.action(),
                plan.priority(),
                plan.retry().attempts(),
                (int) plan.retry().timeout().toMillis(),
                (int) plan.retry().backoff().toMillis(),
                plan.action().sideEffects());
        Batch batch = new Batch(job, due, due + plan.deadline().toMillis(), expires, members);
        Map<String, Order> known = before.remove(OrderDesk.key(plan.id(), due));
        if (known != null) {
            restore(batch, known);
        }
        desk.add(batch);
        Inventory inventory = parts.inventory().get();
        Optional<String> not =
                inventory == null ? Optional.empty() : parts.rules().whyNotNow(plan, inventory);
        if (not.isEmpty()) {
            dispatcher.open(batch);
            return;
        }
        publish("plan.refused", Severity.ALARM, "Plan " + plan.id() + " is not carried out: " + not.get());
        for (int position = 0; position < batch.size(); position++) {
            dispatcher.cancel(batch, position, not.get(), now);
        }
    }

    @Override
    public void missed(Plan plan, long due) {
        publish(
                "plan.missed",
                Severity.WARNING,
                "Plan " + plan.id() + " was due " + Instant.ofEpochMilli(due)
                        + " while the gateway was down; by its catch-up rule that is not made up for");
        worked(plan.id(), due);
    }

    @Override
    public void ended(Batch batch, int position) {
        OrderState state = batch.state(position);
        if (!batch.job().sideEffects()) {
            return;
        }
        Order order = desk.order(batch, position);
        log.ended(order);
        if (state == OrderState.FAILED || state == OrderState.EXPIRED) {
            publish(
                    "order." + state.name().toLowerCase(java.util.Locale.ROOT),
                    Severity.WARNING,
                    order.meter(),
                    "Order " + order.id() + ": " + order.reason());
        }
    }

    @Override
    public void closed(Batch batch) {
        CompletableFuture<Order> extra = extras.remove(batch);
        desk.closed(batch);
        if (extra != null) {
            extra.complete(desk.order(batch, 0));
            return;
        }
        String plan = batch.job().plan();
        worked(plan, batch.due());
        int bad = batch.count(OrderState.FAILED) + batch.count(OrderState.EXPIRED);
        publish(
                "plan.run",
                bad > 0 ? Severity.WARNING : Severity.INFO,
                "Plan " + plan + " due " + Instant.ofEpochMilli(batch.due()) + ": " + batch.size() + " orders, "
                        + batch.count(OrderState.DONE) + " done, " + batch.count(OrderState.LATE) + " late, "
                        + batch.count(OrderState.FAILED) + " failed, " + batch.count(OrderState.EXPIRED)
                        + " expired, " + batch.count(OrderState.CANCELLED) + " cancelled");
    }

    /** The work of a due time is over: the plan is done as far as its first run that is still open. */
    private void worked(String plan, long due) {
        long open = Long.MAX_VALUE;
        for (Batch other : desk.open(plan)) {
            open = Math.min(open, other.due() - 1);
        }
        progress(plan, Math.min(open, Math.max(due, through.getOrDefault(plan, 0L))));
    }

    private void progress(String plan, long time) {
        Long known = through.get(plan);
        if (known == null || time > known) {
            through.put(plan, time);
            log.progress(plan, time);
        }
    }

    @Override
    public void zone(int zone, boolean down) {
        String name = fleet.zoneName(zone).isEmpty() ? "of meters without a zone" : "of zone " + fleet.zoneName(zone);
        publish(
                down ? "zone.down" : "zone.up",
                down ? Severity.WARNING : Severity.INFO,
                "The link " + name + (down ? " is down: many meters in a row do not answer" : " is back"));
    }

    @Override
    public void answered(Task task, Outcome outcome) {
        dispatcher.answered(task, outcome, parts.clock().millis());
    }

    @Override
    public Order order(Task task) {
        return desk.order(task.batch(), task.position());
    }

    /** Takes an order back. */
    boolean cancel(String id) {
        return OrderDesk.parse(id)
                .map(name -> {
                    Batch batch = desk.batch(name.key());
                    int position = batch == null ? -1 : desk.position(batch, name.meter());
                    return position >= 0
                            && dispatcher.cancel(
                                    batch, position, "taken back", parts.clock().millis());
                })
                .orElse(false);
    }

    /** Orders one read outside any plan. */
    CompletableFuture<Order> read(
            String purpose, String meter, Action read, Instant due, Duration deadline, int priority) {
        if (extras.size() >= parts.extraReads()) {
            throw new RejectedExecutionException(parts.extraReads() + " reads outside plans wait already");
        }
        long now = parts.clock().millis();
        long dueMillis = due.getEpochSecond() * 1000;
        int index = roster.find(meter, now);
        if (index < 0) {
            throw new IllegalArgumentException("there is no meter " + meter);
        }
        String plan = "@" + purpose;
        // One batch each, so the meter is part of what tells it from others of the same time.
        String key = OrderDesk.key(plan, dueMillis) + "~" + meter;
        Batch same = desk.batch(key);
        if (same != null && same.open() > 0) {
            return extras.computeIfAbsent(same, batch -> new CompletableFuture<>());
        }
        Job job = new Job(
                plan, 0, read, priority, MOST_ATTEMPTS_EXTRA, EXTRA_TIMEOUT_MILLIS, EXTRA_BACKOFF_MILLIS, false);
        long end = now + deadline.toMillis();
        Batch batch = new Batch(job, dueMillis, end, end, Members.one(fleet, index));
        CompletableFuture<Order> result = new CompletableFuture<>();
        extras.put(batch, result);
        desk.addExtra(key, batch);
        dispatcher.open(batch);
        return result;
    }

    /** How many reads outside plans wait. */
    int extraReads() {
        return extras.size();
    }

    /** Ends whatever waits for reads outside plans; their orders stay as they are. */
    void close() {
        new ArrayList<>(extras.values())
                .forEach(each -> each.completeExceptionally(new RejectedExecutionException("scheduling stops")));
        extras.clear();
    }

    private void publish(String type, Severity severity, String text) {
        Events events = parts.events().get();
        if (events != null) {
            events.publish(type, severity, text);
        }
    }

    private void publish(String type, Severity severity, String meter, String text) {
        Events events = parts.events().get();
        if (events != null) {
            events.publish(type, severity, meter, text);
        }
    }
}
