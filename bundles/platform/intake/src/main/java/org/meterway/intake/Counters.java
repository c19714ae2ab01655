// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.meterway.api.intake.IntakeStatistics;

/** Intake's counters. Thread-safe. */
final class Counters {
    final LongAdder messagesAccepted = new LongAdder();
    final LongAdder messagesRejected = new LongAdder();
    final LongAdder messagesBusy = new LongAdder();
    final LongAdder readingsDurable = new LongAdder();
    final LongAdder readingsRejected = new LongAdder();
    final LongAdder readingsDuplicate = new LongAdder();
    final LongAdder readingsConflicting = new LongAdder();
    final LongAdder readingsUnreadable = new LongAdder();

    private final Rate rate;

    Counters(LongSupplier nanos) {
        rate = new Rate(nanos);
    }

    void committed(int messages, int readings) {
        messagesAccepted.add(messages);
        readingsDurable.add(readings);
        rate.add(readings);
    }

    IntakeStatistics statistics(int unsettled) {
        // A message is accepted when it is durable, so are its readings.
        long durable = readingsDurable.sum();
        return new IntakeStatistics(
                messagesAccepted.sum(),
                messagesRejected.sum(),
                messagesBusy.sum(),
                unsettled,
                durable,
                durable,
                readingsRejected.sum(),
                readingsDuplicate.sum(),
                readingsConflicting.sum(),
                rate.perSecond());
    }
}
