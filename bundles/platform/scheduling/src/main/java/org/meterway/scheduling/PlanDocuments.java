// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.meterway.api.plan.Action;
import org.meterway.api.plan.CatchUp;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.Retry;
import org.meterway.api.plan.Selector;
import org.meterway.api.plan.Trigger;

/** Plans as JSON documents in the store. Unknown fields are skipped. */
final class PlanDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanDocuments() {}

    /** @param since from when on its due times count, ms since 1970 */
    static byte[] write(Plan plan, long since) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", plan.id()).put("version", plan.version()).put("title", plan.title());
        action(node.putObject("action"), plan.action());
        ObjectNode selector = node.putObject("selector");
        texts(selector.putArray("zones"), plan.selector().zones());
        texts(selector.putArray("models"), plan.selector().models());
        texts(selector.putArray("vendors"), plan.selector().vendors());
        texts(selector.putArray("tags"), plan.selector().tags());
        texts(selector.putArray("meters"), plan.selector().meters());
        trigger(node.putObject("trigger"), plan.trigger());
        node.put("deadlineMillis", plan.deadline().toMillis());
        node.put("windowMillis", plan.window().toMillis());
        node.put("priority", plan.priority());
        node.put("attempts", plan.retry().attempts());
        node.put("timeoutMillis", plan.retry().timeout().toMillis());
        node.put("backoffMillis", plan.retry().backoff().toMillis());
        node.put("catchUp", plan.catchUp().name());
        node.put("paused", plan.paused());
        node.put("approved", plan.approved());
        node.put("since", since);
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
    }

    private static void action(ObjectNode node, Action action) {
        if (action instanceof Action.ReadRegisters read) {
            texts(node.put("type", "registers").putArray("registers"), read.registers());
        } else if (action instanceof Action.ReadProfile profile) {
            texts(node.put("type", "profile").putArray("registers"), profile.registers());
            node.put("backMillis", profile.back().toMillis());
            node.put("lengthMillis", profile.length().toMillis());
        } else if (action instanceof Action.SetTime) {
            node.put("type", "time");
        } else if (action instanceof Action.Switch change) {
            node.put("type", "switch").put("connect", change.connect());
        } else if (action instanceof Action.Write write) {
            node.put("type", "write").put("path", write.path()).set("value", JSON.valueToTree(write.value()));
        } else if (action instanceof Action.Execute execute) {
            node.put("type", "execute").put("path", execute.path()).put("arguments", execute.arguments());
        } else if (action instanceof Action.Firmware firmware) {
            node.put("type", "firmware").put("uri", firmware.packageUri());
        }
    }

    private static void trigger(ObjectNode node, Trigger trigger) {
        if (trigger instanceof Trigger.Cron cron) {
            node.put("cron", cron.expression()).put("zone", cron.zone().getId());
        } else if (trigger instanceof Trigger.Every every) {
            node.put("spanMillis", every.span().toMillis())
                    .put("offsetMillis", every.offset().toMillis());
        } else if (trigger instanceof Trigger.Once once) {
            node.put("once", once.at().toEpochMilli());
        }
    }

    /** From when on a plan's due times count, ms since 1970. */
    static long since(byte[] document) throws IOException {
        return JSON.readTree(document).path("since").asLong();
    }

    /** @throws IOException if this is not a plan's document */
    static Plan read(byte[] document) throws IOException {
        JsonNode node = JSON.readTree(document);
        try {
            JsonNode selector = node.path("selector");
            return Plan.builder(node.path("id").asText())
                    .version(node.path("version").asInt())
                    .title(node.path("title").asText())
                    .action(action(node.path("action")))
                    .selector(new Selector(
                            Set.copyOf(texts(selector.path("zones"))),
                            Set.copyOf(texts(selector.path("models"))),
                            Set.copyOf(texts(selector.path("vendors"))),
                            Set.copyOf(texts(selector.path("tags"))),
                            Set.copyOf(texts(selector.path("meters")))))
                    .trigger(trigger(node.path("trigger")))
                    .deadline(millis(node, "deadlineMillis"))
                    .window(millis(node, "windowMillis"))
                    .priority(node.path("priority").asInt())
                    .retry(new Retry(
                            node.path("attempts").asInt(),
                            millis(node, "timeoutMillis"),
                            millis(node, "backoffMillis")))
                    .catchUp(CatchUp.valueOf(node.path("catchUp").asText()))
                    .paused(node.path("paused").asBoolean())
                    .approved(node.path("approved").asBoolean())
                    .build();
        } catch (RuntimeException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static Action action(JsonNode node) {
        String type = node.path("type").asText();
        return switch (type) {
            case "registers" -> new Action.ReadRegisters(texts(node.path("registers")));
            case "profile" ->
                new Action.ReadProfile(
                        texts(node.path("registers")), millis(node, "backMillis"), millis(node, "lengthMillis"));
            case "time" -> new Action.SetTime();
            case "switch" -> new Action.Switch(node.path("connect").asBoolean());
            case "write" -> new Action.Write(node.path("path").asText(), value(node.path("value")));
            case "execute" ->
                new Action.Execute(
                        node.path("path").asText(), node.path("arguments").asText());
            case "firmware" -> new Action.Firmware(node.path("uri").asText());
            default -> throw new IllegalArgumentException("unknown action '" + type + "'");
        };
    }

    private static Object value(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        return value.isNumber() ? value.numberValue() : value.asText();
    }

    private static Trigger trigger(JsonNode node) {
        if (node.has("cron")) {
            return new Trigger.Cron(
                    node.path("cron").asText(), ZoneId.of(node.path("zone").asText()));
        }
        if (node.has("once")) {
            return new Trigger.Once(Instant.ofEpochMilli(node.path("once").asLong()));
        }
        return new Trigger.Every(millis(node, "spanMillis"), millis(node, "offsetMillis"));
    }

    private static Duration millis(JsonNode node, String field) {
        return Duration.ofMillis(node.path(field).asLong());
    }

    private static void texts(ArrayNode into, Collection<String> values) {
        values.stream().sorted().forEach(into::add);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
