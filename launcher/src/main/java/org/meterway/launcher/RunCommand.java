// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Start the gateway and keep it running until Ctrl-C.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--exit-when-ready", description = "Stop as soon as everything answers; for trying it out.")
    private boolean exitWhenReady;

    @Mixin
    private GatewayOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Distribution distribution = Distribution.find();
        FeaturePlan plan = options.plan(distribution, "gateway");
        Report report = Report.to(options.report);
        Interrupts interrupts = Interrupts.install();
        DataFolder data = DataFolder.open(options.data == null ? distribution.data("") : options.data);
        try (Startup startup = Startup.of(distribution, plan, data, interrupts)) {
            Screen.welcome(out, startup);
            ObjectNode numbers = report.start(startup);
            report.write(numbers);
            if (exitWhenReady) {
                return 0;
            }
            out.println("Ctrl-C stops it.");
            out.flush();
            interrupts.await();
            out.println();
            out.println("stopping …");
            out.flush();
        }
        return 0;
    }
}
