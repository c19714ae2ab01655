// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

import java.time.Duration;

/** A frame could not be made durable now: intake is full, or the store fails. Nothing of it was kept. */
public final class IntakeBusyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;

    /** @param retryAfter how long the sender should wait before it repeats, at least one second */
    public IntakeBusyException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** How long to wait before repeating: the Max-Age of a 5.03 (RFC 7252, 5.9.3.4). */
    public Duration retryAfter() {
        return retryAfter;
    }
}
