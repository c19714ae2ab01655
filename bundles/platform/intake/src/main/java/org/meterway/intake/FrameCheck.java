// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Reading;

/** The rules a frame's readings must keep to be accepted. Thread-safe. */
final class FrameCheck {
    /** No meter that can reach a gateway has measured before; clocks that lost their power say 1970 or 2000-01-01. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private final Clock clock;
    private final int mostReadings;
    private final Duration clockTolerance;

    FrameCheck(Clock clock, int mostReadings, Duration clockTolerance) {
        this.clock = clock;
        this.mostReadings = mostReadings;
        this.clockTolerance = clockTolerance;
    }

    /** @throws FrameRejectedException if a rule is broken: the whole frame is refused, not a part of it */
    void check(List<Reading> readings) throws FrameRejectedException {
        if (readings.size() > mostReadings) {
            throw new FrameRejectedException(
                    "readings", -1, readings.size() + " in one message, at most " + mostReadings + " are taken");
        }
        Instant now = clock.instant();
        Instant latest = now.plus(clockTolerance);
        for (int index = 0; index < readings.size(); index++) {
            Reading reading = readings.get(index);
            Instant start = reading.start();
            if (start.isAfter(latest)) {
                throw new FrameRejectedException(
                        "time of " + reading.quantity().obis(),
                        -1,
                        start + " is " + Duration.between(now, start).toSeconds() + " s ahead of the gateway's clock ("
                                + now + "), at most " + clockTolerance.toSeconds()
                                + " s are taken: is the meter's clock right?");
            }
            if (start.isBefore(EARLIEST)) {
                throw new FrameRejectedException(
                        "time of " + reading.quantity().obis(),
                        -1,
                        start + " is before " + EARLIEST + ": is the meter's clock right?");
            }
            if (start.getNano() % 1_000_000 != 0) {
                throw new FrameRejectedException(
                        "time of " + reading.quantity().obis(), -1, start + " is no whole millisecond");
            }
        }
    }
}
