// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.time.ZoneId;
import java.util.List;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enters simulated meters into an inventory, as an operator would have; what a person has entered is left alone. */
final class InventoryEntries implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(InventoryEntries.class);

    private final Inventory inventory;
    private final List<MeterDescription> meters;

    InventoryEntries(Inventory inventory, List<MeterDescription> meters) {
        this.inventory = inventory;
        this.meters = meters;
    }

    @Override
    public void run() {
        try {
            for (MeterDescription meter : meters) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                // A meter that enrolled by itself has no serial number yet.
                if (inventory
                        .findByEndpoint(meter.endpoint())
                        .map(Meter::serial)
                        .filter(serial -> !serial.isEmpty())
                        .isEmpty()) {
                    inventory.put(entry(meter));
                }
            }
        } catch (StoreException | IllegalArgumentException | IllegalStateException e) {
            LOG.warn("the simulated meters could not be entered in the inventory; they enrol by themselves", e);
        }
    }

    static Meter entry(MeterDescription meter) {
        return Meter.builder(meter.endpoint())
                .serial(meter.serial())
                .vendor(meter.kind().vendor())
                .model(meter.kind().model())
                .zone(meter.zone())
                .place(new Place(meter.latitude(), meter.longitude()))
                .timeZone(ZoneId.of(MeterDescription.TIME_ZONE))
                .state(MeterState.ACTIVE)
                .build();
    }
}
