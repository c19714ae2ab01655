// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import org.meterway.launcher.FeaturePlan.PlannedBundle;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Brings the framework's bundle cache to what a feature says: installs what is new, updates what changed, uninstalls
 * what is gone, and touches nothing else, so that a warm start is quick.
 *
 * <p>A bundle has changed when its file's SHA-256 has; the digest is only computed when size or time differ.
 */
final class Installation {
    /** Felix takes every file whose name starts with "bundle" for a bundle of its own, and deletes this one then. */
    private static final String NOTES = "installed.properties";

    private final BundleContext framework;
    private final Path notesFile;
    private final Properties notes = new Properties();

    /** @param folder where to note what is installed; must live and die with the framework's cache */
    Installation(BundleContext framework, Path folder) throws IOException {
        this.framework = framework;
        this.notesFile = folder.resolve(NOTES);
        if (Files.isRegularFile(notesFile)) {
            try (InputStream in = Files.newInputStream(notesFile)) {
                notes.load(in);
            }
        }
    }

    /**
     * What was done.
     *
     * @param installed bundles that are new
     * @param updated bundles whose file changed
     * @param uninstalled bundles the feature no longer has
     */
    record Outcome(int installed, int updated, int uninstalled) {}

    /**
     * Must be called before the framework starts: nothing is resolved then, so nothing needs a refresh.
     *
     * @throws LaunchException if a bundle cannot be installed; names it
     */
    Outcome apply(FeaturePlan plan) throws IOException {
        Map<String, Bundle> present = new HashMap<>();
        for (Bundle bundle : framework.getBundles()) {
            if (bundle.getBundleId() != 0) {
                present.put(bundle.getLocation(), bundle);
            }
        }
        int installed = 0;
        int updated = 0;
        for (PlannedBundle planned : plan.bundles()) {
            Bundle bundle = present.remove(planned.location());
            try {
                String now = fingerprint(planned);
                if (bundle == null) {
                    try (InputStream jar = Files.newInputStream(planned.file())) {
                        bundle = framework.installBundle(planned.location(), jar);
                    }
                    installed++;
                } else if (!now.endsWith(digest(notes.getProperty(planned.location(), "")))) {
                    try (InputStream jar = Files.newInputStream(planned.file())) {
                        bundle.update(jar);
                    }
                    updated++;
                }
                notes.setProperty(planned.location(), now);
                start(bundle, planned.startLevel());
            } catch (BundleException e) {
                throw new LaunchException("bundle " + planned.file() + " cannot be installed: " + e.getMessage(), e);
            }
        }
        for (Bundle gone : present.values()) {
            notes.remove(gone.getLocation());
            try {
                gone.uninstall();
            } catch (BundleException e) {
                throw new LaunchException("bundle " + gone + " cannot be uninstalled: " + e.getMessage(), e);
            }
        }
        try (OutputStream out = Files.newOutputStream(notesFile)) {
            notes.store(out, null);
        }
        return new Outcome(installed, updated, present.size());
    }

    private static void start(Bundle bundle, int startLevel) throws BundleException {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        if (level.getStartLevel() != startLevel) {
            level.setStartLevel(startLevel);
        }
        boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
        if (!fragment && !level.isPersistentlyStarted()) {
            bundle.start();
        }
    }

    /** Size, time and digest of the file; the digest is taken over from the note when size and time are the same. */
    private String fingerprint(PlannedBundle planned) throws IOException {
        String quick = Files.size(planned.file()) + " "
                + Files.getLastModifiedTime(planned.file()).toMillis() + " ";
        String note = notes.getProperty(planned.location(), "");
        return note.startsWith(quick) ? note : quick + sha256(planned.file());
    }

    private static String digest(String note) {
        // A space in front keeps an empty note from matching everything.
        return note.isEmpty() ? " unknown" : note.substring(note.lastIndexOf(' '));
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
