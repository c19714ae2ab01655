// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a line since it was started. Thread-safe. */
final class Traffic {
    final LongAdder exchanges = new LongAdder();
    final LongAdder answered = new LongAdder();
    final LongAdder broken = new LongAdder();
    final LongAdder silent = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder silences = new LongAdder();
    final LongAdder collisions = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder discarded = new LongAdder();
    final LongAdder opened = new LongAdder();
    final LongAdder lost = new LongAdder();

    Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("exchanges", exchanges.sum());
        values.put("answered", answered.sum());
        values.put("broken", broken.sum());
        values.put("silent", silent.sum());
        values.put("skipped", skipped.sum());
        values.put("silences", silences.sum());
        values.put("collisions", collisions.sum());
        values.put("bytesSent", sent.sum());
        values.put("bytesReceived", received.sum());
        values.put("bytesDiscarded", discarded.sum());
        values.put("portOpened", opened.sum());
        values.put("portLost", lost.sum());
        return values;
    }
}
