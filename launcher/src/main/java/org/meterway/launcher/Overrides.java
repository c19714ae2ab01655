// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of the command line that take the place of a feature's. */
final class Overrides {
    private Overrides() {}

    /**
     * Sets one value and keeps the type the feature gave it.
     *
     * @throws LaunchException if the value does not fit that type
     */
    static FeaturePlan set(FeaturePlan plan, String pid, String key, Object value) {
        Map<String, Map<String, Object>> all = new TreeMap<>(plan.configurations());
        Map<String, Object> values = new TreeMap<>(all.getOrDefault(pid, Map.of()));
        values.put(key, value instanceof String text ? typed(pid, key, text, values.get(key)) : value);
        all.put(pid, values);
        return plan.withConfigurations(all);
    }

    private static Object typed(String pid, String key, String text, @Nullable Object old) {
        try {
            if (old instanceof Integer) {
                return Integer.valueOf(text);
            } else if (old instanceof Long) {
                return Long.valueOf(text);
            } else if (old instanceof Double) {
                return Double.valueOf(text);
            } else if (old instanceof Boolean) {
                if (!text.equals("true") && !text.equals("false")) {
                    throw new LaunchException(pid + "." + key + " must be true or false, was " + text);
                }
                return Boolean.valueOf(text);
            } else if (old instanceof String[]) {
                return Arrays.stream(text.split(",")).map(String::trim).toArray(String[]::new);
            }
            return text;
        } catch (NumberFormatException e) {
            throw new LaunchException(pid + "." + key + " must be a number, was " + text, e);
        }
    }
}
