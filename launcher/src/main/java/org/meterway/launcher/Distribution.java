// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder Meterway is unpacked in.
 *
 * @param home absolute; holds {@code bundles features lib}
 */
public record Distribution(Path home) {
    /** The system property that names the folder; without it, the folder above the launcher's jar is taken. */
    public static final String HOME = "meterway.home";

    /** @throws LaunchException if there is no distribution where it should be */
    public static Distribution find() {
        String home = System.getProperty(HOME);
        Path folder = home != null ? Path.of(home) : folderOfTheLauncher();
        Distribution distribution = new Distribution(folder.toAbsolutePath().normalize());
        if (!Files.isDirectory(distribution.features()) || !Files.isDirectory(distribution.bundles())) {
            throw new LaunchException("no Meterway distribution in " + distribution.home()
                    + " (bundles and features are missing): build it with ./meterway or set -D" + HOME);
        }
        return distribution;
    }

    private static Path folderOfTheLauncher() {
        try {
            Path jar = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../..");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path bundles() {
        return home.resolve("bundles");
    }

    Path features() {
        return home.resolve("features");
    }

    /**
     * The data folder when none is given: beside the checkout, or beside an unpacked distribution.
     *
     * @param name a sub-folder, or empty
     */
    Path data(String name) {
        Path beside = System.getProperty("meterway.checkout") != null
                ? Path.of(System.getProperty("meterway.checkout"))
                : home;
        return beside.resolve("data").resolve(name);
    }

    /** The file of a feature that is given by name ({@code gateway}) or as a file ({@code my/gateway.json}). */
    Path feature(String nameOrFile) {
        Path named = features().resolve(nameOrFile + ".json");
        if (Files.isRegularFile(named)) {
            return named;
        }
        Path file = Path.of(nameOrFile).toAbsolutePath().normalize();
        if (Files.isRegularFile(file)) {
            return file;
        }
        throw new LaunchException("there is no feature " + nameOrFile + "; there are "
                + String.join(", ", featureNames()) + ", or give a file");
    }

    List<String> featureNames() {
        try (Stream<Path> files = Files.list(features())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LaunchException("cannot read the folder " + features() + ": " + e.getMessage(), e);
        }
    }
}
