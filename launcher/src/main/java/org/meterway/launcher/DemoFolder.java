// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The demo's data folder, which it empties, and so must be sure of. */
final class DemoFolder {
    private static final String MARK = "demo";
    private static final String LOCK = "lock";
    private static final String KEY = "demo.key";

    private DemoFolder() {}

    /**
     * Opens a folder and empties it.
     *
     * @throws LaunchException if there is something in it that no demo has put there
     */
    static DataFolder openEmpty(Path folder) {
        DataFolder data = DataFolder.open(folder);
        try {
            List<Path> entries;
            try (Stream<Path> files = Files.list(data.path())) {
                entries = files.filter(file -> !file.endsWith(LOCK)).toList();
            }
            Path mark = data.path().resolve(MARK);
            if (!entries.isEmpty() && !Files.exists(mark)) {
                throw new LaunchException("the data folder " + data.path()
                        + " is no demo's and would be emptied: give another one with --data, or --keep to use what is"
                        + " in it");
            }
            for (Path entry : entries) {
                // The mark goes last, so that an emptying that broke off can be repeated.
                if (!entry.equals(mark)) {
                    Gateway.delete(entry);
                }
            }
            Files.writeString(mark, "The demo empties this folder each time it starts.\n");
            return data;
        } catch (IOException e) {
            data.close();
            throw new LaunchException("cannot empty the data folder " + data.path() + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** The secret the simulated meters' keys are made from, in hex: made at the first start, then kept with the data. */
    static String key(DataFolder data) {
        Path file = data.path().resolve(KEY);
        try {
            if (!Files.exists(file)) {
                byte[] key = new byte[32];
                new SecureRandom().nextBytes(key);
                Files.createFile(file);
                file.toFile().setReadable(false, false);
                file.toFile().setReadable(true, true);
                Files.writeString(file, HexFormat.of().formatHex(key));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new LaunchException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
