// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.event.Event.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with a frame that is refused: counted, told, parked. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Counters counters;
    private final ParkingLot parking;
    private final InvocationGuard guard;
    private final Throttle throttle;
    private final Outage.Teller teller;

    Refusals(Counters counters, ParkingLot parking, InvocationGuard guard, Throttle throttle, Outage.Teller teller) {
        this.counters = counters;
        this.parking = parking;
        this.guard = guard;
        this.throttle = throttle;
        this.teller = teller;
    }

    /** Counts and tells, and parks the frame for another codec. */
    void refuse(Frame frame, String codec, String version, FrameRejectedException why) {
        tell(frame, why);
        parking.offer(new ParkingLot.Draft(
                0, frame, codec, version, why.field(), why.offset(), why.reason(), guard.of(frame.meter())));
    }

    /** Counts and tells. */
    void tell(Frame frame, FrameRejectedException why) {
        counters.messagesRejected.increment();
        if (throttle.allows()) {
            LOG.warn("{} is refused: {}", frame, why.getMessage());
            teller.tell(
                    "message.rejected",
                    Severity.WARNING,
                    "A message of " + frame.meter() + " is refused: " + why.getMessage());
        }
    }
}
