// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is started together: a feature with everything it includes.
 *
 * @param name for a person
 * @param bundles in the order they are installed
 * @param configurations by PID ({@code pid} or {@code factoryPid~name}), each with its values
 */
public record FeaturePlan(String name, List<PlannedBundle> bundles, Map<String, Map<String, Object>> configurations) {
    public FeaturePlan {
        bundles = List.copyOf(bundles);
        Map<String, Map<String, Object>> copy = new TreeMap<>();
        configurations.forEach((pid, values) -> copy.put(pid, Collections.unmodifiableMap(new TreeMap<>(values))));
        configurations = Collections.unmodifiableMap(copy);
    }

    /**
     * One bundle of a feature.
     *
     * @param location what it is called in the framework: group and artifact, without the version, so that a new version
     *     updates the bundle that is there
     * @param file the jar
     * @param startLevel 1 (first) to {@value FeaturePlan#LAST_LEVEL}
     */
    public record PlannedBundle(String location, Path file, int startLevel) {}

    /** Logging and configuration: what runs before anything is configured. */
    static final int FIRST_LEVEL = 2;

    static final int DEFAULT_LEVEL = 5;

    static final int LAST_LEVEL = 30;

    boolean configures(String pid) {
        return configurations.containsKey(pid);
    }

    boolean contains(String artifact) {
        return bundles.stream().anyMatch(bundle -> bundle.location().endsWith(":" + artifact));
    }

    /** This feature with other configuration values. */
    FeaturePlan withConfigurations(Map<String, Map<String, Object>> others) {
        return new FeaturePlan(name, bundles, others);
    }
}
