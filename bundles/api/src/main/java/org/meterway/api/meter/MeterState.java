// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

/** Where a meter is in its life. Whether it is reachable right now is a matter of its channel. */
public enum MeterState {
    /** Known, not seen yet. */
    PLANNED,
    /** In service: its readings are expected. */
    ACTIVE,
    /** Taken out of service: it is refused, its readings are kept. */
    RETIRED
}
