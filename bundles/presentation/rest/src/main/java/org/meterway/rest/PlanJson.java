// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.CatchUp;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.Retry;
import org.meterway.api.plan.Selector;
import org.meterway.api.plan.Trigger;

/** A plan as JSON. */
final class PlanJson {
    private static final List<String> FIELDS = List.of(
            "id",
            "version",
            "title",
            "action",
            "selector",
            "trigger",
            "deadlineSeconds",
            "windowSeconds",
            "priority",
            "retry",
            "catchUp",
            "paused",
            "approved",
            "nextDue");
    private static final List<String> CATCH_UPS =
            Stream.of(CatchUp.values()).map(PlanJson::word).toList();

    private PlanJson() {}

    static void write(JsonGenerator out, Plan plan, List<Instant> nextDue) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", plan.id());
        out.writeNumberField("version", plan.version());
        out.writeStringField("title", plan.title());
        out.writeObjectFieldStart("action");
        action(out, plan.action());
        out.writeEndObject();
        out.writeObjectFieldStart("selector");
        sorted(out, "zones", plan.selector().zones());
        sorted(out, "models", plan.selector().models());
        sorted(out, "vendors", plan.selector().vendors());
        sorted(out, "tags", plan.selector().tags());
        sorted(out, "meters", plan.selector().meters());
        out.writeEndObject();
        out.writeObjectFieldStart("trigger");
        trigger(out, plan.trigger());
        out.writeEndObject();
        seconds(out, "deadlineSeconds", plan.deadline());
        seconds(out, "windowSeconds", plan.window());
        out.writeNumberField("priority", plan.priority());
        out.writeObjectFieldStart("retry");
        out.writeNumberField("attempts", plan.retry().attempts());
        seconds(out, "timeoutSeconds", plan.retry().timeout());
        seconds(out, "backoffSeconds", plan.retry().backoff());
        out.writeEndObject();
        out.writeStringField("catchUp", word(plan.catchUp()));
        out.writeBooleanField("paused", plan.paused());
        out.writeBooleanField("approved", plan.approved());
        Json.texts(out, "nextDue", nextDue.stream().map(Instant::toString).toList());
        out.writeEndObject();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void sorted(JsonGenerator out, String field, Set<String> values) throws IOException {
        Json.texts(out, field, values.stream().sorted().toList());
    }

    static void seconds(JsonGenerator out, String field, Duration value) throws IOException {
        out.writeNumberField(field, BigDecimal.valueOf(value.toMillis(), 3).stripTrailingZeros());
    }

    private static void action(JsonGenerator out, Action action) throws IOException {
        if (action instanceof Action.ReadRegisters read) {
            out.writeStringField("type", "read-registers");
            Json.texts(out, "registers", read.registers());
        } else if (action instanceof Action.ReadProfile profile) {
            out.writeStringField("type", "read-profile");
            Json.texts(out, "registers", profile.registers());
            seconds(out, "backSeconds", profile.back());
            seconds(out, "lengthSeconds", profile.length());
        } else if (action instanceof Action.SetTime) {
            out.writeStringField("type", "set-time");
        } else if (action instanceof Action.Switch change) {
            out.writeStringField("type", change.connect() ? "connect" : "disconnect");
        } else if (action instanceof Action.Write write) {
            out.writeStringField("type", "write");
            out.writeStringField("path", write.path());
            out.writeFieldName("value");
            Json.value(out, write.value());
        } else if (action instanceof Action.Execute execute) {
            out.writeStringField("type", "execute");
            out.writeStringField("path", execute.path());
            out.writeStringField("arguments", execute.arguments());
        } else if (action instanceof Action.Firmware firmware) {
            out.writeStringField("type", firmware.packageUri().isEmpty() ? "install-firmware" : "fetch-firmware");
            if (!firmware.packageUri().isEmpty()) {
                out.writeStringField("packageUri", firmware.packageUri());
            }
        }
    }

    private static void trigger(JsonGenerator out, Trigger trigger) throws IOException {
        if (trigger instanceof Trigger.Cron cron) {
            out.writeStringField("cron", cron.expression());
            out.writeStringField("timeZone", cron.zone().getId());
        } else if (trigger instanceof Trigger.Every every) {
            seconds(out, "everySeconds", every.span());
            seconds(out, "offsetSeconds", every.offset());
        } else if (trigger instanceof Trigger.Once once) {
            out.writeStringField("once", once.at().toString());
        }
    }

    /** @throws Problem 400 naming the field that is wrong */
    static Plan read(String id, JsonNode node) {
        Body body = Body.of(node, FIELDS);
        body.text("id").filter(given -> !given.equals(id)).ifPresent(given -> {
            throw Problem.bad("id is '" + given + "' in the body and '" + id + "' in the path");
        });
        Plan.Builder plan = Plan.builder(id);
        try {
            body.number("version").ifPresent(version -> plan.version(whole("version", version)));
            body.text("title").ifPresent(plan::title);
            plan.action(action(
                    need(
                            body,
                            "action",
                            "type",
                            "registers",
                            "backSeconds",
                            "lengthSeconds",
                            "path",
                            "value",
                            "arguments",
                            "packageUri"),
                    node.path("action").path("value")));
            Body selector = need(body, "selector", "zones", "models", "vendors", "tags", "meters");
            plan.selector(new Selector(
                    set(selector, "zones"),
                    set(selector, "models"),
                    set(selector, "vendors"),
                    set(selector, "tags"),
                    set(selector, "meters")));
            plan.trigger(trigger(need(body, "trigger", "cron", "timeZone", "everySeconds", "offsetSeconds", "once")));
            body.number("deadlineSeconds").ifPresent(value -> plan.deadline(duration("deadlineSeconds", value)));
            body.number("windowSeconds").ifPresent(value -> plan.window(duration("windowSeconds", value)));
            body.number("priority").ifPresent(value -> plan.priority(whole("priority", value)));
            body.object("retry", List.of("attempts", "timeoutSeconds", "backoffSeconds"))
                    .ifPresent(retry -> plan.retry(retry(retry)));
            body.text("catchUp").ifPresent(word -> plan.catchUp(catchUp(word)));
            body.flag("paused").ifPresent(plan::paused);
            body.flag("approved").ifPresent(plan::approved);
            return plan.build();
        } catch (IllegalArgumentException wrong) {
            throw Problem.bad(wrong.getMessage());
        }
    }

    private static Body need(Body body, String field, String... fields) {
        return body.object(field, List.of(fields)).orElseThrow(() -> Problem.bad(field + " is missing"));
    }

    private static Set<String> set(Body body, String field) {
        return Set.copyOf(body.texts(field).stream().distinct().toList());
    }

    private static Action action(Body body, JsonNode value) {
        String type = body.needText("type");
        return switch (type) {
            case "read-registers" -> new Action.ReadRegisters(body.texts("registers"));
            case "read-profile" ->
                new Action.ReadProfile(
                        body.texts("registers"),
                        duration("action.backSeconds", needNumber(body, "backSeconds")),
                        duration("action.lengthSeconds", needNumber(body, "lengthSeconds")));
            case "set-time" -> new Action.SetTime();
            case "connect" -> new Action.Switch(true);
            case "disconnect" -> new Action.Switch(false);
            case "write" -> new Action.Write(body.needText("path"), value(value));
            case "execute" ->
                new Action.Execute(body.needText("path"), body.text("arguments").orElse(""));
            case "fetch-firmware" -> new Action.Firmware(body.needText("packageUri"));
            case "install-firmware" -> new Action.Firmware("");
            default ->
                throw Problem.bad(
                        "action.type must be read-registers, read-profile, set-time, connect, disconnect, write,"
                                + " execute, fetch-firmware or install-firmware, was '" + type + "'");
        };
    }

    private static Object value(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isNumber()) {
            return value.numberValue();
        }
        throw Problem.bad("action.value must be a text, a number or true or false");
    }

    private static Trigger trigger(Body body) {
        int kinds = (body.has("cron") ? 1 : 0) + (body.has("everySeconds") ? 1 : 0) + (body.has("once") ? 1 : 0);
        if (kinds != 1) {
            throw Problem.bad("trigger must have one of cron, everySeconds and once");
        }
        if (body.has("cron")) {
            String zone = body.text("timeZone").orElse("UTC");
            try {
                return new Trigger.Cron(body.needText("cron"), ZoneId.of(zone));
            } catch (DateTimeException unknown) {
                throw Problem.bad("trigger.timeZone must be a time zone like Europe/London, was '" + zone + "'");
            }
        }
        if (body.has("once")) {
            String at = body.needText("once");
            try {
                return new Trigger.Once(OffsetDateTime.parse(at).toInstant());
            } catch (DateTimeException wrong) {
                throw Problem.bad("trigger.once must be a time like 2026-11-20T00:00:00Z, was '" + at + "'");
            }
        }
        return new Trigger.Every(
                duration("trigger.everySeconds", needNumber(body, "everySeconds")),
                duration("trigger.offsetSeconds", body.number("offsetSeconds").orElse(0.0)));
    }

    private static Retry retry(Body body) {
        Retry usual = Retry.DEFAULT;
        return new Retry(
                body.number("attempts")
                        .map(value -> whole("retry.attempts", value))
                        .orElse(usual.attempts()),
                body.number("timeoutSeconds")
                        .map(value -> duration("retry.timeoutSeconds", value))
                        .orElse(usual.timeout()),
                body.number("backoffSeconds")
                        .map(value -> duration("retry.backoffSeconds", value))
                        .orElse(usual.backoff()));
    }

    private static CatchUp catchUp(String word) {
        if (!CATCH_UPS.contains(word)) {
            throw Problem.bad("catchUp must be one of " + String.join(", ", CATCH_UPS) + ", was '" + word + "'");
        }
        return CatchUp.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static double needNumber(Body body, String field) {
        return body.number(field).orElseThrow(() -> Problem.bad(field + " is missing"));
    }

    private static int whole(String field, double value) {
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw Problem.bad(field + " must be a whole number, was " + value);
        }
        return (int) value;
    }

    private static Duration duration(String field, double seconds) {
        if (!(seconds >= 0 && seconds <= 400 * 86_400.0)) {
            throw Problem.bad(field + " must be 0 to 34560000 seconds, was " + seconds);
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
