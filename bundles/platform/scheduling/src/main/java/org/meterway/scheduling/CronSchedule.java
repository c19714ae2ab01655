// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.meterway.scheduling.dispatch.Schedule;

/**
 * The times of a cron expression in local time. The library finds matching local times; what a clock change makes of them is
 * decided here, see {@link org.meterway.api.plan.Trigger.Cron}.
 */
final class CronSchedule implements Schedule {
    private static final int LONGEST = 200;

    private final ExecutionTime times;
    private final ZoneId zone;
    private final boolean everyHour;

    /** @throws IllegalArgumentException if the expression is wrong or never comes true, saying why */
    CronSchedule(String expression, ZoneId zone) {
        String[] parts = expression.strip().split("\\s+");
        if (parts.length != 5 || expression.length() > LONGEST) {
            throw new IllegalArgumentException("the cron expression '" + shown(expression)
                    + "' must have five parts: minute, hour, day of month, month, day of week; it has "
                    + parts.length);
        }
        Cron cron;
        try {
            cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                    .parse(String.join(" ", parts))
                    .validate();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "the cron expression '" + shown(expression) + "' is wrong: " + wrong.getMessage(), wrong);
        }
        this.times = ExecutionTime.forCron(cron);
        this.zone = zone;
        this.everyHour = parts[1].equals("*") || parts[1].equals("*/1") || parts[1].equals("0-23");
        if (next(Instant.parse("2024-01-01T00:00:00Z").toEpochMilli()).isEmpty()) {
            throw new IllegalArgumentException(
                    "the cron expression '" + shown(expression) + "' never comes true: there is no such day");
        }
    }

    private static String shown(String expression) {
        return expression.length() > LONGEST ? expression.substring(0, LONGEST) + "…" : expression;
    }

    @Override
    public OptionalLong next(long after) {
        return everyHour ? nextByOffset(after) : nextByLocalTime(after);
    }

    /** Each stretch of time between two clock changes has its own offset; in it every matching local time counts. */
    private OptionalLong nextByOffset(long after) {
        ZoneRules rules = zone.getRules();
        Instant from = Instant.ofEpochMilli(after);
        for (int stretch = 0; stretch < 40; stretch++) {
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.nextTransition(from);
            Optional<LocalDateTime> local = nextLocal(LocalDateTime.ofInstant(from, offset));
            if (local.isEmpty()) {
                return OptionalLong.empty();
            }
            Instant found = local.get().toInstant(offset);
            if (change == null || found.isBefore(change.getInstant())) {
                return within(after, found);
            }
            // The moment of the change itself belongs to the stretch that begins with it.
            from = change.getInstant().minusMillis(1);
            ZoneOffset next = change.getOffsetAfter();
            LocalDateTime first = LocalDateTime.ofInstant(change.getInstant(), next);
            Optional<LocalDateTime> atChange = nextLocal(first.minusSeconds(1));
            if (atChange.isPresent() && atChange.get().equals(first)) {
                return within(after, change.getInstant());
            }
            from = change.getInstant();
        }
        return OptionalLong.empty();
    }

    /** Each matching local time counts once: after a gap as much later, in an overlap the first time. */
    private OptionalLong nextByLocalTime(long after) {
        Instant from = Instant.ofEpochMilli(after);
        // A time put off by a gap lies before the local time of a moment after it: begin early enough to see it again.
        LocalDateTime local = LocalDateTime.ofInstant(from, zone).minusHours(3);
        @Nullable Instant best = null;
        for (int i = 0; i < 100_000; i++) {
            Optional<LocalDateTime> candidate = nextLocal(local);
            if (candidate.isEmpty()) {
                break;
            }
            local = candidate.get();
            // Where a gap puts times off, one with a later local time may be due before it.
            if (best != null && !local.isBefore(LocalDateTime.ofInstant(best, zone))) {
                break;
            }
            // ofLocal puts times in a gap off by its length and takes the earlier offset in an overlap
            Instant found = ZonedDateTime.ofLocal(local, zone, null).toInstant();
            if (found.isAfter(from) && (best == null || found.isBefore(best))) {
                best = found;
            }
        }
        return best == null ? OptionalLong.empty() : within(after, best);
    }

    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    private static OptionalLong within(long after, Instant found) {
        long millis = found.toEpochMilli();
        return millis - after > HORIZON_MILLIS ? OptionalLong.empty() : OptionalLong.of(millis);
    }
}
