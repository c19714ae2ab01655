// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

/** The way to the meters, as the dispatcher sees it. Called on the dispatcher's thread; never blocks. */
public interface Wire {
    /** How a meter stands now. */
    Standing standing(int meter);

    /**
     * Sends an order. Whatever becomes of it comes back through {@link Dispatcher#answered}, once, later or before this returns.
     *
     * @param timeoutMillis how long to wait for the answer
     */
    void send(Task task, int timeoutMillis);
}
