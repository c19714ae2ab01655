// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Decode kept messages again with the codecs there are now.",
            "Shows the differences and changes nothing, unless --apply is given. Values superseded stay visible.",
            "Exit code 1 when it failed."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 300;
    private static final List<String> RUNNING = List.of("previewing", "applying");

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Option(names = "--meter", paramLabel = "ID", description = "Only messages of this meter.")
    private @Nullable String meter;

    @Option(names = "--model", paramLabel = "NAME", description = "Only messages of meters of this device model.")
    private @Nullable String model;

    @Option(names = "--from", paramLabel = "TIME", description = "Only messages received then or later.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only messages received before.")
    private @Nullable String to;

    @Option(names = "--apply", description = "Apply the differences when they are known.")
    private boolean apply;

    @Option(names = "--who", paramLabel = "NAME", description = "Who asks; kept with every value superseded.")
    private @Nullable String who;

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason; kept with every value superseded.")
    private @Nullable String why;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Most differences printed. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode request = Rest.JSON.createObjectNode();
        put(request, "meter", meter);
        put(request, "model", model);
        put(request, "from", client.time("--from", from));
        put(request, "to", client.time("--to", to));
        put(request, "who", who);
        put(request, "why", why);
        request.put("apply", apply);
        JsonNode replay = client.api()
                .post("replays", "application/json", HttpRequest.BodyPublishers.ofString(request.toString()), TIMEOUT);
        String path = "replays/" + replay.path("id").asText();
        String shown = "";
        while (RUNNING.contains(replay.path("state").asText()) || apply && is(replay, "previewed")) {
            String progress = replay.path("state").asText() + " "
                    + Math.round(replay.path("progress").asDouble() * 100) + " %, "
                    + replay.path("frames").asText() + " messages";
            if (!progress.equals(shown)) {
                spec.commandLine().getErr().println(progress);
                spec.commandLine().getErr().flush();
                shown = progress;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
            replay = client.api().get(path, Map.of());
        }
        print(replay, path);
        return is(replay, "failed") ? 1 : 0;
    }

    private static void put(ObjectNode request, String name, @Nullable String value) {
        if (value != null) {
            request.put(name, value);
        }
    }

    private static boolean is(JsonNode replay, String state) {
        return replay.path("state").asText().equals(state);
    }

    private void print(JsonNode replay, String path) {
        JsonNode differences = limit > 0 && replay.path("differences").asInt() > 0
                ? client.api()
                        .get(path + "/differences", Map.of("limit", Integer.toString(Math.min(limit, 1000))))
                        .path("items")
                : Rest.JSON.createArrayNode();
        ObjectNode all = replay.deepCopy();
        all.set("items", differences);
        if (client.printed(all)) {
            return;
        }
        if (!differences.isEmpty()) {
            ArrayNode rows = Rest.JSON.createArrayNode();
            for (JsonNode difference : differences) {
                ObjectNode row = difference.deepCopy();
                row.set("before", difference.path("before").path("value"));
                row.set("after", difference.path("after").path("value"));
                rows.add(row);
            }
            client.table(rows, "meter", "quantity", "start", "kind", "before", "after", "unit", "message");
        }
        client.out()
                .println(replay.path("state").asText() + ": "
                        + replay.path("frames").asText() + " messages, "
                        + replay.path("changed").asText() + " values changed, "
                        + replay.path("added").asText() + " added, "
                        + replay.path("vanished").asText() + " vanished, "
                        + replay.path("same").asText() + " as before, "
                        + replay.path("rejected").asText() + " messages refused now, "
                        + replay.path("undecodable").asText() + " without a codec"
                        + (replay.hasNonNull("failure")
                                ? ": " + replay.path("failure").asText()
                                : ""));
    }
}
