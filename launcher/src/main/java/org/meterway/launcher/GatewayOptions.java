// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that starts a gateway. */
final class GatewayOptions {
    private static final Pattern FACTORY = Pattern.compile("(([^~]+)~[A-Za-z0-9_-]+)\\..+");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where everything is kept; made when missing. Default: data beside the program.")
    @Nullable
    Path data;

    @Option(
            names = "--feature",
            paramLabel = "NAME|FILE",
            description = "What to start: a feature of the distribution or a feature file.")
    @Nullable
    String feature;

    @Option(names = "--http-port", paramLabel = "PORT", description = "TCP port of console and REST. Default: 8080.")
    @Nullable
    Integer httpPort;

    @Option(names = "--coap-port", paramLabel = "PORT", description = "UDP port of LwM2M over CoAP. Default: 5683.")
    @Nullable
    Integer coapPort;

    @Option(names = "--coaps-port", paramLabel = "PORT", description = "UDP port of LwM2M over DTLS. Default: 5684.")
    @Nullable
    Integer coapsPort;

    @Option(
            names = "--readings-port",
            paramLabel = "PORT",
            description = "UDP port of readings over plain CoAP. Default: 5685.")
    @Nullable
    Integer readingsPort;

    @Option(
            names = "--readings-dtls-port",
            paramLabel = "PORT",
            description = "UDP port of readings over CoAP with DTLS. Default: 5686.")
    @Nullable
    Integer readingsDtlsPort;

    @Option(
            names = "--set",
            paramLabel = "PID.KEY=VALUE",
            description = "Set one configuration value; may be repeated. Example: --set org.meterway.http.threads=32")
    List<String> settings = new ArrayList<>();

    @Option(names = "--report", paramLabel = "FILE", description = "Write what happened to a file, as JSON.")
    @Nullable
    Path report;

    /**
     * The feature with the values of the command line in it.
     *
     * @param usual the feature when none is given
     */
    FeaturePlan plan(Distribution distribution, String usual) {
        FeaturePlan plan = new FeatureReader(distribution).read(feature == null ? usual : feature);
        for (Map.Entry<Ports, Integer> port : ports().entrySet()) {
            Ports which = port.getKey();
            if (port.getValue() < 0 || port.getValue() > 65_535) {
                throw misuse(which.option + " must be 0 to 65535 (0 takes any free port), was " + port.getValue());
            }
            plan = Overrides.set(plan, which.pid, which.key, port.getValue());
        }
        for (Map.Entry<String, String> setting : settings(plan).entrySet()) {
            int at = setting.getKey().indexOf('\n');
            try {
                plan = Overrides.set(
                        plan,
                        setting.getKey().substring(0, at),
                        setting.getKey().substring(at + 1),
                        setting.getValue());
            } catch (LaunchException e) {
                throw misuse("--set " + e.getMessage());
            }
        }
        return plan;
    }

    private Map<Ports, Integer> ports() {
        Map<Ports, Integer> given = new EnumMap<>(Ports.class);
        put(given, Ports.HTTP, httpPort);
        put(given, Ports.LWM2M, coapPort);
        put(given, Ports.LWM2M_DTLS, coapsPort);
        put(given, Ports.READINGS, readingsPort);
        put(given, Ports.READINGS_DTLS, readingsDtlsPort);
        return given;
    }

    private static void put(Map<Ports, Integer> given, Ports port, @Nullable Integer value) {
        if (value != null) {
            given.put(port, value);
        }
    }

    /** Key is PID and key, parted by a line break, which neither can contain. */
    private Map<String, String> settings(FeaturePlan plan) {
        Map<String, String> parsed = new LinkedHashMap<>();
        Set<String> pids = pids(plan);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? "" : setting.substring(0, equals);
            // PIDs and keys both have dots: the longest PID that is there decides.
            String pid = pids.stream()
                    .filter(known -> name.startsWith(known + ".") && name.length() > known.length() + 1)
                    .max(java.util.Comparator.comparingInt(String::length))
                    .or(() -> factoryPid(pids, name))
                    .orElseThrow(() -> misuse("--set " + setting
                            + " is not PID.KEY=VALUE with a PID of the feature; it has " + String.join(", ", pids)));
            parsed.put(pid + '\n' + name.substring(pid.length() + 1), setting.substring(equals + 1));
        }
        return parsed;
    }

    /** One more configuration of a component that there may be several of: {@code org.meterway.line~north.port}. */
    private static Optional<String> factoryPid(Set<String> pids, String name) {
        Matcher matcher = FACTORY.matcher(name);
        return matcher.matches() && pids.contains(matcher.group(2)) ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** What the feature configures, and its bundles of ours, whose PID is their name. */
    private static Set<String> pids(FeaturePlan plan) {
        Set<String> pids = new TreeSet<>(plan.configurations().keySet());
        for (FeaturePlan.PlannedBundle bundle : plan.bundles()) {
            String artifact = bundle.location().substring(bundle.location().indexOf(':') + 1);
            if (artifact.startsWith("org.meterway.")) {
                pids.add(artifact);
            }
        }
        return pids;
    }

    private ParameterException misuse(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
