// SPDX-License-Identifier: EPL-2.0
package org.meterway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.meterway.api.ledger.Ledger;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Counts presence maps against what the device models of active meters owe. Keeps nothing itself. */
@Component
public final class PresenceLedger implements Ledger {
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Inventory inventory;
    private final DeviceModels models;
    private final Readings readings;

    @Activate
    public PresenceLedger(
            @Reference Inventory inventory, @Reference DeviceModels models, @Reference Readings readings) {
        this.inventory = inventory;
        this.models = models;
        this.readings = readings;
    }

    @Override
    public List<Integrity> integrity(Collection<String> meters, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("from (" + from + ") must be before to (" + to + ")");
        }
        if (Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the span must be at most 366 days, was " + from + " to " + to);
        }
        return meters.stream().map(meter -> integrity(meter, from, to)).toList();
    }

    private Integrity integrity(String meter, Instant from, Instant to) {
        boolean owes = inventory
                .find(meter)
                .map(Meter::state)
                .filter(MeterState.ACTIVE::equals)
                .isPresent();
        if (!owes) {
            return new Integrity(meter, 0, 0);
        }
        List<Series> billing = models.modelOf(meter).billing().stream()
                .map(register -> new Series(meter, register.quantity(), register.interval()))
                .distinct()
                .toList();
        long expected = 0;
        long present = 0;
        for (Series series : billing) {
            Duration interval = series.interval();
            long owed = Expectation.intervals(from, to, interval);
            expected += owed;
            if (owed > 0) {
                // Only whole intervals: one that began before the span is not made up for by a reading taken late in
                // it.
                Instant first = Expectation.alignUp(from, interval);
                Instant end = Expectation.alignUp(to, interval);
                present += Math.min(owed, readings.present(series, first, end));
            }
        }
        return new Integrity(meter, expected, present);
    }
}
