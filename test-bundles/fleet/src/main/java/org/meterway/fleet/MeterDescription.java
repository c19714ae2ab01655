// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a simulated meter is.
 *
 * @param endpoint LwM2M endpoint client name, also its PSK identity
 * @param kind what it measures and how
 * @param serial serial number
 * @param zone feeder it hangs on
 * @param latitude degrees north
 * @param longitude degrees east
 * @param registers its energy registers
 */
public record MeterDescription(
        String endpoint,
        MeterKind kind,
        String serial,
        String zone,
        double latitude,
        double longitude,
        List<MeterRegister> registers) {
    public MeterDescription {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(kind, "kind");
        requireNonNull(serial, "serial");
        requireNonNull(zone, "zone");
        registers = List.copyOf(registers);
    }

    /** Where the customers live. */
    public static final String TIME_ZONE = "Europe/London";

    /** The path of a register's cumulated energy. */
    public String energyPath(MeterRegister register) {
        return "/" + kind.objectId() + "/0/" + register.energyResource();
    }
}
