// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = "Check that the distribution is complete: every bundle a feature names is there, and no other.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Distribution distribution = Distribution.find();
        FeatureReader reader = new FeatureReader(distribution);
        Set<Path> named = new TreeSet<>();
        for (String feature : distribution.featureNames()) {
            reader.read(feature).bundles().forEach(bundle -> named.add(bundle.file()));
        }
        List<String> unused;
        try (Stream<Path> files = Files.list(distribution.bundles())) {
            unused = files.filter(file -> !named.contains(file))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
        if (!unused.isEmpty()) {
            throw new LaunchException("no feature names " + String.join(", ", unused) + " in " + distribution.bundles()
                    + ": remove it there, or name it in a feature");
        }
        spec.commandLine()
                .getOut()
                .println(named.size() + " bundles in "
                        + distribution.featureNames().size() + " features: "
                        + String.join(", ", distribution.featureNames()));
        return 0;
    }
}
