// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;

/** Readings in a list, in the order of the contract already. */
final class TestReadings implements Readings {
    final List<StoredReading> stored = new ArrayList<>();

    @Override
    public void query(ReadingQuery query, Consumer<StoredReading> consumer) {
        for (String meter : query.meters()) {
            stored.stream()
                    .filter(one -> one.meter().equals(meter))
                    .filter(one -> query.obis().isEmpty()
                            || query.obis()
                                    .get()
                                    .equals(one.reading().quantity().obis()))
                    .filter(one -> !one.reading().start().isBefore(query.from())
                            && one.reading().start().isBefore(query.to()))
                    .forEach(consumer);
        }
    }

    @Override
    public List<StoredReading> latest(String meter) {
        return stored.stream().filter(one -> one.meter().equals(meter)).toList();
    }

    @Override
    public List<Series> series(String meter) {
        return List.of();
    }

    @Override
    public long present(Series series, Instant from, Instant to) {
        return 0;
    }
}
