// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.time.Instant;

/** Times as milliseconds since 1970-01-01 UTC in columns. Ends of spans that no message can have are cut. */
final class Times {
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private Times() {}

    static long floorMillis(Instant instant) {
        return cut(instant).toEpochMilli();
    }

    static long ceilMillis(Instant instant) {
        Instant cut = cut(instant);
        return cut.getNano() % 1_000_000 == 0 ? cut.toEpochMilli() : cut.toEpochMilli() + 1;
    }

    private static Instant cut(Instant instant) {
        if (instant.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return instant.isAfter(LATEST) ? LATEST : instant;
    }
}
