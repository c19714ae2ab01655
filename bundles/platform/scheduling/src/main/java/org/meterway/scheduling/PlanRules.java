// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Inventory;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.PlanRefusedException;
import org.meterway.api.plan.Trigger;
import org.meterway.scheduling.dispatch.Schedule;

/** Which plans are refused, beyond what a plan checks by itself. */
final class PlanRules {
    /** So many runs of one plan may be open at once. */
    private static final int MOST_OPEN_RUNS = 100;

    private final Supplier<@Nullable Inventory> inventory;
    private final int disconnectLimit;

    PlanRules(Supplier<@Nullable Inventory> inventory, int disconnectLimit) {
        this.inventory = inventory;
        this.disconnectLimit = disconnectLimit;
    }

    /** @throws IllegalArgumentException if the trigger is wrong */
    static Schedule schedule(Trigger trigger) {
        if (trigger instanceof Trigger.Cron cron) {
            return new CronSchedule(cron.expression(), cron.zone());
        }
        if (trigger instanceof Trigger.Every every) {
            return Schedule.every(every.span().toMillis(), every.offset().toMillis());
        }
        return Schedule.once(((Trigger.Once) trigger).at().toEpochMilli());
    }

    /**
     * Checks a plan.
     *
     * @param before the plan it replaces, or null
     * @return its due times
     */
    Schedule check(Plan plan, @Nullable Plan before, Instant now) throws PlanRefusedException {
        Schedule schedule;
        try {
            schedule = schedule(plan.trigger());
        } catch (IllegalArgumentException wrong) {
            throw PlanRefusedException.wrong("trigger: " + wrong.getMessage());
        }
        boolean sameTrigger = before != null && before.trigger().equals(plan.trigger());
        if (plan.trigger() instanceof Trigger.Once once
                && !sameTrigger
                && !once.at().isAfter(now)) {
            throw PlanRefusedException.wrong("trigger: once (" + once.at() + ") must lie ahead, it is " + now + " now");
        }
        overlap(plan, schedule, now.toEpochMilli());
        if (plan.retry().timeout().compareTo(plan.window()) > 0) {
            throw PlanRefusedException.wrong("window (" + plan.window() + ") must be at least as long as one attempt's"
                    + " timeout (" + plan.retry().timeout() + "), or no order can be answered in it");
        }
        meters(plan);
        return schedule;
    }

    private static void overlap(Plan plan, Schedule schedule, long now) throws PlanRefusedException {
        long at = now;
        for (int run = 0; run <= MOST_OPEN_RUNS; run++) {
            OptionalLong next = schedule.next(at);
            if (next.isEmpty()) {
                return;
            }
            at = next.getAsLong();
            if (at - now > plan.window().toMillis()) {
                return;
            }
        }
        throw PlanRefusedException.wrong("window: in " + plan.window() + " the plan is due more than " + MOST_OPEN_RUNS
                + " times; make the window shorter or the plan due less often");
    }

    private void meters(Plan plan) throws PlanRefusedException {
        Inventory known = inventory.get();
        if (known == null) {
            return;
        }
        for (String meter : plan.selector().meters()) {
            if (known.find(meter).isEmpty()) {
                throw PlanRefusedException.wrong("selector: there is no meter " + meter);
            }
        }
        Optional<String> reason = whyNotNow(plan, known);
        if (reason.isPresent()) {
            throw PlanRefusedException.conflict(reason.get());
        }
    }

    /** Why a plan must not be carried out as it is, if so: it disconnects too many customers. */
    Optional<String> whyNotNow(Plan plan, Inventory known) {
        if (plan.approved() || !(plan.action() instanceof Action.Switch change) || change.connect()) {
            return Optional.empty();
        }
        long customers = known.meters().filter(plan.selector()::selects).count();
        return customers <= disconnectLimit
                ? Optional.empty()
                : Optional.of("the plan would disconnect " + customers + " customers; more than " + disconnectLimit
                        + " need an approval (approved)");
    }
}
