// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.List;
import java.util.Optional;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;

/** Tells values of registers from management values, which intake need not see. */
final class MeteringPaths {
    private final DeviceModels models;
    private final ObjectModels objects;

    MeteringPaths(DeviceModels models, ObjectModels objects) {
        this.models = models;
        this.objects = objects;
    }

    /** Whether a representation of these paths can hold a value of one of the meter's registers. */
    boolean concerns(String meter, List<LwM2mPath> paths) {
        for (LwM2mPath path : paths) {
            if (concerns(meter, path)) {
                return true;
            }
        }
        return false;
    }

    private boolean concerns(String meter, LwM2mPath path) {
        if (path.isResource() || path.isResourceInstance()) {
            String resource = "/" + path.getObjectId() + "/" + path.getObjectInstanceId() + "/" + path.getResourceId();
            return models.namesOf(meter).resolve(resource).isPresent()
                    || path.isResourceInstance()
                            && models.namesOf(meter).resolve(path.toString()).isPresent();
        }
        for (Register register : models.modelOf(meter).registers()) {
            if (under(register.path(), path)) {
                return true;
            }
        }
        return !path.isRoot() && defined(meter, path);
    }

    /** Whether a resource that the object's definition lists is a register, though the device model does not say so. */
    private boolean defined(String meter, LwM2mPath path) {
        int instance = path.getObjectInstanceId() == null ? 0 : path.getObjectInstanceId();
        return objects.find(path.getObjectId(), Optional.empty())
                .map(object -> object.resources.keySet().stream().anyMatch(resource -> models.namesOf(meter)
                        .resolve("/" + path.getObjectId() + "/" + instance + "/" + resource)
                        .isPresent()))
                .orElse(false);
    }

    /** Whether a register's path, whose instance may be a wildcard, lies under a root, object or object instance. */
    private static boolean under(String register, LwM2mPath path) {
        String[] parts = register.split("/");
        if (parts.length < 4) {
            return false;
        }
        if (path.isRoot()) {
            return true;
        }
        if (!parts[1].equals(String.valueOf(path.getObjectId()))) {
            return false;
        }
        return path.isObject() || parts[2].equals("*") || parts[2].equals(String.valueOf(path.getObjectInstanceId()));
    }
}
