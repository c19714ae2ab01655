// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.order.Forecast;
import org.meterway.api.order.OrderState;
import org.meterway.api.order.Orders;
import org.meterway.api.order.Rehearsals;
import org.meterway.api.order.Run;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.PlanRefusedException;
import org.meterway.api.plan.Plans;

/** Plans, their runs and rehearsals. */
final class PlanResource {
    private static final String PLAN = "/plans/{id}";
    private static final int NEXT = 3;

    private final Services services;
    private final Clock clock;

    PlanResource(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/plans", List.of(), this::list),
                Endpoint.get(PLAN, List.of(), this::read),
                Endpoint.with("PUT", PLAN, "application/json", this::put),
                Endpoint.with("DELETE", PLAN, "", this::delete),
                Endpoint.with("POST", PLAN + "/pause", "", call -> paused(call, true)),
                Endpoint.with("POST", PLAN + "/resume", "", call -> paused(call, false)),
                Endpoint.get(PLAN + "/runs", List.of(), this::runs),
                Endpoint.with("POST", PLAN + "/rehearsal", "", this::rehearse));
    }

    private Plans plans() {
        return Services.need(services.plans, "scheduling");
    }

    private Plan known(Call call) {
        String id = call.variable("id");
        return plans().find(id).orElseThrow(() -> Problem.notFound("there is no plan " + id));
    }

    private List<Instant> next(Plan plan) {
        return plan.paused() ? List.of() : plans().next(plan, clock.instant(), NEXT);
    }

    private void list(Call call) throws IOException {
        List<Plan> all = plans().plans();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Plan plan : all) {
                PlanJson.write(out, plan, next(plan));
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void read(Call call) throws IOException {
        Plan plan = known(call);
        call.json(200, out -> PlanJson.write(out, plan, next(plan)));
    }

    private void put(Call call) throws IOException {
        Plans plans = plans();
        Plan plan = PlanJson.read(call.variable("id"), call.jsonBody());
        boolean there = plans.find(plan.id()).isPresent();
        Plan kept = put(plans, plan);
        call.json(there ? 200 : 201, out -> PlanJson.write(out, kept, next(kept)));
    }

    private static Plan put(Plans plans, Plan plan) {
        try {
            return plans.put(plan);
        } catch (PlanRefusedException refused) {
            throw Problem.of(refused.isConflict() ? 409 : 422, refused.getMessage());
        }
    }

    private void delete(Call call) {
        if (!plans().remove(call.variable("id"))) {
            throw Problem.notFound("there is no plan " + call.variable("id"));
        }
        call.nothing();
    }

    private void paused(Call call, boolean paused) throws IOException {
        Plan plan = known(call);
        Plan kept = put(plans(), plan.toBuilder().paused(paused).build());
        call.json(200, out -> PlanJson.write(out, kept, next(kept)));
    }

    private void runs(Call call) throws IOException {
        Orders orders = Services.need(services.orders, "scheduling");
        Rehearsals rehearsals = Services.need(services.rehearsals, "scheduling");
        String id = call.variable("id");
        List<Run> runs = orders.runs(id);
        if (runs.isEmpty()) {
            known(call);
        }
        List<Forecast> forecasts = rehearsals.forecasts(id);
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Run run : runs) {
                Optional<Forecast> forecast = forecasts.stream()
                        .filter(each -> each.due().equals(run.due()))
                        .findFirst();
                write(out, run, forecast);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Run run, Optional<Forecast> forecast) throws IOException {
        out.writeStartObject();
        out.writeStringField("plan", run.plan());
        out.writeNumberField("planVersion", run.planVersion());
        out.writeStringField("due", run.due().toString());
        out.writeStringField("deadline", run.deadline().toString());
        out.writeStringField("expires", run.expires().toString());
        Json.text(out, "ended", run.ended().map(Instant::toString));
        out.writeNumberField("total", run.total());
        counts(out, run.orders());
        out.writeNumberField("sent", run.attempts());
        if (forecast.isPresent()) {
            out.writeFieldName("forecast");
            write(out, forecast.get(), 20);
        } else {
            out.writeNullField("forecast");
        }
        out.writeEndObject();
    }

    private static void counts(JsonGenerator out, Map<OrderState, Integer> counts) throws IOException {
        out.writeObjectFieldStart("orders");
        for (OrderState state : OrderState.values()) {
            out.writeNumberField(state.name().toLowerCase(Locale.ROOT), counts.getOrDefault(state, 0));
        }
        out.writeEndObject();
    }

    private void rehearse(Call call) throws IOException {
        Rehearsals rehearsals = Services.need(services.rehearsals, "scheduling");
        Plan plan = known(call);
        Forecast forecast;
        try {
            forecast = rehearsals.rehearse(plan.id());
        } catch (IllegalArgumentException wrong) {
            throw Problem.of(409, wrong.getMessage());
        }
        call.json(200, out -> write(out, forecast, Integer.MAX_VALUE));
    }

    private static void write(JsonGenerator out, Forecast forecast, int misses) throws IOException {
        out.writeStartObject();
        out.writeStringField("plan", forecast.plan());
        out.writeNumberField("planVersion", forecast.planVersion());
        out.writeStringField("due", forecast.due().toString());
        out.writeStringField("madeAt", forecast.madeAt().toString());
        out.writeStringField("text", forecast.text());
        counts(out, forecast.orders());
        Json.text(out, "half", forecast.half().map(Instant::toString));
        Json.text(out, "most", forecast.most().map(Instant::toString));
        Json.text(out, "finish", forecast.finish().map(Instant::toString));
        out.writeArrayFieldStart("misses");
        for (Forecast.Miss miss : forecast.misses().stream().limit(misses).toList()) {
            out.writeStartObject();
            out.writeStringField("meter", miss.meter());
            out.writeStringField("state", PlanJson.word(miss.state()));
            out.writeStringField("reason", miss.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
