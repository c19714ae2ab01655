// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.log.LogService;

/**
 * A running framework with one feature in it. Owns the lock on the data folder until it is closed.
 */
final class Gateway implements AutoCloseable {
    /** The framework property that tells bundles where the data folder is, as an absolute path. */
    static final String DATA = "meterway.data";

    /**
     * What the launcher shares with the bundles, to talk to ConfigurationAdmin, SCR and the log. The bundles that bring
     * these packages along import them from here.
     */
    static final String SHARED = "org.osgi.service.cm;version=1.6.1,"
            + "org.osgi.service.component.runtime;version=1.5.0,org.osgi.service.component.runtime.dto;version=1.5.0,"
            + "org.osgi.service.log;version=1.5.0,"
            + "org.osgi.util.promise;version=1.3.0,org.osgi.util.function;version=1.2.0";

    private static final long START_TIMEOUT_SECONDS = 60;
    private static final long STOP_TIMEOUT_MS = 10_000;

    private final DataFolder data;
    private final Framework framework;

    private Gateway(DataFolder data, Framework framework) {
        this.data = data;
        this.framework = framework;
    }

    /**
     * Starts a feature; when it returns, every bundle has been started that can be.
     *
     * @param data becomes the gateway's own, and is closed with it, also when it does not start
     * @throws LaunchException if the framework or a bundle of it cannot be installed
     */
    static Gateway start(Distribution distribution, FeaturePlan plan, DataFolder data) {
        return start(distribution, plan, data, SHARED);
    }

    /**
     * As {@link #start(Distribution, FeaturePlan, DataFolder)}, sharing more packages with the bundles.
     *
     * @param shared packages of the launcher's class path that bundles import, in the syntax of Export-Package
     */
    static Gateway start(Distribution distribution, FeaturePlan plan, DataFolder data, String shared) {
        try {
            logTo(distribution, data);
            try {
                return launch(distribution, plan, data, shared);
            } catch (BundleException | IOException e) {
                // What a crash left of the cache is of no use, and everything in it is in the distribution.
                delete(data.cache());
                return launch(distribution, plan, data, shared);
            }
        } catch (BundleException | IOException e) {
            data.close();
            throw new LaunchException("the framework does not start: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static void logTo(Distribution distribution, DataFolder data) throws IOException {
        Files.createDirectories(data.log().getParent());
        System.setProperty("meterway.log", data.log().getParent().toString());
        // What logs through java.util.logging before the log is there says nothing a person needs.
        Logger.getLogger("").setLevel(Level.WARNING);
        Path configuration = distribution.features().resolve("logback.xml");
        if (System.getProperty("logback.configurationFile") == null && Files.isRegularFile(configuration)) {
            System.setProperty("logback.configurationFile", configuration.toString());
        }
    }

    private static Gateway launch(Distribution distribution, FeaturePlan plan, DataFolder data, String shared)
            throws BundleException, IOException {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, data.cache().toString());
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, shared);
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(FeaturePlan.FIRST_LEVEL));
        properties.put(DATA, data.path().toString());
        // Felix writes its own messages to the terminal; what matters in them comes as framework events, too.
        properties.put("felix.log.level", "0");

        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no OSGi framework on the class path"))
                .newFramework(properties);
        try {
            framework.init();
            ClassesAhead.record(framework.getBundleContext());
            new Installation(framework.getBundleContext(), data.cache()).apply(plan);
            framework.start();
            ClassesAhead.load(framework.getBundleContext(), distribution);
            Configurator.apply(framework.getBundleContext(), plan);
            raise(framework);
            return new Gateway(data, framework);
        } catch (BundleException | IOException | RuntimeException e) {
            stop(framework);
            throw e;
        }
    }

    private static void raise(Framework framework) {
        CountDownLatch reached = new CountDownLatch(1);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(FeaturePlan.LAST_LEVEL, event -> {
            if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                reached.countDown();
            }
        });
        try {
            if (!reached.await(START_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new LaunchException("the bundles did not start within " + START_TIMEOUT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while the bundles start", e);
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    DataFolder data() {
        return data;
    }

    /** Writes warnings to the gateway's log. */
    void warn(List<String> lines) {
        ServiceReference<LogService> reference = context().getServiceReference(LogService.class);
        if (reference != null) {
            LogService log = context().getService(reference);
            lines.forEach(line -> log.getLogger("org.meterway.launcher").warn(line));
            context().ungetService(reference);
        }
    }

    /** Stops every bundle in turn, waits up to 10 s for it, and gives the data folder back. */
    @Override
    public void close() {
        stop(framework);
        data.close();
    }

    private static void stop(Framework framework) {
        try {
            framework.stop();
            framework.waitForStop(STOP_TIMEOUT_MS);
        } catch (BundleException e) {
            // It was not running, so there is nothing to stop.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
