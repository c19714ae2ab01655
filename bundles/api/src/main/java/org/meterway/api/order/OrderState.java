// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.order;

/** Where an order is in its life: due → queued → sent → one of the others. */
public enum OrderState {
    /** Its time has come. */
    DUE,
    /** Waits for another attempt, for the meter to wake or to come back. */
    QUEUED,
    /** Under way to the meter. */
    SENT,
    /** Done by the deadline. */
    DONE,
    /** Done after the deadline, within the window. */
    LATE,
    /** Will not be done; the reason says why. For work with side effects also: it is not known whether it was done. */
    FAILED,
    /** The window ended before it was done; the reason says what was waited for. */
    EXPIRED,
    /** Taken back. */
    CANCELLED;

    /** Whether nothing more happens. */
    public boolean ended() {
        return ordinal() >= DONE.ordinal();
    }
}
