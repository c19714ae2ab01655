// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;

/**
 * Which meters a plan is for: those that satisfy every part that is not empty. At least one part must be given; {@code *} as the
 * only zone stands for every meter. Planned meters are not selected before they are in service; retired ones are, and their orders
 * fail with that reason.
 *
 * @param zones names of zones, or {@code *}
 * @param models names of device models
 * @param vendors names of vendors
 * @param tags the meter has at least one of them
 * @param meters ids of meters, at most 100,000
 */
public record Selector(
        Set<String> zones, Set<String> models, Set<String> vendors, Set<String> tags, Set<String> meters) {
    /** Stands for every zone. */
    public static final String ALL = "*";

    /** @throws IllegalArgumentException if no part is given */
    public Selector {
        zones = Set.copyOf(zones);
        models = Set.copyOf(models);
        vendors = Set.copyOf(vendors);
        tags = Set.copyOf(tags);
        meters = Set.copyOf(meters);
        if (zones.isEmpty() && models.isEmpty() && vendors.isEmpty() && tags.isEmpty() && meters.isEmpty()) {
            throw new IllegalArgumentException(
                    "the selector is empty: give zones, models, vendors, tags or meters; zones [\"*\"] is every meter");
        }
        if (meters.size() > 100_000) {
            throw new IllegalArgumentException("a selector lists at most 100,000 meters, were " + meters.size());
        }
    }

    /** Every meter. */
    public static Selector all() {
        return ofZones(Set.of(ALL));
    }

    public static Selector ofZones(Collection<String> zones) {
        return new Selector(Set.copyOf(zones), Set.of(), Set.of(), Set.of(), Set.of());
    }

    public static Selector ofMeters(Collection<String> ids) {
        return new Selector(Set.of(), Set.of(), Set.of(), Set.of(), Set.copyOf(ids));
    }

    /** Whether a plan with this selector is for this meter. */
    public boolean selects(Meter meter) {
        return meter.state() != MeterState.PLANNED
                && (zones.isEmpty() || zones.contains(ALL) || zones.contains(meter.zone()))
                && (models.isEmpty() || models.contains(meter.model()))
                && (vendors.isEmpty() || vendors.contains(meter.vendor()))
                && (tags.isEmpty() || meter.tags().stream().anyMatch(tags::contains))
                && (meters.isEmpty() || meters.contains(meter.id()));
    }

    /** The parts in words, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        part(text, "zone", zones);
        part(text, "model", models);
        part(text, "vendor", vendors);
        part(text, "tag", tags);
        part(text, "meter", meters);
        return text.toString();
    }

    private static void part(StringBuilder text, String name, Set<String> values) {
        if (!values.isEmpty()) {
            List<String> shown = values.stream().sorted().limit(5).toList();
            text.append(text.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(' ')
                    .append(String.join(" or ", shown))
                    .append(values.size() > 5 ? " or " + (values.size() - 5) + " more" : "");
        }
    }
}
