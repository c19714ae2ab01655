// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionListener;

/** Says in the log which handshakes fail and why: a wrong key is the first thing to look for when a meter stays away. */
final class HandshakeWatch implements SessionListener {
    private final Alerts alerts;
    private final Counters counters;

    HandshakeWatch(Alerts alerts, Counters counters) {
        this.alerts = alerts;
        this.counters = counters;
    }

    @Override
    public void handshakeStarted(Handshaker handshaker) {
        // Only failures matter.
    }

    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext context) {
        // Only failures matter.
    }

    @Override
    public void handshakeCompleted(Handshaker handshaker) {
        // Only failures matter.
    }

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
        counters.handshakesFailed.increment();
        alerts.log(
                "handshake",
                "DTLS handshake with " + handshaker.getPeerAddress() + " failed: "
                        + Gatekeeper.printable(String.valueOf(error.getMessage())));
    }

    @Override
    public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {
        // Only failures matter.
    }
}
