// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderQuery;
import org.meterway.api.order.OrderState;
import org.meterway.api.order.Run;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.CatchUp;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.PlanRefusedException;
import org.meterway.api.plan.Selector;
import org.meterway.api.plan.Trigger;
import org.meterway.api.running.Condition;

class SchedulerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Plan.Builder hourly() {
        return Plan.builder("hourly").trigger(new Trigger.Every(Duration.ofHours(1), Duration.ZERO));
    }

    private static Plan.Builder disconnect() {
        return Plan.builder("cut")
                .action(new Action.Switch(false))
                .selector(Selector.ofMeters(List.of("m1")))
                .trigger(new Trigger.Once(House.START.plusSeconds(60)));
    }

    private static OrderQuery all() {
        return new OrderQuery(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), 1000);
    }

    private static Order only(House house) {
        List<Order> orders = house.scheduler.find(all());
        assertEquals(1, orders.size(), orders.toString());
        return orders.get(0);
    }

    @Test
    void aPlanReadsWhatTheDeviceModelOwesFromEveryMeterEveryHour() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.meter("m2", "b");
            house.scheduler.put(hourly().build());
            house.pass(Duration.ofMinutes(91), MINUTE);
            house.await(() -> house.scheduler.find(all()).stream().allMatch(each -> each.state() == OrderState.DONE));
            assertEquals(4, house.sent.size());
            assertEquals(Set.of("/3305/2/5805"), new HashSet<>(house.sent.get(0).paths()));
            assertEquals(Command.Operation.READ, house.sent.get(0).operation());
            List<Run> runs = house.scheduler.runs("hourly");
            assertEquals(
                    List.of(Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-11-22T11:00:00Z")),
                    runs.stream().map(Run::due).toList());
            assertEquals(2, runs.get(0).orders().get(OrderState.DONE));
            assertTrue(runs.get(0).ended().isPresent());
            assertEquals(1, house.scheduler.find(all()).get(0).attempts());
            assertEquals(
                    "hourly~20261122T120000Z~m1",
                    house.scheduler.find(all()).get(0).id());
        }
    }

    @Test
    void plansHaveVersionsAndOutliveARestart() throws Exception {
        try (House house = new House()) {
            Plan one = house.scheduler.put(hourly().build());
            assertEquals(1, one.version());
            assertEquals(1, house.scheduler.put(one).version());
            Plan two = house.scheduler.put(one.toBuilder()
                    .priority(7)
                    .trigger(new Trigger.Cron("5 * * * *", ZoneId.of("Europe/Berlin")))
                    .action(new Action.Write("/3/0/15", "Europe/Berlin"))
                    .selector(new Selector(Set.of("a"), Set.of("b"), Set.of("c"), Set.of("d"), Set.of()))
                    .build());
            assertEquals(2, two.version());
            PlanRefusedException old = assertThrows(
                    PlanRefusedException.class,
                    () -> house.scheduler.put(one.toBuilder().priority(1).build()));
            assertTrue(old.isConflict());
            try (House next = house.crash(house.now)) {
                assertEquals(List.of(two), next.scheduler.plans());
            }
        }
    }

    @Test
    void impossiblePlansAreRefusedWithTheReason() {
        try (House house = new House()) {
            refused(house, hourly().trigger(new Trigger.Cron("0 0 30 2 *", ZoneId.of("UTC"))), "never comes true");
            refused(house, hourly().trigger(new Trigger.Once(House.START)), "must lie ahead");
            refused(house, hourly().selector(Selector.ofMeters(List.of("nobody"))), "there is no meter nobody");
            refused(
                    house,
                    hourly().trigger(new Trigger.Every(Duration.ofMinutes(1), Duration.ZERO))
                            .window(Duration.ofDays(1)),
                    "due more than 100 times");
            refused(
                    house,
                    hourly().deadline(Duration.ofSeconds(5)).window(Duration.ofSeconds(5)),
                    "at least as long as one attempt");
        }
        assertThrows(IllegalArgumentException.class, () -> hourly().window(Duration.ofSeconds(1))
                .build());
        assertThrows(IllegalArgumentException.class, () -> Selector.ofMeters(List.of()));
    }

    private static void refused(House house, Plan.Builder plan, String reason) {
        PlanRefusedException refused =
                assertThrows(PlanRefusedException.class, () -> house.scheduler.put(plan.build()));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertEquals(List.of(), house.scheduler.plans());
    }

    @Test
    void disconnectingManyCustomersNeedsAnApproval() throws Exception {
        try (House house = new House()) {
            for (int i = 0; i < 11; i++) {
                house.meter("m" + i, "a");
            }
            Plan.Builder many = disconnect().selector(Selector.ofZones(List.of("a")));
            PlanRefusedException refused =
                    assertThrows(PlanRefusedException.class, () -> house.scheduler.put(many.build()));
            assertTrue(refused.isConflict());
            assertTrue(refused.getMessage().contains("11 customers"), refused.getMessage());
            house.scheduler.put(many.approved(true).build());
        }
    }

    @Test
    void aPlanThatHasGrownBeyondTheLimitIsNotCarriedOut() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.scheduler.put(
                    disconnect().selector(Selector.ofZones(List.of("a"))).build());
            for (int i = 0; i < 11; i++) {
                house.meter("m" + i, "a");
            }
            house.pass(Duration.ofMinutes(2), MINUTE);
            assertEquals(List.of(), house.sent);
            assertTrue(house.events.stream().anyMatch(event -> event.type().equals("plan.refused")));
            assertTrue(house.scheduler.find(all()).stream().allMatch(each -> each.state() == OrderState.CANCELLED));
        }
    }

    @Test
    void aDisconnectIsWrittenDownBeforeItIsSentAndNeverSentAgainAfterACrash() throws Exception {
        House house = new House();
        house.meter("m1", "a");
        CompletableFuture<Boolean> noted = new CompletableFuture<>();
        house.meterDoes = command -> {
            noted.complete(house.store
                    .get(OrderLog.ORDERS, "cut~20261122T103100Z~m1")
                    .map(document -> new String(document).contains("SENT"))
                    .orElse(false));
            return new CompletableFuture<>();
        };
        house.scheduler.put(disconnect().catchUp(CatchUp.ALL).build());
        house.pass(Duration.ofMinutes(2), MINUTE);
        house.await(() -> house.sent.size() == 1);
        assertEquals("/3312/0/5850", house.sent.get(0).paths().get(0));
        assertTrue(noted.get(20, TimeUnit.SECONDS), "written ahead");
        try (House next = house.crash(house.now.plusSeconds(30))) {
            next.pass(Duration.ofHours(2), Duration.ofMinutes(10));
            next.await(() -> next.scheduler.find(all()).size() == 1);
            Order order = only(next);
            assertEquals(OrderState.FAILED, order.state());
            assertTrue(order.reason().startsWith("unknown outcome"), order.reason());
            assertEquals(List.of(), next.sent);
            try (House third = next.crash(next.now)) {
                third.settle();
                assertEquals(OrderState.FAILED, only(third).state());
                assertEquals(List.of(), third.sent);
            }
        }
        house.close();
    }

    @Test
    void aDoneDisconnectIsNotRepeatedAfterARestart() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.meter("m2", "a");
            house.states.put("m2", Connection.State.UNREGISTERED);
            house.scheduler.put(
                    disconnect().selector(Selector.ofZones(List.of("a"))).build());
            house.pass(Duration.ofMinutes(2), MINUTE);
            house.await(() -> house.store
                    .get(OrderLog.ORDERS, "cut~20261122T103100Z~m1")
                    .map(document -> new String(document).contains("DONE"))
                    .orElse(false));
            try (House next = house.crash(house.now.plusSeconds(60))) {
                next.await(() -> next.sent.size() == 1);
                next.settle();
                assertEquals("m2", next.sent.get(0).meter(), "what was not sent before is resumed");
                next.await(() -> next.scheduler.find(all()).stream().allMatch(each -> each.state() == OrderState.DONE));
                assertEquals(1, next.sent.size());
            }
        }
    }

    @Test
    void aSilentMeterIsNotToldToDisconnectTwice() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.meterDoes = House::silence;
            house.scheduler.put(disconnect().build());
            house.pass(Duration.ofHours(2), MINUTE);
            house.await(() -> only(house).state() == OrderState.FAILED);
            assertEquals(1, house.sent.size());
            assertEquals(
                    "unknown outcome: gave no answer within 30000 ms",
                    only(house).reason());
            assertTrue(house.events.stream()
                    .anyMatch(event ->
                            event.type().equals("order.failed") && event.meter().equals(Optional.of("m1"))));
        }
    }

    @Test
    void whileTheStoreFailsNothingWithSideEffectsIsSent() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.scheduler.put(disconnect().build());
            house.store.failing = true;
            house.pass(Duration.ofMinutes(2), MINUTE);
            house.await(() -> only(house).reason().contains("disk full"));
            assertEquals(List.of(), house.sent);
            house.store.failing = false;
            house.pass(Duration.ofMinutes(5), Duration.ofSeconds(10));
            house.await(() -> {
                house.now = house.now.plusSeconds(1);
                house.settle();
                return only(house).state() == OrderState.DONE || only(house).state() == OrderState.LATE;
            });
            assertEquals(1, house.sent.size());
        }
    }

    @Test
    void whatWasMissedIsCaughtUpByItsRule() throws Exception {
        assertEquals(3, caughtUp(CatchUp.ALL));
        assertEquals(1, caughtUp(CatchUp.LATEST));
        assertEquals(0, caughtUp(CatchUp.NONE));
    }

    private static int caughtUp(CatchUp rule) throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.scheduler.put(
                    hourly().window(Duration.ofMinutes(30)).catchUp(rule).build());
            house.settle();
            house.await(() -> house.store.get(OrderLog.PROGRESS, "hourly").isPresent());
            try (House next = house.crash(Instant.parse("2026-11-22T13:45:00Z"))) {
                next.settle();
                next.await(() -> next.scheduler.find(all()).stream()
                        .allMatch(each -> each.state().ended()));
                long missed = next.events.stream()
                        .filter(event -> event.type().equals("plan.missed"))
                        .count();
                int done = next.sent.size();
                // The events service is bound a moment after the start, so only those that come later are seen.
                assertTrue(missed <= 3 - done, "missed " + missed);
                next.pass(Duration.ofMinutes(30), MINUTE);
                next.await(() -> next.sent.size() == done + 1);
                next.await(() -> next.store
                        .get(OrderLog.PROGRESS, "hourly")
                        .map(document -> Long.parseLong(new String(document))
                                == Instant.parse("2026-11-22T14:00:00Z").toEpochMilli())
                        .orElse(false));
                try (House third = next.crash(next.now)) {
                    third.settle();
                    assertEquals(List.of(), third.sent, "what was done is not done again");
                }
                return done;
            }
        }
    }

    @Test
    void aRunWhoseWindowIsOpenIsResumedWhateverTheRule() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.scheduler.put(hourly().catchUp(CatchUp.NONE).build());
            house.await(() -> house.store.get(OrderLog.PROGRESS, "hourly").isPresent());
            try (House next = house.crash(Instant.parse("2026-11-22T11:20:00Z"))) {
                next.await(() -> next.sent.size() == 1);
                next.await(() -> only(next).state() == OrderState.LATE);
            }
        }
    }

    @Test
    void aPausedPlanIsNotDueAndNotCaughtUp() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            Plan plan = house.scheduler.put(hourly().catchUp(CatchUp.ALL).build());
            Plan paused = house.scheduler.put(plan.toBuilder().paused(true).build());
            house.pass(Duration.ofHours(3), Duration.ofMinutes(10));
            assertEquals(List.of(), house.sent);
            house.scheduler.put(paused.toBuilder().paused(false).build());
            house.pass(Duration.ofMinutes(40), MINUTE);
            house.await(() -> house.sent.size() == 1);
        }
    }

    @Test
    void anOrderForARetiredMeterIsFlagged() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.scheduler.put(
                    hourly().selector(Selector.ofMeters(List.of("m1"))).build());
            house.meters.put(
                    "m1",
                    Meter.builder("m1").zone("a").state(MeterState.RETIRED).build());
            house.pass(Duration.ofMinutes(31), MINUTE);
            house.await(() -> only(house).state() == OrderState.FAILED);
            assertEquals("the meter is retired", only(house).reason());
            assertEquals(List.of(), house.sent);
        }
    }

    @Test
    void aMeterWithoutTheCompositeReadIsReadOneByOne() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.meterDoes = command -> CompletableFuture.completedFuture(
                    command.operation() == Command.Operation.READ_COMPOSITE
                            ? new Answer(false, "4.05", "", Map.of(), "")
                            : House.DONE);
            house.scheduler.put(hourly().action(new Action.ReadRegisters(List.of("1-0:1.8.0", "1-0:1.7.0")))
                    .build());
            house.pass(Duration.ofMinutes(31), MINUTE);
            house.await(() -> only(house).state() == OrderState.DONE);
            assertEquals(
                    List.of("[/3305/2/5805, /3305/2/5800]", "[/3305/2/5805]", "[/3305/2/5800]"),
                    house.sent.stream()
                            .map(command -> command.paths().toString())
                            .toList());
        }
    }

    @Test
    void aRefusalIsNotRepeatedAndSaysWhatTheMeterSaid() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.meterDoes = command ->
                    CompletableFuture.completedFuture(new Answer(false, "4.04", "no such thing", Map.of(), ""));
            house.scheduler.put(hourly().action(new Action.ReadRegisters(List.of("/3/0/9")))
                    .selector(Selector.all())
                    .build());
            house.pass(Duration.ofMinutes(60), MINUTE);
            house.await(() -> house.scheduler.find(all()).stream()
                    .anyMatch(each -> each.state().ended()));
            assertTrue(house.scheduler.find(all()).get(0).reason().contains("no object for the path /3/0/9"));
            house.scheduler.put(hourly().action(new Action.ReadRegisters(List.of("/3305/2/1")))
                    .build());
            house.pass(Duration.ofMinutes(60), MINUTE);
            house.await(() -> house.sent.size() == 1);
            house.await(() -> house.scheduler.find(all()).get(0).reason().equals("/3305/2/1 4.04 no such thing"));
        }
    }

    @Test
    void anOrderCanBeTakenBackWhileItWaits() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.states.put("m1", Connection.State.ASLEEP);
            house.scheduler.put(hourly().build());
            house.pass(Duration.ofMinutes(31), MINUTE);
            Order order = only(house);
            assertEquals(OrderState.QUEUED, order.state());
            assertTrue(order.reason().contains("wake"), order.reason());
            assertTrue(house.scheduler.cancel(order.id()));
            assertEquals(
                    OrderState.CANCELLED,
                    house.scheduler.order(order.id()).orElseThrow().state());
            assertTrue(!house.scheduler.cancel("nothing~20261122T110000Z~m1"));
        }
    }

    @Test
    void aSleepingMeterIsReadWhenTheChannelSaysThatItWoke() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.states.put("m1", Connection.State.ASLEEP);
            house.scheduler.put(hourly().build());
            house.pass(Duration.ofMinutes(31), MINUTE);
            assertEquals(
                    Condition.ASLEEP, house.scheduler.meter("m1").orElseThrow().condition());
            assertEquals(List.of(), house.sent);
            house.states.put("m1", Connection.State.REGISTERED);
            house.scheduler.changed("m1", Connection.State.REGISTERED);
            house.await(() -> only(house).state() == OrderState.DONE);
            assertEquals(
                    Condition.REACHABLE,
                    house.scheduler.zones().get(0).meters().keySet().iterator().next());
        }
    }

    @Test
    void removingAPlanCancelsWhatIsNotDone() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            house.states.put("m1", Connection.State.UNREGISTERED);
            house.scheduler.put(hourly().build());
            house.pass(Duration.ofMinutes(31), MINUTE);
            assertEquals(OrderState.QUEUED, only(house).state());
            assertTrue(house.scheduler.remove("hourly"));
            house.await(() -> only(house).state() == OrderState.CANCELLED);
        }
    }

    @Test
    void aReadOutsideAnyPlanCompletesWithItsOrder() throws Exception {
        try (House house = new House()) {
            house.meter("m1", "a");
            Order order = house.scheduler
                    .read(
                            "backfill",
                            "m1",
                            new Action.ReadProfile(List.of("1-0:1.8.0"), Duration.ofHours(2), Duration.ofHours(1)),
                            House.START,
                            Duration.ofHours(1),
                            3)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertEquals(OrderState.DONE, order.state());
            assertEquals("@backfill", order.plan());
            assertEquals(
                    Map.of("from", "2026-11-22T08:30:00Z", "to", "2026-11-22T09:30:00Z"),
                    house.sent.get(0).attributes());
            assertEquals(order, house.scheduler.order(order.id()).orElseThrow());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> house.scheduler.read(
                            "x", "m1", new Action.Switch(false), House.START, Duration.ofHours(1), 3));
        }
    }

    @Test
    void ordersAreListedPageByPage() throws Exception {
        Map<String, Meter> meters = new ConcurrentHashMap<>();
        try (House house = new House(new MemoryDocuments(), meters, House.START)) {
            for (int i = 10; i < 35; i++) {
                house.meter("m" + i, "zone" + i % 3);
            }
            house.scheduler.put(hourly().build());
            house.pass(Duration.ofMinutes(91), MINUTE);
            house.await(() -> house.scheduler.find(all()).size() == 50);
            Set<String> seen = new HashSet<>();
            Optional<String> after = Optional.empty();
            int pages = 0;
            while (true) {
                List<Order> page = house.scheduler.find(
                        new OrderQuery(Optional.of("hourly"), Optional.empty(), Set.of(), after, 7));
                if (page.isEmpty()) {
                    break;
                }
                pages++;
                page.forEach(each -> assertTrue(seen.add(each.id()), each.id()));
                after = Optional.of(page.get(page.size() - 1).id());
            }
            assertEquals(50, seen.size());
            assertEquals(8, pages);
            assertEquals(
                    2,
                    house.scheduler
                            .find(new OrderQuery(Optional.empty(), Optional.of("m12"), Set.of(), Optional.empty(), 100))
                            .size());
        }
    }
}
