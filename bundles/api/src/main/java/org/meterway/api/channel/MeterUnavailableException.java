// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

/** A meter did not answer, or cannot be reached now. Whether it did what it was told is not known. The message says which meter and how long. */
public final class MeterUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public MeterUnavailableException(String message) {
        super(message);
    }

    public MeterUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
