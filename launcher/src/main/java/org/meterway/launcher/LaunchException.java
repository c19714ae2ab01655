// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import org.jspecify.annotations.Nullable;

/** Something a person has to put right. The message is one line that says what is wrong and what to do about it. */
public final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for a person */
    public LaunchException(String message) {
        this(message, null);
    }

    /**
     * @param message one line for a person
     * @param cause what lies behind it; for the log, never shown on the terminal
     */
    public LaunchException(String message, @Nullable Throwable cause) {
        super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    }
}
