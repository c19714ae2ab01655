// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

/** The store failed: disk full, unreadable, closing. Nothing of the call was kept. The message says what was tried. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
