// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Tells a meter to do something, in one frame or several that it confirms one by one. */
final class OrderDialogue extends Asking {
    private final String what;
    private final boolean repeatable;
    private final List<Order> orders;
    private int next;

    /**
     * One frame of it.
     *
     * @param function what it is
     * @param plain makes its data when it is sent, because it may be the time
     */
    record Order(Function function, Supplier<byte[]> plain) {}

    /**
     * To have something done.
     *
     * @param what for people
     * @param repeatable whether doing it twice is the same as doing it once
     */
    OrderDialogue(Access access, String what, boolean repeatable, List<Order> orders) {
        super(access);
        this.what = what;
        this.repeatable = repeatable;
        this.orders = List.copyOf(orders);
    }

    @Override
    public Step start() {
        return send();
    }

    private Step send() {
        Order order = orders.get(next);
        return ask(order.function(), order.plain().get());
    }

    @Override
    Step answered(LinkFrame frame) {
        next++;
        return next < orders.size() ? send() : done("2.04", "", Map.of(), List.of());
    }

    @Override
    public Step silence(byte[] received) {
        if (repeatable) {
            return send();
        }
        return new Failed(
                "no answer to " + what + "; it is not sent again, because the meter may have done it: read its state");
    }
}
