// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModels;

/** Asks a meter of which the inventory knows neither vendor nor serial number for both, and for its model (object 3). */
final class DeviceFacts {
    private static final int DEVICE = 3;
    private static final int MANUFACTURER = 0;
    private static final int MODEL_NUMBER = 1;
    private static final int SERIAL_NUMBER = 2;
    private static final int LONGEST = 128;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Inventory inventory;
    private final DeviceModels models;
    private final CommandQueue queue;
    private final Alerts alerts;
    private final Executor worker;

    /** @param worker may wait for the disk */
    DeviceFacts(Inventory inventory, DeviceModels models, CommandQueue queue, Alerts alerts, Executor worker) {
        this.inventory = inventory;
        this.models = models;
        this.queue = queue;
        this.alerts = alerts;
        this.worker = worker;
    }

    /** Completes when the inventory knows what there is to know; fails if the meter does not answer. */
    CompletionStage<?> learn(String meter, Registration registration) {
        boolean unknown = inventory
                .find(meter)
                .filter(found -> found.vendor().isEmpty() && found.serial().isEmpty())
                .isPresent();
        if (!unknown || !registration.getSupportedObject().containsKey(DEVICE)) {
            return CompletableFuture.completedFuture(null);
        }
        return read(meter, MANUFACTURER)
                .thenCompose(vendor -> read(meter, MODEL_NUMBER).thenCompose(model -> read(meter, SERIAL_NUMBER)
                        .thenAcceptAsync(serial -> keep(meter, vendor, model, serial), worker)));
    }

    private CompletionStage<String> read(String meter, int resource) {
        return queue.send(meter, List.of(new ReadRequest(DEVICE, 0, resource)), TIMEOUT)
                .thenApply(response -> response.isSuccess()
                                && response instanceof ReadResponse read
                                && read.getContent() instanceof LwM2mSingleResource single
                        ? fit(String.valueOf(single.getValue()))
                        : "");
    }

    private static String fit(String text) {
        String clean = text.strip().replaceAll("\\p{Cntrl}", "?");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST) : clean;
    }

    private void keep(String id, String vendor, String model, String serial) {
        try {
            Optional<Meter> found = inventory.find(id);
            if (found.isEmpty()) {
                return;
            }
            Meter.Builder meter = found.get().toBuilder();
            if (found.get().vendor().isEmpty()) {
                meter.vendor(vendor);
            }
            if (found.get().serial().isEmpty()) {
                meter.serial(serial);
            }
            if (found.get().model().isEmpty() && models.find(model).isPresent()) {
                meter.model(model);
            }
            Meter changed = meter.build();
            if (!changed.equals(found.get())) {
                inventory.put(changed);
            }
        } catch (RuntimeException failed) {
            // What is observed does not depend on it.
            alerts.log("facts", id + ": vendor and serial number could not be kept: " + failed);
        }
    }
}
