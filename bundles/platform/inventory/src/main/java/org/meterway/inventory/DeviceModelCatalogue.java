// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device models: those in the bundle and those in {@code <meterway.data>/models/*.json}, read once at the start. A file of the
 * name of a model in the bundle replaces it; a file that is wrong is reported and left out.
 */
@Component(service = {DeviceModels.class, HealthReporter.class})
public final class DeviceModelCatalogue implements DeviceModels, HealthReporter {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceModelCatalogue.class);
    private static final List<String> BUILT_IN =
            List.of("generic", "london-30min", "residential-60min", "opsd-60min", "three-phase");
    private static final int MAX_FILES = 1_000;
    private static final long MAX_FILE_BYTES = 1 << 20;

    private final QuantityCatalogue catalogue = new QuantityCatalogue();
    private final Map<String, DeviceModel> models = new LinkedHashMap<>();
    private final Map<String, ModelNames> names = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final Function<String, Optional<Meter>> meters;

    @Activate
    public DeviceModelCatalogue(@Reference Inventory inventory, BundleContext context) {
        this(inventory::find, DataFolder.of(context).resolve("models"));
    }

    DeviceModelCatalogue(Function<String, Optional<Meter>> meters, Path folder) {
        this.meters = meters;
        ModelFile file = new ModelFile(catalogue);
        for (String name : BUILT_IN) {
            add(file.read(resource("/models/" + name + ".json")));
        }
        for (Path path : files(folder)) {
            try {
                if (Files.size(path) > MAX_FILE_BYTES) {
                    throw new IllegalArgumentException("larger than " + MAX_FILE_BYTES + " bytes");
                }
                add(file.read(Files.readAllBytes(path)));
            } catch (IllegalArgumentException | IOException e) {
                String error = "device model file " + path + " is left out: " + e.getMessage();
                errors.add(error);
                LOG.error("{}", error);
            }
        }
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
    void bindEvents(Events events) {
        errors.forEach(error -> events.publish("model.rejected", Event.Severity.WARNING, error));
    }

    void unbindEvents(Events events) {
        // events are published only while being bound
    }

    @Override
    public Optional<DeviceModel> find(String name) {
        return Optional.ofNullable(models.get(name));
    }

    @Override
    public DeviceModel modelOf(String meter) {
        return models.get(modelName(meter));
    }

    @Override
    public Collection<DeviceModel> models() {
        return List.copyOf(models.values());
    }

    @Override
    public RegisterNames namesOf(String meter) {
        return names.get(modelName(meter));
    }

    @Override
    public String title(Obis obis) {
        return catalogue.title(obis);
    }

    @Override
    public Health health() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("models", models.size());
        values.put("filesRejected", errors.size());
        return errors.isEmpty()
                ? new Health("models", Health.Status.UP, models.size() + " device models", values)
                : new Health("models", Health.Status.DEGRADED, errors.get(0), values);
    }

    private String modelName(String meter) {
        String name = meters.apply(meter).map(Meter::model).orElse("");
        return models.containsKey(name) ? name : "generic";
    }

    private void add(DeviceModel model) {
        models.put(model.name(), model);
        names.put(model.name(), new ModelNames(model, catalogue));
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.json")) {
                found.forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the device models in " + folder, e);
            }
        }
        if (files.size() > MAX_FILES) {
            throw new IllegalStateException("more than " + MAX_FILES + " files in " + folder);
        }
        files.sort(null);
        return files;
    }

    private static byte[] resource(String name) {
        try (InputStream in = DeviceModelCatalogue.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of the bundle", e);
        }
    }
}
