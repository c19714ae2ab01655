// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Frames decoded per second on one core, beside the best Java library for the protocol that there is. */
@Command(
        name = "codec",
        mixinStandardHelpOptions = true,
        description = {
            "Frames decoded per second on one core, codec by codec, each in a process of its own, in turns with the best"
                    + " Java library for its protocol (OpenMUC's; Leshan's decoder for SenML).",
            "The libraries are fetched by the build and part of no distribution: outside a checkout only ours are measured."
        })
public final class CodecBench implements Callable<Integer>, Benchmark {
    @Option(
            names = "--codec",
            split = ",",
            defaultValue = "dlt645,dlms,iec62056,p1,sml,mbus,senml,dtmf",
            description = "which (default ${DEFAULT-VALUE})")
    private List<String> codecs;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "rounds, the median counts (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "1", description = "seconds a round (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report out = new Report("codec", "--rounds " + rounds + " --seconds " + seconds);
        ArrayNode rows = out.figures().putArray("codecs");
        Path folder = Files.createTempDirectory("meterway-bench");
        try {
            System.out.printf(
                    "%-9s %14s %14s %7s %10s %10s  %s%n",
                    "codec", "ours/s", "theirs/s", "ratio", "accepted", "theirs", "beside");
            for (String codec : codecs) {
                Path output = folder.resolve(codec + ".txt");
                JsonNode row = measure(codec, output);
                rows.add(row);
                print(row);
            }
        } finally {
            Folders.delete(folder);
        }
        out.write(report);
        return 0;
    }

    private JsonNode measure(String codec, Path output) throws Exception {
        List<String> command = List.of(
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path") + peers(),
                CodecMeasure.class.getName(),
                codec,
                Integer.toString(rounds),
                Integer.toString(seconds));
        try (Child child = new Child(output, command)) {
            int exit = child.await();
            List<String> lines = Files.readAllLines(output);
            if (exit != 0 || lines.isEmpty()) {
                throw new IOException("measuring " + codec + " failed: " + String.join("\n", lines));
            }
            return new ObjectMapper().readTree(lines.get(lines.size() - 1));
        }
    }

    /** The libraries we are measured beside, as a continuation of the class path; empty outside a checkout. */
    private static String peers() throws IOException {
        String checkout = System.getProperty("meterway.checkout");
        Path folder = checkout == null ? null : Path.of(checkout, "test-bundles", "bench", "target", "peers");
        if (folder == null || !Files.isDirectory(folder)) {
            return "";
        }
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.map(jar -> File.pathSeparator + jar).collect(Collectors.joining());
        }
    }

    private static void print(JsonNode row) {
        boolean beside = row.hasNonNull("peer");
        System.out.printf(
                "%-9s %,14.0f %14s %7s %10s %10s  %s%n",
                row.path("codec").asText(),
                row.path("perSecond").asDouble(),
                beside ? String.format("%,.0f", row.path("peerPerSecond").asDouble()) : "",
                beside ? String.format("%.2f", row.path("ratio").asDouble()) : "",
                row.path("accepted").asText() + "/" + row.path("frames").asText(),
                beside
                        ? row.path("peerAccepted").asText() + "/"
                                + row.path("frames").asText()
                        : "",
                row.path("peer").asText(row.path("unit").asText("")));
    }
}
