// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

/**
 * Loads the bundles' classes on a second processor while the bundles start one after the other on the first: most of a start is
 * class loading. Which classes, and in which order, was recorded at an earlier start; a list that no longer fits costs nothing but
 * what it no longer saves.
 */
final class ClassesAhead {
    /** The system property with the file that a start is recorded to. */
    static final String RECORD = "meterway.classes.record";

    private static final String LIST = "classes.list";

    private ClassesAhead() {}

    /** Writes down every class of a bundle that is loaded from now on, when {@link #RECORD} asks for it. */
    static void record(BundleContext framework) {
        String file = System.getProperty(RECORD);
        if (file == null) {
            return;
        }
        try {
            PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(file)), false);
            framework.registerService(
                    WeavingHook.class,
                    woven -> {
                        synchronized (out) {
                            out.println(woven.getBundleWiring().getBundle().getLocation() + " " + woven.getClassName());
                            out.flush();
                        }
                    },
                    null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Begins to load what is on the list of the distribution, if there is one.
     *
     * @param framework with what weaves classes already running
     */
    static void load(BundleContext framework, Distribution distribution) {
        Path list = distribution.home().resolve(LIST);
        if (!Files.isRegularFile(list) || Runtime.getRuntime().availableProcessors() < 2) {
            return;
        }
        Thread thread = new Thread(() -> load(framework, list), "meterway-classes");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load(BundleContext framework, Path list) {
        try {
            Map<String, Bundle> bundles = new HashMap<>();
            for (Bundle bundle : framework.getBundles()) {
                bundles.put(bundle.getLocation(), bundle);
            }
            List<String> lines = Files.readAllLines(list);
            for (String line : lines) {
                int space = line.indexOf(' ');
                Bundle bundle = space < 0 ? null : bundles.get(line.substring(0, space));
                if (bundle != null) {
                    load(bundle, line.substring(space + 1));
                }
            }
        } catch (IOException | IllegalStateException ended) {
            // Without the list, or when the framework stops again, everything is loaded where it is needed, or not at
            // all.
        }
    }

    private static void load(Bundle bundle, String name) {
        try {
            bundle.loadClass(name);
        } catch (ClassNotFoundException | LinkageError gone) {
            // A list of another version; whoever needs a class that is wrong will be told then.
        }
    }
}
