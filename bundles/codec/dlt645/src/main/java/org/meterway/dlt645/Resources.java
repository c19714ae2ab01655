// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bundle's data files. */
final class Resources {
    private Resources() {}

    /** The lines of a file without comments and empty lines. */
    static List<String> lines(String file) {
        try (InputStream in = Resources.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the bundle has no file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " of the bundle", e);
        }
    }
}
