// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

/** Whether a meter can be sent something now. */
public enum Standing {
    READY,
    /** Registered and asleep: it listens again when it wakes. */
    ASLEEP,
    /** Cannot be reached. */
    GONE
}
