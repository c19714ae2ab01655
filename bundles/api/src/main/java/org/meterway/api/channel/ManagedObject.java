// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An object a meter offers, with the names its definition gives.
 *
 * @param id object id (OMA LwM2M registry), 0–65535
 * @param name from the definition, or {@code Object ID} if there is none
 * @param version object version, for example {@code 1.1}
 * @param instances instance ids the meter has
 * @param resources what the definition lists; empty if there is none
 */
public record ManagedObject(
        int id, String name, String version, List<Integer> instances, List<ManagedResource> resources) {
    public ManagedObject {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        instances = List.copyOf(instances);
        resources = List.copyOf(resources);
    }

    /**
     * A resource of an object.
     *
     * @param id resource id, 0–65535
     * @param name from the definition
     * @param operations some of {@code R}, {@code W} and {@code E}
     * @param type {@code String}, {@code Integer}, {@code Float}, {@code Boolean}, {@code Opaque}, {@code Time}, {@code Objlnk} …
     * @param units as in the definition, or empty
     * @param multiple whether it has instances
     */
    public record ManagedResource(
            int id, String name, String operations, String type, String units, boolean multiple) {}
}
