// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

/** An endpoint may not enrol; the message says why. */
public final class EnrolmentRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public EnrolmentRefusedException(String message) {
        super(message);
    }
}
