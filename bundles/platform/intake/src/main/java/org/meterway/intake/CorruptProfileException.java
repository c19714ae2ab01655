// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

/** The bytes of a day profile are not what was written. */
final class CorruptProfileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptProfileException(String reason) {
        super("a day profile is unreadable: " + reason);
    }
}
