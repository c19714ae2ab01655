// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.leshan.core.LwM2m.Version;
import org.eclipse.leshan.core.model.InvalidDDFFileException;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.server.model.LwM2mModelProvider;
import org.eclipse.leshan.server.registration.Registration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object definitions of the OMA registry. Each is read when it is first asked for, so that the gateway starts at once and
 * meters do not cost memory for objects nobody has. Thread-safe.
 */
final class ObjectModels implements LwM2mModelProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectModels.class);

    /** All versions known of an object, the newest first; empty for an object without a definition. */
    private final ConcurrentHashMap<Integer, List<ObjectModel>> byId = new ConcurrentHashMap<>();

    /**
     * The definition of an object in a version, or the nearest there is: versions of an object differ in what they add.
     *
     * @param version empty for the newest
     */
    Optional<ObjectModel> find(int objectId, Optional<Version> version) {
        List<ObjectModel> versions = byId.get(objectId);
        if (versions == null) {
            versions = byId.computeIfAbsent(objectId, ObjectModels::load);
        }
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        String wanted = version.map(Version::toString).orElse("");
        for (ObjectModel each : versions) {
            if (each.version.equals(wanted)) {
                return Optional.of(each);
            }
        }
        return Optional.of(versions.get(0));
    }

    /** The definitions of all objects a registered meter has. */
    @Override
    public LwM2mModel getObjectModel(Registration registration) {
        return new ModelOfMeter(registration);
    }

    private static List<ObjectModel> load(int objectId) {
        return Stream.of("objects/" + objectId + ".xml", "objects/v1_1/" + objectId + "-1_1.xml")
                .flatMap(ObjectModels::read)
                .sorted((one, other) -> new Version(other.version).compareTo(new Version(one.version)))
                .toList();
    }

    private static Stream<ObjectModel> read(String name) {
        try (InputStream in = ObjectModels.class.getResourceAsStream(name)) {
            return in == null ? Stream.empty() : ObjectLoader.loadDdfFile(in, name).stream();
        } catch (IOException | InvalidDDFFileException broken) {
            LOG.error("The object definition {} cannot be read", name, broken);
            return Stream.empty();
        }
    }

    private final class ModelOfMeter implements LwM2mModel {
        private final Registration registration;

        ModelOfMeter(Registration registration) {
            this.registration = registration;
        }

        @Override
        public @Nullable ResourceModel getResourceModel(int objectId, int resourceId) {
            ObjectModel object = getObjectModel(objectId);
            return object == null ? null : object.resources.get(resourceId);
        }

        @Override
        public @Nullable ObjectModel getObjectModel(int objectId) {
            return find(objectId, Optional.ofNullable(registration.getSupportedVersion(objectId)))
                    .orElse(null);
        }

        @Override
        public Collection<ObjectModel> getObjectModels() {
            return registration.getSupportedObject().keySet().stream()
                    .map(this::getObjectModel)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }
}
