// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.time.Duration;

/** The kinds of meters simulated; each is a device model of the gateway and one LwM2M object of the OMA registry. */
public enum MeterKind {
    /** Half-hourly import on object 3305 (Power Measurement), W and Wh. */
    LONDON_30MIN("london-30min", Duration.ofMinutes(30), 3305, 0, "Calder Instruments"),
    /** Hourly import on object 10243 (Single-Phase Power Meter), kW and kWh. */
    RESIDENTIAL_60MIN("residential-60min", Duration.ofHours(1), 10243, 3, "Nordlicht Messtechnik"),
    /** Hourly import and export on object 3421 (Single-phase electrical meter), W and Wh. */
    OPSD_60MIN("opsd-60min", Duration.ofHours(1), 3421, 0, "Vantaa Metering");

    private final String model;
    private final Duration interval;
    private final int objectId;
    private final int unitExponent;
    private final String vendor;

    MeterKind(String model, Duration interval, int objectId, int unitExponent, String vendor) {
        this.model = model;
        this.interval = interval;
        this.objectId = objectId;
        this.unitExponent = unitExponent;
        this.vendor = vendor;
    }

    /** The model number the meter reports (/3/0/1), also the name of the gateway's device model. */
    public String model() {
        return model;
    }

    /** How long a billing interval is. */
    public Duration interval() {
        return interval;
    }

    /** The LwM2M object that holds the registers. */
    public int objectId() {
        return objectId;
    }

    /** The object's unit is 10 to this power W or Wh: 0 or 3. */
    public int unitExponent() {
        return unitExponent;
    }

    /** The manufacturer the meter reports (/3/0/0); invented. */
    public String vendor() {
        return vendor;
    }
}
