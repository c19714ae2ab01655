// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.FeaturePlan.PlannedBundle;

class FeatureReaderTest {
    @TempDir
    Path folder;

    private TestDistribution test;

    @BeforeEach
    void twoBundles() {
        test = new TestDistribution(folder).bundle("a").bundle("b");
    }

    @Test
    void bundlesAndTypedConfigurationsAreRead() {
        test.feature(
                "one",
                """
                "bundles": [{"id": "test:a:1.0.0", "start-level": 7}, {"id": "test:b:1.0.0"}],
                "configurations": {"pid": {"port:Integer": 8080, "host": "127.0.0.1", "open:Boolean": true}}""");

        FeaturePlan plan = test.read("one");

        Path bundles = test.distribution.bundles();
        assertEquals("one", plan.name());
        assertEquals(
                List.of(
                        new PlannedBundle("test:a", bundles.resolve("a-1.0.0.jar"), 7),
                        new PlannedBundle("test:b", bundles.resolve("b-1.0.0.jar"), FeaturePlan.DEFAULT_LEVEL)),
                plan.bundles());
        assertEquals(Map.of("pid", Map.of("port", 8080, "host", "127.0.0.1", "open", true)), plan.configurations());
    }

    @Test
    void aFeatureWinsOverWhatItIncludes() {
        test.feature(
                "base",
                """
                "bundles": [{"id": "test:a:1.0.0", "start-level": 7}],
                "configurations": {"pid": {"x": "base", "y": "base"}}""");
        test.feature(
                "more",
                """
                "bundles": [{"id": "test:b:1.0.0"}, {"id": "test:a:1.0.0", "start-level": 9}],
                "configurations": {"pid": {"y": "more"}, "other": {"z": "more"}},
                "extensions": {"meterway-includes": {"type": "text", "kind": "mandatory", "text": ["base"]}}""");

        FeaturePlan plan = test.read("more");

        assertEquals(
                List.of("test:a 9", "test:b 5"),
                plan.bundles().stream()
                        .map(bundle -> bundle.location() + " " + bundle.startLevel())
                        .toList());
        assertEquals(
                Map.of("pid", Map.of("x", "base", "y", "more"), "other", Map.of("z", "more")), plan.configurations());
    }

    @Test
    void aFeatureThatIncludesItselfIsRefused() {
        test.feature("loop", "\"extensions\": {\"meterway-includes\": {\"type\": \"text\", \"text\": [\"loop\"]}}");

        assertTrue(refusal("loop").contains("loop.json includes itself"), refusal("loop"));
    }

    @Test
    void brokenJsonIsRefusedWithFileLineAndColumn() {
        test.file("bad", "{\n  \"id\": \"test:bad:1\",\n  \"bundles\": [{]\n}");

        String message = refusal("bad");

        assertTrue(message.contains("bad.json") && message.contains("line no=3"), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aBundleThatIsNotThereIsRefusedByName() {
        test.feature("lacking", "\"bundles\": [{\"id\": \"test:c:2.0.0\"}]");

        String message = refusal("lacking");

        assertTrue(message.contains("test:c:2.0.0") && message.contains("c-2.0.0.jar"), message);
    }

    @Test
    void aBundleNamedTwiceIsRefused() {
        test.feature("twice", "\"bundles\": [{\"id\": \"test:a:1.0.0\"}, {\"id\": \"test:a:1.0.0\"}]");

        assertTrue(refusal("twice").contains("twice"), refusal("twice"));
    }

    @Test
    void aStartLevelOutOfRangeIsRefused() {
        test.feature("level", "\"bundles\": [{\"id\": \"test:a:1.0.0\", \"start-level\": 31}]");

        assertTrue(refusal("level").contains("start-level of test:a:1.0.0 must be 1 to 30, was 31"), refusal("level"));
    }

    @Test
    void anUnknownFeatureIsRefusedWithTheKnownOnes() {
        test.feature("known", "");

        assertTrue(refusal("unknown").contains("there are known"), refusal("unknown"));
    }

    private String refusal(String feature) {
        return assertThrows(LaunchException.class, () -> test.read(feature)).getMessage();
    }
}
