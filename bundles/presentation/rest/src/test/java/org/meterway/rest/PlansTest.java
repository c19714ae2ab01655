// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
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

class PlansTest {
    private static final String BODY =
            """
            {"title":"Hourly","action":{"type":"read-registers","registers":["1-0:1.8.0"]},
             "selector":{"zones":["*"]},"trigger":{"cron":"0 * * * *","timeZone":"Europe/London"},
             "priority":7,"windowSeconds":1800,"deadlineSeconds":600.5,"catchUp":"all",
             "retry":{"attempts":3,"timeoutSeconds":20,"backoffSeconds":5}}""";

    private static final class MapPlans implements Plans {
        final Map<String, Plan> kept = new TreeMap<>();

        @Override
        public List<Plan> plans() {
            return new ArrayList<>(kept.values());
        }

        @Override
        public Optional<Plan> find(String id) {
            return Optional.ofNullable(kept.get(id));
        }

        @Override
        public Plan put(Plan plan) throws PlanRefusedException {
            if (plan.title().equals("wrong")) {
                throw PlanRefusedException.wrong("trigger: never comes true");
            }
            if (plan.title().equals("conflict")) {
                throw PlanRefusedException.conflict("would disconnect 11 customers");
            }
            Plan next = plan.toBuilder().version(plan.version() + 1).build();
            kept.put(plan.id(), next);
            return next;
        }

        @Override
        public boolean remove(String id) {
            return kept.remove(id) != null;
        }

        @Override
        public List<Instant> next(Plan plan, Instant after, int limit) {
            return List.of(after.plusSeconds(60));
        }
    }

    private static final class ListOrders implements Orders, Rehearsals, RunningStates {
        final Instant due = Gateway.NOW.minusSeconds(60);
        OrderState state = OrderState.QUEUED;
        OrderQuery asked;

        private Order made(String meter) {
            return new Order(
                    "hourly~x~" + meter,
                    "hourly",
                    meter,
                    due,
                    due.plusSeconds(600),
                    due.plusSeconds(1800),
                    state,
                    2,
                    Optional.empty(),
                    "waits for the meter to wake");
        }

        @Override
        public List<Order> find(OrderQuery query) {
            asked = query;
            return query.after().isPresent() ? List.of() : List.of(made("m1"));
        }

        @Override
        public Optional<Order> order(String id) {
            return id.equals("hourly~x~m1") ? Optional.of(made("m1")) : Optional.empty();
        }

        @Override
        public List<Run> runs(String plan) {
            return List.of(new Run(
                    plan,
                    1,
                    due,
                    due.plusSeconds(600),
                    due.plusSeconds(1800),
                    Optional.empty(),
                    Map.of(OrderState.DONE, 5, OrderState.QUEUED, 1),
                    7));
        }

        @Override
        public boolean cancel(String id) {
            boolean can = !state.ended();
            state = OrderState.CANCELLED;
            return can;
        }

        @Override
        public CompletionStage<Order> read(
                String purpose, String meter, Action read, Instant due, Duration deadline, int priority) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Forecast rehearse(String plan) {
            return new Forecast(
                    plan,
                    1,
                    due,
                    due.minusSeconds(5),
                    Map.of(OrderState.DONE, 6),
                    Optional.of(due),
                    Optional.of(due),
                    Optional.empty(),
                    List.of(new Forecast.Miss("m9", OrderState.EXPIRED, "asleep")),
                    "6 orders");
        }

        @Override
        public List<Forecast> forecasts(String plan) {
            return List.of(rehearse(plan));
        }

        @Override
        public List<ZoneRunning> zones() {
            return List.of(
                    new ZoneRunning("a", false, 8, Optional.of(Duration.ofMillis(120)), Map.of(Condition.SLOW, 1)),
                    new ZoneRunning("b", true, 1, Optional.empty(), Map.of()));
        }

        @Override
        public List<MeterRunning> meters(
                Optional<String> zone, Set<Condition> conditions, Optional<String> after, int limit) {
            return List.of(new MeterRunning(
                    "m1", "a", Condition.ASLEEP, Optional.of(due), Optional.empty(), 0.25, Optional.of(due)));
        }

        @Override
        public Optional<MeterRunning> meter(String id) {
            return Optional.empty();
        }

        @Override
        public Storm storm() {
            return new Storm(true, Optional.of(due), 800, 10, 20, 30, Optional.of(due.plusSeconds(99)));
        }
    }

    private static Gateway gateway(MapPlans plans, ListOrders orders) throws Exception {
        Gateway gateway = new Gateway();
        gateway.services.plans = plans;
        gateway.services.orders = orders;
        gateway.services.rehearsals = orders;
        gateway.services.runningStates = orders;
        return gateway;
    }

    private static Gateway.Reply post(Gateway gateway, String path) throws Exception {
        return gateway.send(gateway.to(path).POST(BodyPublishers.noBody()));
    }

    @Test
    void aPlanIsReadAsItWasPut() throws Exception {
        try (Gateway gateway = gateway(new MapPlans(), new ListOrders())) {
            Gateway.Reply created = gateway.send("PUT", "/plans/hourly", "application/json", BODY);
            assertEquals(201, created.status(), created.json().toString());
            JsonNode plan = gateway.get("/plans/hourly").json();
            assertEquals("0 * * * *", plan.at("/trigger/cron").asText());
            assertEquals("Europe/London", plan.at("/trigger/timeZone").asText());
            assertEquals(600.5, plan.path("deadlineSeconds").asDouble());
            assertEquals("all", plan.path("catchUp").asText());
            assertEquals(3, plan.at("/retry/attempts").asInt());
            assertEquals(1, plan.path("nextDue").size());
            // what is read can be put again
            Gateway.Reply again = gateway.send("PUT", "/plans/hourly", "application/json", plan.toString());
            assertEquals(200, again.status());
            assertEquals(1, gateway.get("/plans").json().path("items").size());
            assertTrue(
                    post(gateway, "/plans/hourly/pause").json().path("paused").asBoolean());
            assertEquals(0, gateway.get("/plans/hourly").json().path("nextDue").size());
            assertTrue(
                    !post(gateway, "/plans/hourly/resume").json().path("paused").asBoolean());
            assertEquals(204, gateway.send(gateway.to("/plans/hourly").DELETE()).status());
            assertEquals(404, gateway.get("/plans/hourly").status());
        }
    }

    @Test
    void everyActionAndTriggerGoesThroughJson() throws Exception {
        try (Gateway gateway = gateway(new MapPlans(), new ListOrders())) {
            for (String action : List.of(
                    "{\"type\":\"read-registers\",\"registers\":[]}",
                    "{\"type\":\"read-profile\",\"registers\":[\"1-0:1.8.0\"],\"backSeconds\":7200,\"lengthSeconds\":3600}",
                    "{\"type\":\"set-time\"}",
                    "{\"type\":\"connect\"}",
                    "{\"type\":\"disconnect\"}",
                    "{\"type\":\"write\",\"path\":\"/3/0/15\",\"value\":\"Europe/Berlin\"}",
                    "{\"type\":\"execute\",\"path\":\"/3/0/4\",\"arguments\":\"\"}",
                    "{\"type\":\"fetch-firmware\",\"packageUri\":\"coap://127.0.0.1/fw\"}",
                    "{\"type\":\"install-firmware\"}")) {
                for (String trigger :
                        List.of("{\"everySeconds\":900,\"offsetSeconds\":60}", "{\"once\":\"2036-01-01T00:00:00Z\"}")) {
                    Gateway.Reply reply = gateway.send(
                            "PUT",
                            "/plans/p",
                            "application/json",
                            "{\"action\":" + action + ",\"selector\":{\"meters\":[\"m1\"]},\"trigger\":" + trigger
                                    + "}");
                    assertEquals(2, reply.status() / 100, reply.json().toString());
                    assertEquals(action, reply.json().path("action").toString());
                    assertEquals(trigger, reply.json().path("trigger").toString());
                }
            }
        }
    }

    @Test
    void mistakesAreNamed() throws Exception {
        try (Gateway gateway = gateway(new MapPlans(), new ListOrders())) {
            refused(gateway, BODY.replace("\"zones\":[\"*\"]", ""), 400, "the selector is empty");
            refused(gateway, BODY.replace("\"windowSeconds\":1800", "\"windowSeconds\":60"), 400, "window");
            refused(gateway, BODY.replace("\"priority\":7", "\"priority\":10"), 400, "priority");
            refused(gateway, BODY.replace("\"all\"", "\"some\""), 400, "catchUp");
            refused(gateway, BODY.replace("Europe/London", "Nowhere"), 400, "timeZone");
            refused(gateway, BODY.replace("read-registers", "read"), 400, "action.type");
            refused(gateway, BODY.replace("\"cron\":\"0 * * * *\"", "\"every\":5"), 400, "every");
            refused(gateway, BODY.replace("1-0:1.8.0", "energy"), 400, "'energy'");
            refused(gateway, BODY.replace("\"Hourly\"", "\"wrong\""), 422, "never comes true");
            refused(gateway, BODY.replace("\"Hourly\"", "\"conflict\""), 409, "11 customers");
            assertEquals(404, post(gateway, "/plans/none/pause").status());
            assertEquals(404, post(gateway, "/plans/none/rehearsal").status());
        }
    }

    private static void refused(Gateway gateway, String body, int status, String detail) throws Exception {
        Gateway.Reply reply = gateway.send("PUT", "/plans/p", "application/json", body);
        assertEquals(status, reply.status(), reply.json().toString());
        assertTrue(reply.detail().contains(detail), reply.detail());
    }

    @Test
    void ordersRunsAndForecastsAreServed() throws Exception {
        ListOrders orders = new ListOrders();
        MapPlans plans = new MapPlans();
        try (Gateway gateway = gateway(plans, orders)) {
            gateway.send("PUT", "/plans/hourly", "application/json", BODY);
            JsonNode list = gateway.get("/orders?plan=hourly&meter=m1&state=queued&limit=1")
                    .json();
            assertEquals("queued", list.at("/items/0/state").asText());
            assertEquals(Set.of(OrderState.QUEUED), orders.asked.states());
            JsonNode next = gateway.get(
                            "/orders?limit=1&cursor=" + list.path("next").asText())
                    .json();
            assertEquals(0, next.path("items").size());
            assertEquals(400, gateway.get("/orders?state=open").status());
            assertEquals(404, gateway.get("/orders/nothing").status());
            assertEquals(
                    "cancelled",
                    post(gateway, "/orders/hourly~x~m1/cancel")
                            .json()
                            .path("state")
                            .asText());
            assertEquals(409, post(gateway, "/orders/hourly~x~m1/cancel").status());
            JsonNode run = gateway.get("/plans/hourly/runs").json().at("/items/0");
            assertEquals(6, run.path("total").asInt());
            assertEquals(5, run.at("/orders/done").asInt());
            assertEquals("m9", run.at("/forecast/misses/0/meter").asText());
            assertEquals(
                    "6 orders",
                    post(gateway, "/plans/hourly/rehearsal").json().path("text").asText());
        }
    }

    @Test
    void theRunningStateIsServedByZone() throws Exception {
        try (Gateway gateway = gateway(new MapPlans(), new ListOrders())) {
            JsonNode state =
                    gateway.get("/running-state?zone=a&condition=asleep").json();
            assertEquals(1, state.path("zones").size());
            assertEquals(120, state.at("/zones/0/roundTripMillis").asInt());
            assertEquals("asleep", state.at("/items/0/condition").asText());
            assertTrue(gateway.get("/storm").json().path("active").asBoolean());
        }
    }

    @Test
    void withoutSchedulingTheAnswerIs503() throws Exception {
        try (Gateway gateway = new Gateway()) {
            assertEquals(503, gateway.get("/plans").status());
            assertEquals(503, gateway.get("/orders").status());
            assertEquals(503, gateway.get("/running-state").status());
        }
    }
}
