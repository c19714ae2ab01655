// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "client",
        description = "Ask a running gateway, or tell it to do something.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LinesCommand.class, ReplayCommand.class, PlansCommand.class, OrdersCommand.class})
final class ClientCommand implements Runnable {
    private static final int PAGE = 1000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the gateway is. Default: ${DEFAULT-VALUE}.")
    private String url;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON, for scripts.")
    private boolean json;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(name = "health", description = "How the gateway and its parts are. Exit code 1 when it is down.")
    int health() {
        JsonNode health = api().get("health", 503);
        if (!printed(health)) {
            JsonNode meters = health.path("meters");
            JsonNode readings = health.path("readings");
            out().println(health.path("status").asText() + ", Meterway "
                    + health.path("version").asText() + ", for "
                    + Duration.ofSeconds(health.path("uptimeSeconds").asLong())
                            .toString()
                            .substring(2)
                            .toLowerCase());
            out().println("meters    " + fields(meters));
            out().println("readings  " + fields(readings));
            out().println("messages  " + fields(health.path("messages")));
            TextTable table = new TextTable("PART", "STATUS", "");
            health.path("components")
                    .forEach(part -> table.row(cell(part, "name"), cell(part, "status"), cell(part, "text")));
            table.print(out());
        }
        return health.path("status").asText().equals("down") ? 1 : 0;
    }

    @Command(name = "meters", description = "The meters that are known.")
    int meters(
            @Option(names = "--search", paramLabel = "TEXT") @Nullable String search,
            @Option(names = "--zone", paramLabel = "ZONE") @Nullable String zone,
            @Option(names = "--vendor", paramLabel = "VENDOR") @Nullable String vendor,
            @Option(names = "--state", paramLabel = "STATE", description = "planned, active or retired") @Nullable
                    String state,
            @Option(
                            names = "--sort",
                            paramLabel = "KEY",
                            description = "id, serial, vendor, model, zone, state or lastSeen; -KEY turns it round")
                    @Nullable
                    String sort,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "1000") int limit) {
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("search", search);
        query.put("zone", zone);
        query.put("vendor", vendor);
        query.put("state", state);
        query.put("sort", sort);
        ArrayNode meters = pages("meters", query, limit);
        return table(
                meters, "id", "serial", "vendor", "model", "zone", "state", "connection.state", "connection.lastSeen");
    }

    @Command(name = "meter", description = "One meter and its registers.")
    int meter(@Parameters(paramLabel = "ID") String id) {
        JsonNode meter = api().get("meters/" + ApiClient.encode(id), Map.of());
        JsonNode registers = api().get("meters/" + ApiClient.encode(id) + "/registers", Map.of());
        if (json) {
            printed(((ObjectNode) meter.deepCopy()).set("registers", registers.path("items")));
            return 0;
        }
        meter.fields().forEachRemaining(field -> {
            if (!TextTable.cell(field.getValue()).isEmpty()) {
                out().printf(
                                "%-12s %s%n",
                                field.getKey(),
                                field.getValue().isObject()
                                        ? fields(field.getValue())
                                        : TextTable.cell(field.getValue()));
            }
        });
        return table(registers.path("items"), "quantity", "name", "value", "unit", "time", "quality");
    }

    @Command(name = "import", description = "Import meters from a CSV file; all of them or, if one is wrong, none.")
    int importFile(@Parameters(paramLabel = "FILE") Path file) {
        HttpRequest.BodyPublisher body;
        try {
            body = HttpRequest.BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new LaunchException("cannot read " + file + ": give the name of a CSV file", e);
        }
        JsonNode answer;
        try (Waiting waiting = new Waiting(spec.commandLine().getErr(), "importing " + file)) {
            answer = api().post("meters/import", "text/csv", body, Duration.ofMinutes(5));
        }
        if (!printed(answer)) {
            out().println(answer.path("imported").asText() + " meters imported");
        }
        return 0;
    }

    @Command(name = "readings", description = "Readings of a meter, or of a zone on one day.")
    int readings(
            @Option(names = "--meter", paramLabel = "ID") @Nullable String meter,
            @Option(names = "--zone", paramLabel = "ZONE") @Nullable String zone,
            @Option(names = "--day", paramLabel = "DAY", description = "2026-11-20, UTC; with --zone") @Nullable
                    String day,
            @Option(names = "--quantity", paramLabel = "OBIS", description = "for example 1-0:1.8.0") @Nullable
                    String quantity,
            @Option(names = "--from", paramLabel = "TIME", description = "2026-11-20 or 2026-11-20T10:00:00Z") @Nullable
                    String from,
            @Option(names = "--to", paramLabel = "TIME", description = "exclusive") @Nullable String to,
            @Option(names = "--versions", description = "Also values superseded; with --meter.") boolean versions,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100000") int limit) {
        if ((meter == null) == (zone == null)) {
            throw misuse("give either --meter, or --zone with --day");
        }
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("meter", meter);
        query.put("zone", zone);
        query.put("day", day);
        query.put("quantity", quantity);
        query.put("from", time("--from", from));
        query.put("to", time("--to", to));
        query.put("versions", versions ? "all" : null);
        return table(
                pages("readings", query, limit),
                "meter",
                "quantity",
                "start",
                "intervalSeconds",
                "value",
                "unit",
                "quality");
    }

    @Command(name = "parked", description = "Frames that no codec could decode yet, the newest first.")
    int parked(
            @Option(names = "--meter", paramLabel = "ID") @Nullable String meter,
            @Option(names = "--retry", description = "Have them tried again, also by the codec that refused them.")
                    boolean retry,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50") int limit) {
        if (retry) {
            ObjectNode body = Rest.JSON.createObjectNode();
            if (meter != null) {
                body.put("meter", meter);
            }
            printed(api().post(
                            "parked/retry",
                            "application/json",
                            HttpRequest.BodyPublishers.ofString(body.toString()),
                            Duration.ofSeconds(30)));
            return 0;
        }
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("meter", meter);
        query.put("limit", Integer.toString(Math.min(limit, 200)));
        return table(
                api().get("parked", query).path("items"),
                "number",
                "meter",
                "receivedAt",
                "refused",
                "contentType",
                "codec",
                "field",
                "offset",
                "reason",
                "bytes");
    }

    @Command(name = "trace", description = "Why a value is what it is: bytes, fields, codec, versions.")
    int trace(
            @Parameters(paramLabel = "METER") String meter,
            @Parameters(paramLabel = "OBIS", description = "for example 1-0:1.8.0") String quantity,
            @Parameters(paramLabel = "START", description = "start of the reading") String start,
            @Option(names = "--interval", paramLabel = "SECONDS") @Nullable String interval) {
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("start", time("START", start));
        query.put("interval", interval);
        JsonNode trace =
                api().get("readings/" + ApiClient.encode(meter) + "/" + ApiClient.encode(quantity) + "/trace", query);
        if (printed(trace)) {
            return 0;
        }
        JsonNode message = trace.path("message");
        out().println(cell(trace, "value") + " " + cell(trace, "unit") + "  " + cell(trace, "quality"));
        out().println("message " + cell(message, "number") + ", received " + cell(message, "receivedAt") + " by "
                + cell(message, "channel") + ", decoded by " + cell(message, "codec") + " "
                + cell(message, "codecVersion"));
        out().println(cell(message, "bytes"));
        JsonNode now = trace.path("decodedNow");
        if (now.isObject()) {
            out().println("read now by " + cell(now, "codec") + " " + cell(now, "codecVersion") + ": "
                    + (now.hasNonNull("rejection") ? cell(now, "rejection") : cell(now, "value")));
        }
        table(now.path("fields"), "part", "offset", "length", "meaning");
        return trace.path("versions").isEmpty()
                ? 0
                : table(trace.path("versions"), "value", "codec", "codecVersion", "since", "until", "who", "why");
    }

    @Command(name = "integrity", description = "How many of the expected intervals are there.")
    int integrity(
            @Option(names = "--from", required = true, paramLabel = "TIME") String from,
            @Option(names = "--to", required = true, paramLabel = "TIME") String to,
            @Option(names = "--meter", paramLabel = "ID") @Nullable String meter,
            @Option(names = "--zone", paramLabel = "ZONE") @Nullable String zone) {
        Map<String, @Nullable String> query = new LinkedHashMap<>();
        query.put("from", time("--from", from));
        query.put("to", time("--to", to));
        query.put("meter", meter);
        query.put("zone", zone);
        JsonNode found = api().get("integrity", query);
        if (!json) {
            out().println("integrity "
                    + (found.path("integrity").isNumber()
                            ? found.path("integrity").asText()
                            : "unknown") + ", " + found.path("present").asText() + " of "
                    + found.path("expected").asText() + " intervals");
            return table(found.path("meters"), "meter", "expected", "present", "integrity");
        }
        printed(found);
        return 0;
    }

    @Command(name = "command", description = "Do something with a meter now. Exit code 1 when the meter refuses.")
    int command(
            @Parameters(paramLabel = "METER") String meter,
            @Parameters(
                            paramLabel = "OPERATION",
                            description =
                                    "read, write, execute, create, delete, discover, observe, cancel-observe, write-attributes, read-composite, write-composite or observe-composite")
                    String operation,
            @Parameters(
                            paramLabel = "PATH",
                            arity = "1..*",
                            description = "for example /3/0/0; when writing, /3/0/15=Europe/London")
                    List<String> paths,
            @Option(
                            names = "--attribute",
                            paramLabel = "NAME=VALUE",
                            description = "for write-attributes, for example pmin=10")
                    @Nullable
                    Map<String, String> attributes,
            @Option(names = "--arguments", paramLabel = "TEXT", description = "for execute, for example 0='x'")
                    @Nullable
                    String arguments,
            @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10") int timeout) {
        ObjectNode body =
                Rest.JSON.createObjectNode().put("operation", operation).put("timeoutSeconds", timeout);
        ArrayNode bodyPaths = body.putArray("paths");
        ObjectNode values = Rest.JSON.createObjectNode();
        for (String path : paths) {
            int equals = path.indexOf('=');
            bodyPaths.add(equals < 0 ? path : path.substring(0, equals));
            if (equals >= 0) {
                values.put(path.substring(0, equals), path.substring(equals + 1));
            }
        }
        if (!values.isEmpty()) {
            body.set("values", values);
        }
        if (attributes != null) {
            attributes.forEach(body.putObject("attributes")::put);
        }
        body.put("arguments", arguments);
        JsonNode answer = api().post(
                        "meters/" + ApiClient.encode(meter) + "/commands",
                        "application/json",
                        HttpRequest.BodyPublishers.ofString(body.toString()),
                        Duration.ofSeconds(timeout + 30L));
        if (!printed(answer)) {
            out().println(cell(answer, "code") + (answer.hasNonNull("text") ? " " + cell(answer, "text") : ""));
            answer.path("values").fields().forEachRemaining(value -> out().println(
                            value.getKey() + " = " + TextTable.cell(value.getValue())));
            if (answer.hasNonNull("links")) {
                out().println(cell(answer, "links"));
            }
        }
        return answer.path("success").asBoolean() ? 0 : 1;
    }

    @Command(name = "events", description = "What happened.")
    int events(@Option(names = "--follow", description = "Go on until Ctrl-C.") boolean follow) {
        if (follow) {
            api().follow("events", event -> {
                out().println(
                                json
                                        ? event.toString()
                                        : String.join(
                                                "  ",
                                                cell(event, "time"),
                                                cell(event, "severity"),
                                                cell(event, "type"),
                                                cell(event, "meter"),
                                                cell(event, "text")));
                out().flush();
            });
            return 0;
        }
        return table(api().get("events", Map.of()).path("items"), "time", "severity", "type", "meter", "text");
    }

    ApiClient api() {
        return new ApiClient(url);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Every page of a list, up to a limit. */
    ArrayNode pages(String path, Map<String, @Nullable String> query, int limit) {
        ApiClient api = api();
        ArrayNode all = Rest.JSON.createArrayNode();
        String cursor = null;
        do {
            query.put("limit", Integer.toString(Math.min(PAGE, limit - all.size())));
            query.put("cursor", cursor);
            JsonNode page = api.get(path, query);
            page.path("items").forEach(all::add);
            cursor = page.hasNonNull("next") ? page.path("next").asText() : null;
        } while (cursor != null && all.size() < limit);
        return all;
    }

    int table(JsonNode items, String... keys) {
        if (json) {
            printed(Rest.JSON.createObjectNode().set("items", items));
            return 0;
        }
        TextTable table = new TextTable(
                java.util.Arrays.stream(keys).map(ClientCommand::head).toArray(String[]::new));
        for (JsonNode item : items) {
            table.row(java.util.Arrays.stream(keys).map(key -> cell(item, key)).toArray(String[]::new));
        }
        table.print(out());
        return 0;
    }

    private static String head(String key) {
        return key.substring(key.indexOf('.') + 1).replaceAll("([A-Z])", " $1").toUpperCase(java.util.Locale.ROOT);
    }

    private static String cell(JsonNode item, String key) {
        return TextTable.cell(item.at("/" + key.replace('.', '/')));
    }

    private static String fields(JsonNode object) {
        StringBuilder text = new StringBuilder();
        object.fields().forEachRemaining(field -> text.append(text.length() == 0 ? "" : ", ")
                .append(field.getKey())
                .append(' ')
                .append(TextTable.cell(field.getValue())));
        return text.toString();
    }

    boolean printed(JsonNode document) {
        if (json) {
            try {
                out().println(Rest.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return json;
    }

    @Nullable
    String time(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.length() == "2026-11-20".length()
                    ? LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toString()
                    : Instant.parse(text).toString();
        } catch (DateTimeParseException e) {
            throw misuse(option + " must be a day like 2026-11-20 or a time like 2026-11-20T10:00:00Z, was " + text);
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
