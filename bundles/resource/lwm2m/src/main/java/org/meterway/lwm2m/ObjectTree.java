// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.leshan.core.LwM2m.Version;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.server.registration.Registration;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.channel.ManagedObject.ManagedResource;

/** The objects a meter said it has when it registered, with the names their definitions give. */
final class ObjectTree {
    private ObjectTree() {}

    static List<ManagedObject> of(Registration registration, ObjectModels models) {
        Map<Integer, Version> objects = new TreeMap<>(registration.getSupportedObject());
        return objects.entrySet().stream()
                .map(each -> object(registration, models, each.getKey(), each.getValue()))
                .toList();
    }

    private static ManagedObject object(Registration registration, ObjectModels models, int id, Version version) {
        List<Integer> instances = registration.getAvailableInstances().stream()
                .filter(path -> path.getObjectId() == id)
                .map(path -> path.getObjectInstanceId())
                .sorted()
                .toList();
        Optional<ObjectModel> model = models.find(id, Optional.of(version));
        List<ManagedResource> resources = model.map(definition -> definition.resources.values().stream()
                        .map(ObjectTree::resource)
                        .toList())
                .orElse(List.of());
        return new ManagedObject(
                id, model.map(known -> known.name).orElse("Object " + id), version.toString(), instances, resources);
    }

    private static ManagedResource resource(ResourceModel resource) {
        String operations = (resource.operations.isReadable() ? "R" : "")
                + (resource.operations.isWritable() ? "W" : "")
                + (resource.operations.isExecutable() ? "E" : "");
        return new ManagedResource(
                resource.id,
                resource.name,
                operations,
                typeName(resource),
                resource.units == null ? "" : resource.units,
                Boolean.TRUE.equals(resource.multiple));
    }

    /** The type as the OMA's definitions write it. */
    static String typeName(ResourceModel resource) {
        return switch (resource.type) {
            case STRING -> "String";
            case INTEGER -> "Integer";
            case UNSIGNED_INTEGER -> "Unsigned Integer";
            case FLOAT -> "Float";
            case BOOLEAN -> "Boolean";
            case OPAQUE -> "Opaque";
            case TIME -> "Time";
            case OBJLNK -> "Objlnk";
            case CORELINK -> "Corelnk";
            case NONE -> "";
        };
    }
}
