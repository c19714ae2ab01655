// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;

/** The configuration, checked. Names and units as in {@link Config}. */
record Limits(
        int queueMessages,
        long queueBytes,
        int batchMessages,
        long batchBytes,
        Duration settleInterval,
        int settleMessages,
        int unsettledMessages,
        long unsettledReadings,
        int messageReadings,
        Duration clockTolerance,
        Duration stopTimeout,
        int parkedUndecoded,
        int parkedRefused,
        int parkedRefusedOfMeter,
        long parkedRefusedBytes) {

    static Limits of(Config config) {
        return new Limits(
                (int) atLeast("queue.messages", config.queue_messages(), 1),
                atLeast("queue.bytes", config.queue_bytes(), 1024),
                (int) atLeast("batch.messages", config.batch_messages(), 1),
                atLeast("batch.bytes", config.batch_bytes(), 1024),
                Duration.ofMillis(atLeast("settle.interval.ms", config.settle_interval_ms(), 10)),
                (int) atLeast("settle.messages", config.settle_messages(), 1),
                (int) atLeast("unsettled.messages", config.unsettled_messages(), 1),
                atLeast("unsettled.readings", config.unsettled_readings(), 1),
                (int) atLeast("message.readings", config.message_readings(), 1),
                Duration.ofSeconds(atLeast("clock.tolerance.seconds", config.clock_tolerance_seconds(), 0)),
                Duration.ofSeconds(atLeast("stop.timeout.seconds", config.stop_timeout_seconds(), 1)),
                (int) atLeast("parked.undecoded.messages", config.parked_undecoded_messages(), 0),
                (int) atLeast("parked.refused.messages", config.parked_refused_messages(), 0),
                (int) atLeast("parked.refused.meter", config.parked_refused_meter(), 0),
                atLeast("parked.refused.bytes", config.parked_refused_bytes(), 0));
    }

    private static long atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    Config.PID + ": " + key + " must be at least " + least + ", was " + value);
        }
        return value;
    }
}
