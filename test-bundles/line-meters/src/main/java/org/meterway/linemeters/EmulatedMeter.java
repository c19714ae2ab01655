// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

/** A meter on a bus: hears every byte, its own questions and others'. Used by one thread. */
public interface EmulatedMeter {
    /**
     * Bytes were sent on the bus.
     *
     * @param heard the new ones
     * @return what it sends now; empty for nothing
     */
    byte[] hear(byte[] heard);

    /** The rate it listens and talks at now, bit/s; 0 for any. */
    default int baud() {
        return 0;
    }
}
