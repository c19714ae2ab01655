// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Where the gateway keeps its files. */
final class DataFolder {
    private DataFolder() {}

    /** @throws IllegalStateException if the launcher did not say */
    static Path of(BundleContext context) {
        String folder = context.getProperty("meterway.data");
        if (folder == null || folder.isBlank()) {
            throw new IllegalStateException("the framework property meterway.data (data folder) is not set");
        }
        return Path.of(folder);
    }
}
