// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
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
        name = "lines",
        description = "Lines: serial ports and serial servers with meters.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class LinesCommand implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_MILLIS = 500;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, probe");
    }

    @Command(name = "list", description = "The lines with their meters.")
    int list() {
        JsonNode lines = client.api().get("lines", Map.of());
        if (client.printed(lines)) {
            return 0;
        }
        client.table(lines.path("items"), "name", "port", "open", "waiting", "text");
        ArrayNode meters = Rest.JSON.createArrayNode();
        lines.path("items").forEach(line -> line.path("meters")
                .forEach(meter -> meters.add(((ObjectNode) meter.deepCopy())
                        .put("line", line.path("name").asText()))));
        if (!meters.isEmpty()) {
            client.out().println();
            client.table(meters, "line", "meter", "protocol", "address", "state", "lastAnswer", "skippedUntil");
        }
        return 0;
    }

    @Command(
            name = "probe",
            description = {
                "Find out what answers on a line: tries the known settings of the protocols.",
                "Exit code 1 when nothing answers."
            })
    int probe(
            @Parameters(paramLabel = "LINE") String line,
            @Option(
                            names = "--protocol",
                            paramLabel = "NAME",
                            description = "Only this one; may be repeated. Default: all that are installed.")
                    @Nullable
                    List<String> protocols,
            @Option(
                            names = "--address",
                            paramLabel = "ADDRESS",
                            defaultValue = "",
                            description = "Ask this meter. Default: whatever addresses any meter.")
                    String address)
            throws InterruptedException {
        ObjectNode order = Rest.JSON.createObjectNode().put("address", address);
        ArrayNode names = order.putArray("protocols");
        if (protocols != null) {
            protocols.forEach(names::add);
        }
        String path = "lines/" + ApiClient.encode(line) + "/probe";
        JsonNode probe = client.api()
                .post(path, "application/json", HttpRequest.BodyPublishers.ofString(order.toString()), TIMEOUT);
        String shown = "";
        while (!probe.path("state").asText().equals("ended")) {
            String progress = probe.path("tried").asText() + "/"
                    + probe.path("trials").asText() + "  " + probe.path("text").asText();
            if (!progress.equals(shown)) {
                spec.commandLine().getErr().println(progress);
                spec.commandLine().getErr().flush();
                shown = progress;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
            probe = client.api().get(path, Map.of());
        }
        if (!client.printed(probe)) {
            client.table(probe.path("found"), "protocol", "settings", "address", "answer");
            client.out().println(probe.path("text").asText());
        }
        return probe.path("found").isEmpty() ? 1 : 0;
    }
}
