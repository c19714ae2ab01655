// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Field;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.RegisterNames;

/** Collects what a codec says of the bytes, up to a bound. */
final class TracedContext extends MeterContext {
    private static final int MOST_FIELDS = 5_000;

    private final List<Field> fields = new ArrayList<>();

    TracedContext(String meter, RegisterNames names, @Nullable Inventory inventory) {
        super(meter, names, inventory);
    }

    @Override
    public boolean traced() {
        return true;
    }

    @Override
    public void field(Field field) {
        if (fields.size() < MOST_FIELDS) {
            fields.add(field);
        }
    }

    List<Field> fields() {
        return fields;
    }
}
