// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.meterway.launcher.FeaturePlan.PlannedBundle;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureConfiguration;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.FeatureService;
import org.osgi.service.feature.ID;

/**
 * Reads feature files: JSON of the OSGi Feature Service (OSGi Compendium 8.1, chapter 159).
 *
 * <p>Two additions: a bundle's metadata {@code start-level}, and the text extension {@value #INCLUDES}, the names of
 * features this one is built on. What a feature says itself wins over what it includes: a bundle with the same group and
 * artifact replaces, configuration values are merged key by key.
 */
final class FeatureReader {
    static final String INCLUDES = "meterway-includes";
    private static final String START_LEVEL = "start-level";

    private final Distribution distribution;
    private final FeatureService service;

    FeatureReader(Distribution distribution) {
        this.distribution = distribution;
        this.service = ServiceLoader.load(FeatureService.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi feature service on the class path"));
    }

    /**
     * @param nameOrFile a feature of the distribution, or a file
     * @throws LaunchException if the feature cannot be used; names the file and the place in it
     */
    FeaturePlan read(String nameOrFile) {
        Map<String, PlannedBundle> bundles = new LinkedHashMap<>();
        Map<String, Map<String, Object>> configurations = new TreeMap<>();
        Path file = distribution.feature(nameOrFile);
        String name = add(file, new LinkedHashSet<>(), bundles, configurations);
        return new FeaturePlan(name, new ArrayList<>(bundles.values()), configurations);
    }

    private String add(
            Path file,
            Set<Path> within,
            Map<String, PlannedBundle> bundles,
            Map<String, Map<String, Object>> configurations) {
        if (!within.add(file)) {
            throw bad(file, "includes itself", null);
        }
        Feature feature = parse(file);
        for (String included : includes(file, feature)) {
            Path sibling = file.resolveSibling(included + ".json");
            add(
                    Files.isRegularFile(sibling) ? sibling : distribution.feature(included),
                    within,
                    bundles,
                    configurations);
        }
        within.remove(file);

        Set<String> seen = new LinkedHashSet<>();
        for (FeatureBundle bundle : feature.getBundles()) {
            PlannedBundle planned = planned(file, bundle);
            if (!seen.add(planned.location())) {
                throw bad(file, "names the bundle " + planned.location() + " twice", null);
            }
            bundles.put(planned.location(), planned);
        }
        for (FeatureConfiguration configuration : feature.getConfigurations().values()) {
            configurations
                    .computeIfAbsent(configuration.getPid(), pid -> new TreeMap<>())
                    .putAll(configuration.getValues());
        }
        return feature.getName().orElse(feature.getID().getArtifactId());
    }

    private Feature parse(Path file) {
        try (Reader json = Files.newBufferedReader(file)) {
            return service.readFeature(json);
        } catch (IOException | RuntimeException e) {
            // The library wraps JSON errors, and the innermost one knows line and column.
            Throwable cause = e;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw bad(file, "is no OSGi feature: " + what, e);
        }
    }

    private static List<String> includes(Path file, Feature feature) {
        FeatureExtension extension = feature.getExtensions().get(INCLUDES);
        if (extension == null) {
            return List.of();
        }
        if (extension.getType() != FeatureExtension.Type.TEXT) {
            throw bad(file, "the extension " + INCLUDES + " must be of type \"text\"", null);
        }
        return extension.getText();
    }

    private PlannedBundle planned(Path file, FeatureBundle bundle) {
        ID id = bundle.getID();
        Path jar = distribution.bundles().resolve(id.getArtifactId() + "-" + id.getVersion() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw bad(file, "names the bundle " + id + ", but there is no " + jar, null);
        }
        return new PlannedBundle(id.getGroupId() + ":" + id.getArtifactId(), jar, startLevel(file, bundle));
    }

    private static int startLevel(Path file, FeatureBundle bundle) {
        Object level = bundle.getMetadata().get(START_LEVEL);
        if (level == null) {
            return FeaturePlan.DEFAULT_LEVEL;
        }
        // The library gives a JSON number as a BigDecimal, or as a Long.
        if (level instanceof Number number && number.intValue() >= 1 && number.intValue() <= FeaturePlan.LAST_LEVEL) {
            return number.intValue();
        }
        throw bad(
                file,
                "the " + START_LEVEL + " of " + bundle.getID() + " must be 1 to " + FeaturePlan.LAST_LEVEL + ", was "
                        + level,
                null);
    }

    private static LaunchException bad(Path file, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new LaunchException("feature " + file + " " + what, cause);
    }
}
