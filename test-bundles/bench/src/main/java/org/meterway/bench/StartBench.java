// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Launch to answering. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description =
                "Milliseconds from launching the JVM until HTTP health, LwM2M and the readings resource answer; the first"
                        + " start on an empty data folder is cold, the others are warm.")
public final class StartBench implements Callable<Integer>, Benchmark {
    @Option(names = "--runs", defaultValue = "9", description = "warm starts (default ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report out = new Report("start", "--runs " + runs);
        Path folder = Files.createTempDirectory("meterway-bench");
        try {
            long cold = once(folder);
            long[] warm = new long[runs];
            for (int run = 0; run < runs; run++) {
                warm[run] = once(folder);
            }
            Arrays.sort(warm);
            out.figures().put("coldMillis", cold);
            out.figures().put("warmMedianMillis", warm[runs / 2]);
            out.figures().put("warmMinMillis", warm[0]);
            out.figures().put("warmMaxMillis", warm[runs - 1]);
            ArrayNode all = out.figures().putArray("warmMillis");
            Arrays.stream(warm).forEach(all::add);
            System.out.printf(
                    "cold %,d ms; warm median %,d ms (%,d to %,d) of %d%n",
                    cold, warm[runs / 2], warm[0], warm[runs - 1], runs);
        } finally {
            Folders.delete(folder);
        }
        out.write(report);
        return 0;
    }

    private static long once(Path folder) throws Exception {
        try (Gateway gateway = new Gateway(folder.resolve("gateway"))) {
            return gateway.start() / 1_000_000;
        }
    }
}
