// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "plans",
        description = "Plans: what is done at which meters, when and by when.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PlansCommand implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what: list, show, put, remove, pause, resume, runs, rehearse");
    }

    private static String path(String id) {
        return "plans/" + ApiClient.encode(id);
    }

    @Command(name = "list", description = "All plans.")
    int list() {
        JsonNode plans = client.api().get("plans", Map.of());
        if (!client.printed(plans)) {
            client.table(
                    plans.path("items"), "id", "version", "title", "action.type", "priority", "paused", "nextDue.0");
        }
        return 0;
    }

    @Command(name = "show", description = "One plan, as JSON that put takes.")
    int show(@Parameters(paramLabel = "ID") String id) {
        client.out().println(client.api().get(path(id), Map.of()).toPrettyString());
        return 0;
    }

    @Command(
            name = "put",
            description = {
                "Create or replace a plan from a JSON file. Example:",
                "{\"action\":{\"type\":\"read-registers\"},\"selector\":{\"zones\":[\"*\"]},",
                " \"trigger\":{\"cron\":\"0 * * * *\",\"timeZone\":\"Europe/London\"}}"
            })
    int put(@Parameters(paramLabel = "ID") String id, @Parameters(paramLabel = "FILE") Path file) {
        byte[] body;
        try {
            body = Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new LaunchException("cannot read " + file + ": give the name of a JSON file", unreadable);
        }
        return said(client.api().put(path(id), "application/json", BodyPublishers.ofByteArray(body), TIMEOUT));
    }

    @Command(name = "remove", description = "Remove a plan; its orders that are not done are cancelled.")
    int remove(@Parameters(paramLabel = "ID") String id) {
        client.api().delete(path(id), TIMEOUT);
        return 0;
    }

    @Command(name = "pause", description = "Let no more work of a plan become due.")
    int pause(@Parameters(paramLabel = "ID") String id) {
        return said(client.api().post(path(id) + "/pause", TIMEOUT));
    }

    @Command(name = "resume", description = "Let work of a plan become due again.")
    int resume(@Parameters(paramLabel = "ID") String id) {
        return said(client.api().post(path(id) + "/resume", TIMEOUT));
    }

    private int said(JsonNode plan) {
        if (!client.printed(plan)) {
            client.out()
                    .println("plan " + plan.path("id").asText() + " version "
                            + plan.path("version").asText()
                            + (plan.path("paused").asBoolean()
                                    ? ", paused"
                                    : ", next due "
                                            + plan.path("nextDue").path(0).asText("never")));
        }
        return 0;
    }

    @Command(name = "runs", description = "The latest runs of a plan, beside what was expected of them.")
    int runs(@Parameters(paramLabel = "ID") String id) {
        JsonNode runs = client.api().get(path(id) + "/runs", Map.of());
        if (!client.printed(runs)) {
            client.table(
                    runs.path("items"),
                    "due",
                    "ended",
                    "total",
                    "orders.done",
                    "orders.late",
                    "orders.failed",
                    "orders.expired",
                    "orders.queued",
                    "forecast.orders.done",
                    "forecast.finish");
        }
        return 0;
    }

    @Command(
            name = "rehearse",
            description = "Carry out the next run in virtual time: who will miss, and why. Nothing is sent.")
    int rehearse(@Parameters(paramLabel = "ID") String id) {
        JsonNode forecast = client.api().post(path(id) + "/rehearsal", TIMEOUT);
        if (!client.printed(forecast)) {
            client.out().println("due " + forecast.path("due").asText());
            client.out().println(forecast.path("text").asText());
            client.out()
                    .println("half done " + forecast.path("half").asText("never") + ", 95 % "
                            + forecast.path("most").asText("never") + ", all "
                            + forecast.path("finish").asText("never"));
            client.table(forecast.path("misses"), "meter", "state", "reason");
        }
        return 0;
    }
}
