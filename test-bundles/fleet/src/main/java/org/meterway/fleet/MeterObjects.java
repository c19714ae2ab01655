// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mObjectEnabler;
import org.eclipse.leshan.client.resource.ObjectEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.InvalidDDFFileException;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;

/** Builds the LwM2M objects of meters; the object models are read once. */
final class MeterObjects {
    private static final List<Integer> METER_OBJECTS = List.of(3305, 10243, 3421);

    private final LwM2mModel model;

    MeterObjects() {
        List<ObjectModel> models = new ArrayList<>(ObjectLoader.loadDefault());
        METER_OBJECTS.forEach(id -> models.addAll(meterObject(id)));
        this.model = new StaticModel(models);
    }

    private static List<ObjectModel> meterObject(int id) {
        String file = "/models/" + id + ".xml";
        try (InputStream in = MeterObjects.class.getResourceAsStream(file)) {
            return ObjectLoader.loadDdfFile(in, file);
        } catch (IOException | InvalidDDFFileException e) {
            throw new IllegalStateException("cannot read object model " + file, e);
        }
    }

    /** The models of the meters' objects. */
    LwM2mModel model() {
        return model;
    }

    /** An object with one instance, 0. */
    LwM2mObjectEnabler single(int objectId, BaseInstanceEnabler instance) {
        ObjectModel objectModel = model.getObjectModel(objectId);
        instance.setId(0);
        instance.setModel(objectModel);
        Map<Integer, LwM2mInstanceEnabler> instances = new LinkedHashMap<>();
        instances.put(0, instance);
        return new ObjectEnabler(
                objectId,
                objectModel,
                instances,
                (ofModel, id, used) -> {
                    throw new UnsupportedOperationException("a meter has one instance of object " + objectId);
                },
                ContentFormat.DEFAULT);
    }

    /** Object 3. @param reboot what Execute /3/0/4 does */
    Instance device(MeterDescription meter, Runnable reboot) {
        Instance device = new Instance();
        device.text(0, meter.kind().vendor());
        device.text(1, meter.kind().model());
        device.text(2, meter.serial());
        device.executable.put(4, reboot);
        device.resources.put(11, () -> LwM2mMultipleResource.newIntegerResource(11, Map.of(0, 0L)));
        device.resources.put(13, () -> LwM2mSingleResource.newDateResource(13, Date.from(Instant.now())));
        device.text(15, MeterDescription.TIME_ZONE);
        device.writable.put(15, "");
        device.text(16, "U");
        device.text(17, "electricity meter");
        return device;
    }

    /** Object 4: a meter on LTE-M as the field sees it; figures are constant. */
    Instance connectivity() {
        Instance connectivity = new Instance();
        connectivity.integer(0, 6);
        connectivity.resources.put(1, () -> LwM2mMultipleResource.newIntegerResource(1, Map.of(0, 6L)));
        connectivity.integer(2, -85);
        connectivity.resources.put(4, () -> LwM2mMultipleResource.newStringResource(4, Map.of(0, "127.0.0.1")));
        return connectivity;
    }

    /** Object 5: idle; a package written to it is refused. */
    Instance firmware() {
        Instance firmware = new Instance();
        firmware.integer(3, 0);
        firmware.integer(5, 0);
        firmware.integer(9, 0);
        return firmware;
    }

    /** The kind's own object: energy and power of each register. */
    Instance registers(MeterDescription meter, Supplier<Instant> now) {
        Instance registers = new Instance();
        for (MeterRegister register : meter.registers()) {
            int energy = register.energyResource();
            int power = register.powerResource();
            // Leshan's float resources are doubles: a Read shows the nearest double, the Sends are exact.
            registers.resources.put(
                    energy,
                    () -> LwM2mSingleResource.newFloatResource(
                            energy, register.valueAt(now.get()).doubleValue()));
            registers.resources.put(
                    power,
                    () -> LwM2mSingleResource.newFloatResource(
                            power, register.powerAt(now.get()).doubleValue()));
        }
        if (meter.kind().objectId() == 10243) {
            registers.text(0, meter.kind().vendor());
            registers.text(1, meter.kind().model());
            registers.text(2, meter.serial());
        }
        return registers;
    }

    /** An instance whose resources are suppliers. Thread-safe once built. */
    static final class Instance extends BaseInstanceEnabler {
        private final Map<Integer, Supplier<LwM2mResource>> resources = new LinkedHashMap<>();
        private final Map<Integer, Runnable> executable = new LinkedHashMap<>();
        private final Map<Integer, String> writable = new ConcurrentHashMap<>();

        private void text(int id, String value) {
            resources.put(id, () -> LwM2mSingleResource.newStringResource(id, value));
        }

        private void integer(int id, long value) {
            resources.put(id, () -> LwM2mSingleResource.newIntegerResource(id, value));
        }

        @Override
        public ReadResponse read(LwM2mServer server, int resource) {
            String written = writable.get(resource);
            if (written != null && !written.isEmpty()) {
                return ReadResponse.success(resource, written);
            }
            Supplier<LwM2mResource> value = resources.get(resource);
            return value == null ? ReadResponse.notFound() : ReadResponse.success(value.get());
        }

        @Override
        public WriteResponse write(LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
            if (!writable.containsKey(resource) || value.getType() != Type.STRING) {
                return super.write(server, replace, resource, value);
            }
            writable.put(resource, (String) value.getValue());
            fireResourceChange(resource);
            return WriteResponse.success();
        }

        @Override
        public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
            Runnable action = executable.get(resource);
            if (action == null) {
                return super.execute(server, resource, arguments);
            }
            action.run();
            return ExecuteResponse.success();
        }

        @Override
        public List<Integer> getAvailableResourceIds(ObjectModel objectModel) {
            List<Integer> ids = new ArrayList<>(resources.keySet());
            ids.addAll(executable.keySet());
            ids.sort(null);
            return ids;
        }
    }
}
