// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Start the gateway with simulated meters, which replay some days and then go on live.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final String FLEET = "org.meterway.fleet";
    private static final String ENROLMENT_KEY = ".enrolment.key.hex";
    private static final int SECONDS_PER_DAY = 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--meters",
            paramLabel = "N",
            defaultValue = "20",
            description = "Simulated meters, 1 to 10000. Default: ${DEFAULT-VALUE}.")
    private int meters;

    @Option(
            names = "--days",
            paramLabel = "D",
            defaultValue = "30",
            description = "Days to replay, 1 to 400. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "Press the whole replay into this many seconds, 1 to 86400, and end then. Without it a day takes"
                            + " 30 s, and the meters stay live until Ctrl-C.")
    private @Nullable Integer seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed makes the same meters and readings. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--fresh", description = "Start with empty data. This is the default.")
    private boolean fresh;

    @Option(names = "--keep", description = "Go on with the data of the last demo.")
    private boolean keep;

    @Mixin
    private GatewayOptions options;

    @Override
    public Integer call() {
        between("--meters", meters, 1, 10_000);
        between("--days", days, 1, 400);
        if (seconds != null) {
            between("--seconds", seconds, 1, 86_400);
        }
        if (fresh && keep) {
            throw new ParameterException(spec.commandLine(), "--fresh and --keep exclude each other");
        }
        if (Integer.valueOf(0).equals(options.coapsPort)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--coaps-port must be 1 to 65535: the simulated meters must know it beforehand");
        }
        PrintWriter out = spec.commandLine().getOut();
        Distribution distribution = Distribution.find();
        FeaturePlan plan = fleet(options.plan(distribution, "demo"));
        Report report = Report.to(options.report);
        // Before the data folder is emptied.
        Ports.check(plan);
        Interrupts interrupts = Interrupts.install();
        Path folder = options.data == null ? distribution.data("demo") : options.data;
        DataFolder data = keep ? DataFolder.open(folder) : DemoFolder.openEmpty(folder);
        try (Startup startup = Startup.of(distribution, withKey(plan, data), data, interrupts)) {
            Screen.welcome(out, startup);
            out.println(meters + " meters replay " + days + " days"
                    + (seconds == null ? "; Ctrl-C stops it." : " in " + seconds + " s."));
            out.flush();
            Replay replay = new Replay(startup, interrupts, new ProgressLine(out), meters);
            Replay.Outcome outcome = replay.watch(seconds);
            ObjectNode numbers = report.start(startup);
            numbers.put("seed", seed).put("days", days);
            numbers.put("seconds", seconds);
            outcome.addTo(numbers);
            report.write(numbers);
            outcome.print(out);
            out.flush();
            return outcome.failure().map(this::fail).orElse(0);
        }
    }

    private int fail(String failure) {
        spec.commandLine().getErr().println("meterway: " + failure);
        return 1;
    }

    private FeaturePlan fleet(FeaturePlan plan) {
        FeaturePlan set = Overrides.set(plan, FLEET, "meters", meters);
        set = Overrides.set(set, FLEET, "days", days);
        set = Overrides.set(set, FLEET, "seconds", seconds == null ? days * SECONDS_PER_DAY : seconds);
        set = Overrides.set(set, FLEET, "seed", seed);
        return Overrides.set(set, FLEET, "coaps.port", Ports.LWM2M_DTLS.of(plan));
    }

    /** The meters' keys are made from a secret that lives as long as the demo's data; nobody else can enrol. */
    private static FeaturePlan withKey(FeaturePlan plan, DataFolder data) {
        String key;
        try {
            key = DemoFolder.key(data);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
        FeaturePlan set = Overrides.set(plan, FLEET, ENROLMENT_KEY, key);
        return Overrides.set(set, "org.meterway.inventory", ENROLMENT_KEY, key);
    }

    private void between(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + min + " to " + max + ", was " + value);
        }
    }
}
