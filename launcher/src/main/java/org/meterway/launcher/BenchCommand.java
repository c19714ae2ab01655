// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measure how much this machine takes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME")
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        if (spec.subcommands().isEmpty()) {
            throw new LaunchException("there are no benchmarks: lib/bench is missing from the class path");
        }
        throw new ParameterException(
                spec.commandLine(),
                "say which: " + String.join(", ", spec.subcommands().keySet()));
    }
}
