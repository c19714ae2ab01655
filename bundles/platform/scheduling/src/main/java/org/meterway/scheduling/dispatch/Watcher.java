// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

/** Is told what the dispatcher does with orders. Called on its thread; must not call it. */
public interface Watcher {
    /** An order has ended; its state and reason are in the batch. */
    void ended(Batch batch, int position);

    /** Every order of a batch has ended. */
    void closed(Batch batch);

    /** A zone's link went down or came back. */
    void zone(int zone, boolean down);
}
