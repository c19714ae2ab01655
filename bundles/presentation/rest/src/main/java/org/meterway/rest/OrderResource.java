// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderQuery;
import org.meterway.api.order.OrderState;
import org.meterway.api.order.Orders;

/** Orders: what is under way and what became of the rest. */
final class OrderResource {
    private static final List<String> STATES =
            Stream.of(OrderState.values()).map(PlanJson::word).toList();

    private final Services services;

    OrderResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/orders", List.of("plan", "meter", "state", "limit", "cursor"), this::list),
                Endpoint.get("/orders/{id}", List.of(), this::read),
                Endpoint.with("POST", "/orders/{id}/cancel", "", this::cancel));
    }

    private Orders orders() {
        return Services.need(services.orders, "scheduling");
    }

    private void list(Call call) throws IOException {
        int limit = (int) call.number("limit", 100, 1, 1_000);
        Optional<String> after =
                call.parameter("cursor").map(cursor -> Cursor.parse(cursor, 1).get(0));
        Set<OrderState> states = call.word("state", STATES)
                .map(word -> Set.of(OrderState.valueOf(word.toUpperCase(Locale.ROOT))))
                .orElse(Set.of());
        List<Order> found =
                orders().find(new OrderQuery(call.parameter("plan"), call.parameter("meter"), states, after, limit));
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Order order : found) {
                write(out, order);
            }
            out.writeEndArray();
            Json.text(
                    out,
                    "next",
                    found.size() < limit
                            ? Optional.empty()
                            : Optional.of(Cursor.of(found.get(found.size() - 1).id())));
            out.writeEndObject();
        });
    }

    private Order known(String id) {
        return orders().order(id)
                .orElseThrow(() -> Problem.notFound("there is no order " + id + ", or it is not remembered any more"));
    }

    private void read(Call call) throws IOException {
        Order order = known(call.variable("id"));
        call.json(200, out -> write(out, order));
    }

    private void cancel(Call call) throws IOException {
        String id = call.variable("id");
        known(id);
        boolean done = orders().cancel(id);
        Order now = known(id);
        if (!done) {
            throw Problem.of(409, "order " + id + " is " + PlanJson.word(now.state()) + " and cannot be taken back");
        }
        call.json(200, out -> write(out, now));
    }

    private static void write(JsonGenerator out, Order order) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", order.id());
        out.writeStringField("plan", order.plan());
        out.writeStringField("meter", order.meter());
        out.writeStringField("due", order.due().toString());
        out.writeStringField("deadline", order.deadline().toString());
        out.writeStringField("expires", order.expires().toString());
        out.writeStringField("state", PlanJson.word(order.state()));
        out.writeNumberField("attempts", order.attempts());
        Json.text(out, "ended", order.ended().map(Instant::toString));
        out.writeStringField("reason", order.reason());
        out.writeEndObject();
    }
}
