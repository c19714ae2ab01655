// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code meterway} command line. */
@Command(
        name = "meterway",
        description = "A metering gateway and dispatching centre.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = ScopeType.LOCAL,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            ClientCommand.class,
            DecodeCommand.class,
            DtmfCommand.class,
            CheckCommand.class,
            HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footer = {
            "",
            "From a checkout also: ./meterway verify (build and test everything), ./meterway format.",
            "Exit codes: 0 done, 1 failed, 2 wrong command line, 65 decode: the frame is rejected.",
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        CommandLine bench = new CommandLine(new BenchCommand());
        ServiceLoader.load(Benchmark.class).forEach(bench::addSubcommand);
        line.addSubcommand(bench);
        line.setExecutionExceptionHandler(Main::failed);
        line.setParameterExceptionHandler(Main::misused);
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof LaunchException) {
            line.getErr().println("meterway: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }

    private static int misused(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("meterway: " + e.getMessage().replaceAll("\\s*\\R\\s*", " ") + " (see " + command + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Meterway " + version()};
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
