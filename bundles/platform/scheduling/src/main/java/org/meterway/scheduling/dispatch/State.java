// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import org.meterway.api.order.OrderState;

/** {@link OrderState} as one byte, for arrays of many orders. */
final class State {
    static final byte DUE = (byte) OrderState.DUE.ordinal();
    static final byte QUEUED = (byte) OrderState.QUEUED.ordinal();
    static final byte SENT = (byte) OrderState.SENT.ordinal();
    private static final OrderState[] ALL = OrderState.values();

    private State() {}

    static OrderState of(byte state) {
        return ALL[state];
    }

    static byte of(OrderState state) {
        return (byte) state.ordinal();
    }

    static boolean ended(byte state) {
        return state > SENT;
    }
}
