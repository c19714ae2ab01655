// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.Optional;
import org.meterway.api.reading.Obis;

/** Which quantity a record is. */
final class Obises {
    private Obises() {}

    /** The code of a record of a meter of this medium; empty if there is none. */
    static Optional<Obis> of(String group, DataRecord record) {
        if (record.of().isEmpty() || record.function() == DataRecord.Function.ERROR) {
            return Optional.empty();
        }
        return Tables.obis(
                group,
                record.vif().quantity(),
                record.of(),
                record.function().key(),
                record.storage(),
                record.tariff(),
                record.subunit());
    }
}
