// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Hands a feature's configurations to ConfigurationAdmin. One that is the same already is left alone, so no component
 * restarts; one that came from an earlier feature and is no longer there is deleted.
 */
final class Configurator {
    /** Marks the configurations that are ours to delete; the leading dot keeps it out of service properties. */
    private static final String OURS = ".meterway.feature";

    private Configurator() {}

    /**
     * @return how many configurations were written or deleted
     * @throws LaunchException if there is no ConfigurationAdmin in the feature
     */
    static int apply(BundleContext framework, FeaturePlan plan) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = framework.getServiceReference(ConfigurationAdmin.class);
        if (reference == null) {
            if (plan.configurations().isEmpty()) {
                return 0;
            }
            throw new LaunchException("feature " + plan.name()
                    + " has configurations, but nothing in it provides ConfigurationAdmin at start level "
                    + FeaturePlan.FIRST_LEVEL);
        }
        ConfigurationAdmin admin = framework.getService(reference);
        try {
            return apply(admin, plan);
        } finally {
            framework.ungetService(reference);
        }
    }

    static int apply(ConfigurationAdmin admin, FeaturePlan plan) throws IOException {
        int changes = 0;
        for (Map.Entry<String, Map<String, Object>> entry :
                plan.configurations().entrySet()) {
            Hashtable<String, Object> values = new Hashtable<>(entry.getValue());
            values.put(OURS, "1");
            if (get(admin, entry.getKey()).updateIfDifferent(values)) {
                changes++;
            }
        }
        for (Configuration old : ours(admin)) {
            if (!plan.configures(old.getPid())) {
                old.delete();
                changes++;
            }
        }
        return changes;
    }

    private static Configuration get(ConfigurationAdmin admin, String pid) throws IOException {
        int name = pid.indexOf('~');
        return name < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, name), pid.substring(name + 1), "?");
    }

    private static Iterable<Configuration> ours(ConfigurationAdmin admin) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(" + OURS + "=1)");
            return found == null ? java.util.List.of() : Arrays.asList(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
