// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.cm.PersistenceManager;

/** A distribution in a temporary folder, with bundles made on the spot. */
final class TestDistribution {
    final Distribution distribution;

    TestDistribution(Path folder) {
        distribution = new Distribution(folder);
        try {
            Files.createDirectories(distribution.bundles());
            Files.createDirectories(distribution.features());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes {@code test:name:1.0.0}; pairs of further manifest headers. */
    TestDistribution bundle(String name, String... headers) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", "1.0.0");
        for (int i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
        Path jar = distribution.bundles().resolve(name + "-1.0.0.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies Felix's ConfigurationAdmin as {@code test:configadmin:1.0.0}. */
    TestDistribution configAdmin() {
        try {
            Path jar = Path.of(PersistenceManager.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Files.copy(jar, distribution.bundles().resolve("configadmin-1.0.0.jar"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    TestDistribution feature(String name, String body) {
        return file(
                name,
                "{\"feature-resource-version\": \"1.0\", \"id\": \"test:" + name + ":1.0.0\", \"name\": \"" + name
                        + "\"" + (body.isEmpty() ? "" : ", " + body) + "}");
    }

    TestDistribution file(String name, String text) {
        try {
            Files.writeString(distribution.features().resolve(name + ".json"), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FeaturePlan read(String feature) {
        return new FeatureReader(distribution).read(feature);
    }
}
