// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/** A device may not post what it posts. The message says why and is sent to the device. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ResponseCode code;

    RefusedException(ResponseCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    ResponseCode code() {
        return code;
    }
}
