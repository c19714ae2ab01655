// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.meterway.api.codec.Codec;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.store.DocumentStore;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The codecs and device models without a gateway around them: the same bundles, in a framework of their own whose folder is
 * removed when it is closed. The launcher shares its copy of the contracts with them.
 */
final class Workbench implements AutoCloseable {
    /** The meter that frames are decoded for. */
    static final String METER = "decoded";

    private static final String API = "org.meterway.api";

    private final Path folder;
    private final Gateway framework;

    private Workbench(Path folder, Gateway framework) {
        this.folder = folder;
        this.framework = framework;
    }

    /** Starts the feature {@code codecs}, which takes a second. */
    static Workbench open(Distribution distribution) {
        try {
            FeaturePlan plan = new FeatureReader(distribution).read("codecs");
            FeaturePlan withoutApi = new FeaturePlan(
                    plan.name(),
                    plan.bundles().stream()
                            .filter(bundle -> !bundle.location().endsWith(":" + API))
                            .toList(),
                    plan.configurations());
            Path folder = Files.createTempDirectory("meterway-codecs");
            Gateway framework = Gateway.start(
                    distribution, withoutApi, DataFolder.open(folder), Gateway.SHARED + "," + contracts());
            framework.context().registerService(DocumentStore.class, new InMemory(), null);
            return new Workbench(folder, framework);
        } catch (IOException e) {
            throw new LaunchException("cannot work in the folder for temporary files: " + e.getMessage(), e);
        }
    }

    /** What the jar of the contracts on our class path exports. */
    private static String contracts() throws IOException {
        for (URL url : (Iterable<URL>) Codec.class.getClassLoader().resources("META-INF/MANIFEST.MF")::iterator) {
            try (InputStream in = url.openStream()) {
                Attributes attributes = new Manifest(in).getMainAttributes();
                if (API.equals(attributes.getValue("Bundle-SymbolicName"))) {
                    return attributes.getValue("Export-Package");
                }
            }
        }
        throw new LaunchException(API + " is not on the class path: build again with ./meterway");
    }

    /** The codecs there are, by name. */
    List<Codec> codecs() {
        return services(Codec.class).stream()
                .sorted(Comparator.comparing(Codec::name))
                .toList();
    }

    /**
     * The names of a meter of a device model.
     *
     * @throws LaunchException if there is no such model
     */
    RegisterNames names(String model, ZoneId zone) {
        Inventory inventory = service(Inventory.class)
                .orElseThrow(() -> new LaunchException("the inventory did not start: see ./meterway check"));
        DeviceModels models = service(DeviceModels.class)
                .orElseThrow(() -> new LaunchException("the device models did not start: see ./meterway check"));
        if (models.find(model).isEmpty()) {
            throw new LaunchException("there is no device model " + model + "; there are "
                    + models.models().stream().map(DeviceModel::name).sorted().collect(Collectors.joining(", ")));
        }
        inventory.put(Meter.builder(METER)
                .model(model)
                .timeZone(zone)
                .state(MeterState.ACTIVE)
                .build());
        return models.namesOf(METER);
    }

    <T> Optional<T> service(Class<T> type) {
        return services(type).stream().findFirst();
    }

    private <T> List<T> services(Class<T> type) {
        BundleContext context = framework.context();
        try {
            Collection<ServiceReference<T>> references = context.getServiceReferences(type, null);
            List<T> services = new ArrayList<>();
            for (ServiceReference<T> reference : references) {
                services.add(context.getService(reference));
            }
            return services;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter was given", e);
        }
    }

    @Override
    public void close() {
        framework.close();
        try {
            Gateway.delete(folder);
        } catch (IOException e) {
            // It lies among the temporary files, which the system clears.
        }
    }

    /** What the inventory keeps here: nothing that outlives the command. */
    private static final class InMemory implements DocumentStore {
        private final Map<String, Map<String, byte[]>> collections = new ConcurrentHashMap<>();

        private Map<String, byte[]> collection(String name) {
            return collections.computeIfAbsent(name, missing -> new TreeMap<>());
        }

        @Override
        public synchronized Optional<byte[]> get(String collection, String key) {
            return Optional.ofNullable(collection(collection).get(key));
        }

        @Override
        public synchronized void forEach(String collection, BiConsumer<String, byte[]> consumer) {
            collection(collection).forEach(consumer);
        }

        @Override
        public synchronized void write(List<Change> changes) {
            for (Change change : changes) {
                Map<String, byte[]> documents = collection(change.collection());
                if (change.document().isPresent()) {
                    documents.put(change.key(), change.document().get());
                } else {
                    documents.remove(change.key());
                }
            }
        }
    }
}
