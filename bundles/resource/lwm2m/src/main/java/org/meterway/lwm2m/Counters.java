// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.concurrent.atomic.LongAdder;

/** What the channel counts, for its health report. */
final class Counters {
    final LongAdder accepted = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder notifications = new LongAdder();
    final LongAdder notificationsLost = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder putOff = new LongAdder();
    final LongAdder handshakesFailed = new LongAdder();
    final LongAdder commands = new LongAdder();
    final LongAdder commandsUnanswered = new LongAdder();
}
