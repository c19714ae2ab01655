// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.osgi.framework.Constants;

/** The rules of the house, checked over what was built. */
class HouseRulesTest {
    private static final Path BUNDLES = Path.of(System.getProperty("meterway.home"), "bundles");
    private static final Path SOURCES = Path.of(System.getProperty("meterway.sources"), "bundles");
    private static final String API = "org.meterway.api";

    @TestFactory
    Stream<DynamicTest> noProviderImportsOrExportsAnothersPackages() throws IOException {
        List<Path> ours = ours();
        assertTrue(ours.size() >= 12, "the distribution holds our bundles: " + ours);
        return ours.stream()
                .map(jar -> DynamicTest.dynamicTest(jar.getFileName().toString(), () -> {
                    Manifest manifest = manifest(jar);
                    TreeSet<String> imported = packages(manifest, Constants.IMPORT_PACKAGE);
                    imported.removeIf(name -> !name.startsWith("org.meterway.") || name.startsWith(API + "."));
                    assertEquals(new TreeSet<>(), imported, "imports another provider's packages");
                    TreeSet<String> exported = packages(manifest, Constants.EXPORT_PACKAGE);
                    boolean contracts = symbolicName(manifest).equals(API);
                    exported.removeIf(
                            name -> !name.startsWith("org.meterway.") || contracts && name.startsWith(API + "."));
                    assertEquals(new TreeSet<>(), exported, "exports packages of its own");
                }));
    }

    @TestFactory
    Stream<DynamicTest> theContractsNeedNothingButAnnotations() throws IOException {
        return ours().stream()
                .filter(jar -> jar.getFileName().toString().startsWith(API + "-"))
                .map(jar -> DynamicTest.dynamicTest(jar.getFileName().toString(), () -> {
                    TreeSet<String> imported = packages(manifest(jar), Constants.IMPORT_PACKAGE);
                    imported.removeIf(name -> name.startsWith(API + ".") || name.startsWith("org.jspecify."));
                    assertEquals(new TreeSet<>(), imported);
                    assertTrue(
                            manifest(jar).getMainAttributes().getValue("Service-Component") == null,
                            "the contracts hold no component");
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyBundleLooksLikeItsSiblings() throws IOException {
        try (Stream<Path> found = Files.walk(SOURCES, 3)) {
            List<Path> folders = found.filter(file -> file.endsWith("bnd.bnd"))
                    .map(Path::getParent)
                    .toList();
            assertTrue(folders.size() >= 12, "bundles found: " + folders);
            return folders.stream()
                    .map(folder ->
                            DynamicTest.dynamicTest(SOURCES.relativize(folder).toString(), () -> {
                                List<String> expected = List.of("pom.xml", "bnd.bnd", "README.md");
                                assertAll(expected.stream()
                                        .map(name -> () ->
                                                assertTrue(Files.exists(folder.resolve(name)), name + " is there")));
                                String artifact = "<artifactId>org.meterway."
                                        + SOURCES.relativize(folder)
                                                .toString()
                                                .replaceFirst("^(resource|codec|platform|presentation)/", "")
                                                .replace('-', '.')
                                                .replace('/', '.')
                                        + "</artifactId>";
                                assertTrue(
                                        Files.readString(folder.resolve("pom.xml"))
                                                .contains(artifact),
                                        "is named after its folder: " + artifact);
                                long lines;
                                try (Stream<String> text = Files.lines(folder.resolve("bnd.bnd"))) {
                                    lines = text.filter(line -> !line.isBlank() && !line.startsWith("#"))
                                            .count();
                                }
                                assertTrue(lines <= 12, "bnd.bnd says only what is special, in " + lines + " lines");
                            }));
        }
    }

    private static List<Path> ours() throws IOException {
        try (Stream<Path> jars = Files.list(BUNDLES)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("org.meterway."))
                    .sorted()
                    .toList();
        }
    }

    private static Manifest manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest();
        }
    }

    private static String symbolicName(Manifest manifest) {
        return manifest.getMainAttributes()
                .getValue(Constants.BUNDLE_SYMBOLICNAME)
                .split(";")[0];
    }

    private static TreeSet<String> packages(Manifest manifest, String header) {
        TreeSet<String> names = new TreeSet<>();
        String value = manifest.getMainAttributes().getValue(header);
        if (value != null) {
            // Commas within quotes belong to version ranges and uses lists.
            for (String clause : value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
                for (String part : clause.split(";")) {
                    if (!part.contains("=")) {
                        names.add(part.trim());
                    }
                }
            }
        }
        return names;
    }
}
