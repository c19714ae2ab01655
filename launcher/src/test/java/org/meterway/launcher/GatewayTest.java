// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Starts the real framework. */
class GatewayTest {
    private static final String CONFIG_ADMIN = "{\"id\": \"test:configadmin:1.0.0\", \"start-level\": 2}";

    @TempDir
    Path folder;

    private TestDistribution test;
    private Path data;

    @BeforeEach
    void distribution() {
        data = folder.resolve("data");
        test = new TestDistribution(folder.resolve("home")).bundle("a").bundle("b");
    }

    @Test
    void everyBundleRunsAndKnowsTheDataFolder() {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}, {\"id\": \"test:b:1.0.0\", \"start-level\": 30}]");

        try (Gateway gateway = start("f")) {
            assertEquals(Bundle.ACTIVE, bundle(gateway, "a").getState());
            assertEquals(Bundle.ACTIVE, bundle(gateway, "b").getState());
            assertEquals(data.toAbsolutePath().toString(), gateway.context().getProperty(Gateway.DATA));
            assertEquals(List.of(), Diagnosis.of(gateway.context()).all());
        }
    }

    @Test
    void aWarmStartKeepsTheBundlesThatAreTheSame() throws IOException {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}]");
        long id;
        long modified;
        try (Gateway gateway = start("f")) {
            id = bundle(gateway, "a").getBundleId();
            modified = bundle(gateway, "a").getLastModified();
        }
        // Copied again with the same content, as a fresh build does it.
        Path jar = test.distribution.bundles().resolve("a-1.0.0.jar");
        Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(1_000_000));

        try (Gateway gateway = start("f")) {
            assertEquals(id, bundle(gateway, "a").getBundleId());
            assertEquals(modified, bundle(gateway, "a").getLastModified());
            assertEquals(Bundle.ACTIVE, bundle(gateway, "a").getState());
        }
    }

    @Test
    void aChangedBundleIsUpdatedAndOneThatIsGoneIsUninstalled() {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}, {\"id\": \"test:b:1.0.0\"}]");
        long id;
        try (Gateway gateway = start("f")) {
            id = bundle(gateway, "a").getBundleId();
        }
        test.bundle("a", "Bundle-Name", "changed");
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}]");

        try (Gateway gateway = start("f")) {
            assertEquals(id, bundle(gateway, "a").getBundleId());
            assertEquals("changed", bundle(gateway, "a").getHeaders().get("Bundle-Name"));
            assertEquals(2, gateway.context().getBundles().length);
        }
    }

    @Test
    void aRecordedStartNamesTheClassesInTheOrderTheyWereLoaded() throws IOException {
        Path list = folder.resolve("classes.list");
        test.configAdmin().feature("f", "\"bundles\": [" + CONFIG_ADMIN + "]");
        System.setProperty(ClassesAhead.RECORD, list.toString());
        try {
            start("f").close();
        } finally {
            System.clearProperty(ClassesAhead.RECORD);
        }
        List<String> lines = Files.readAllLines(list);
        assertEquals("test:configadmin org.apache.felix.cm.impl.Activator", lines.get(0));
        assertEquals(lines.size(), Set.copyOf(lines).size());
    }

    @Test
    void aListOfClassesThatDoesNotFitHindersNoStart() throws IOException {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}]");
        Files.writeString(
                test.distribution.home().resolve("classes.list"), "test:gone x.Y\n\nnonsense\ntest:a not.There\n");

        try (Gateway gateway = start("f")) {
            assertEquals(Bundle.ACTIVE, bundle(gateway, "a").getState());
        }
    }

    @Test
    void aCacheThatIsBrokenIsBuiltAnew() throws IOException {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}]");
        start("f").close();
        Gateway.delete(data.resolve("cache"));
        Files.writeString(data.resolve("cache"), "not a folder");

        try (Gateway gateway = start("f")) {
            assertEquals(Bundle.ACTIVE, bundle(gateway, "a").getState());
        }
    }

    @Test
    void aBundleThatDoesNotResolveIsNamedWithWhatItLacks() {
        test.bundle("c", "Import-Package", "no.such.thing");
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}, {\"id\": \"test:c:1.0.0\"}]");

        try (Gateway gateway = start("f")) {
            Diagnosis diagnosis = Diagnosis.of(gateway.context());

            assertEquals(1, diagnosis.broken().size());
            String line = diagnosis.broken().get(0);
            assertTrue(line.startsWith("bundle c 1.0.0 does not start") && line.contains("no.such.thing"), line);
            assertEquals(Bundle.ACTIVE, bundle(gateway, "a").getState());
        }
    }

    @Test
    void configurationsAreHandedOverOnceAndDeletedWithTheirFeature() throws Exception {
        test.configAdmin();
        String body = "\"bundles\": [" + CONFIG_ADMIN + "], \"configurations\": {%s}";
        test.feature("f", body.formatted("\"pid\": {\"x:Integer\": 1}, \"factory~one\": {\"y\": \"z\"}"));
        long count;
        try (Gateway gateway = start("f")) {
            Configuration configuration = configuration(gateway.context(), "pid");
            count = configuration.getChangeCount();
            assertEquals(1, configuration.getProperties().get("x"));
            assertNotNull(configuration(gateway.context(), "factory~one"));
            assertEquals(0, Configurator.apply(gateway.context(), test.read("f")));
        }
        try (Gateway gateway = start("f")) {
            assertEquals(count, configuration(gateway.context(), "pid").getChangeCount());
        }
        test.feature("f", body.formatted("\"pid\": {\"x:Integer\": 2}"));
        try (Gateway gateway = start("f")) {
            assertEquals(
                    2, configuration(gateway.context(), "pid").getProperties().get("x"));
            assertNull(configuration(gateway.context(), "factory~one"));
        }
    }

    @Test
    void configurationsWithoutConfigurationAdminAreRefusedAndTheFolderIsFreeAgain() {
        test.feature("f", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}], \"configurations\": {\"pid\": {\"x\": \"1\"}}");

        assertThrows(LaunchException.class, () -> start("f"));

        DataFolder.open(data).close();
    }

    private Gateway start(String feature) {
        return Gateway.start(test.distribution, test.read(feature), DataFolder.open(data));
    }

    private static Bundle bundle(Gateway gateway, String name) {
        return Arrays.stream(gateway.context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private static Configuration configuration(BundleContext context, String pid) throws Exception {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        Configuration[] found = context.getService(reference).listConfigurations("(service.pid=" + pid + ")");
        return found == null ? null : found[0];
    }
}
