// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "orders",
        description = "Orders: the work of plans under way, and what became of the rest.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class OrdersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, cancel, meters");
    }

    @Command(name = "list", description = "Orders, the latest due first.")
    int list(
            @Option(names = "--plan", paramLabel = "ID") @Nullable String plan,
            @Option(names = "--meter", paramLabel = "ID") @Nullable String meter,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "due, queued, sent, done, late, failed, expired or cancelled")
                    @Nullable
                    String state,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "1000") int limit) {
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("plan", plan);
        query.put("meter", meter);
        query.put("state", state);
        return client.table(client.pages("orders", query, limit), "id", "state", "attempts", "ended", "reason");
    }

    @Command(name = "cancel", description = "Take an order back that is not done.")
    int cancel(@Parameters(paramLabel = "ID") String id) {
        JsonNode order = client.api().post("orders/" + ApiClient.encode(id) + "/cancel", Duration.ofSeconds(30));
        if (!client.printed(order)) {
            client.out().println("order " + id + " is " + order.path("state").asText());
        }
        return 0;
    }

    @Command(name = "meters", description = "The running state: how zones and meters are judged.")
    int meters(
            @Option(names = "--zone", paramLabel = "ZONE") @Nullable String zone,
            @Option(
                            names = "--condition",
                            paramLabel = "CONDITION",
                            description = "reachable, slow, lossy, asleep, unreachable or unknown")
                    @Nullable
                    String condition,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "1000") int limit) {
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("zone", zone);
        query.put("condition", condition);
        return client.table(
                client.pages("running-state", query, limit),
                "meter",
                "zone",
                "condition",
                "until",
                "roundTripMillis",
                "loss",
                "lastHeard");
    }
}
