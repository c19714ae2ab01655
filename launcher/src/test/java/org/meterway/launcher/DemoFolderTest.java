// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFolderTest {
    @TempDir
    Path folder;

    @Test
    void whatTheLastDemoLeftIsRemoved() throws IOException {
        Path left = folder.resolve("store/file");
        try (DataFolder data = DemoFolder.openEmpty(folder)) {
            Files.createDirectory(data.path().resolve("store"));
            Files.writeString(left, "old");
        }

        DemoFolder.openEmpty(folder).close();

        assertFalse(Files.exists(left.getParent()));
    }

    @Test
    void aFolderThatIsNoDemosIsLeftAloneAndFree() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "keep");

        LaunchException refusal = assertThrows(LaunchException.class, () -> DemoFolder.openEmpty(folder));

        assertTrue(refusal.getMessage().contains("is no demo's"), refusal.getMessage());
        assertEquals("keep", Files.readString(precious));
        DataFolder.open(folder).close();
    }

    @Test
    void theKeyLivesAsLongAsTheData() throws IOException {
        String key;
        try (DataFolder data = DemoFolder.openEmpty(folder)) {
            key = DemoFolder.key(data);
            assertEquals(64, key.length());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(data.path().resolve("demo.key"))));
        }
        try (DataFolder data = DataFolder.open(folder)) {
            assertEquals(key, DemoFolder.key(data));
        }
        try (DataFolder data = DemoFolder.openEmpty(folder)) {
            assertNotEquals(key, DemoFolder.key(data));
        }
    }
}
