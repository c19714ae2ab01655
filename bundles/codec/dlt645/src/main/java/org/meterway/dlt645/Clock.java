// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

/** The data identifiers of a meter's clock. */
final class Clock {
    private Clock() {}

    /** Date and weekday. */
    static int date(Edition edition) {
        return edition == Edition.E2007 ? 0x04000101 : 0xC010;
    }

    /** Time of day. */
    static int time(Edition edition) {
        return edition == Edition.E2007 ? 0x04000102 : 0xC011;
    }
}
