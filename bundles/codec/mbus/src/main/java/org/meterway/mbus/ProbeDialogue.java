// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.List;
import java.util.Map;
import org.meterway.api.channel.Answer;

/** Finds out whether a meter is there: whether it acknowledges a reset or its selection, or else sends data. */
final class ProbeDialogue extends MbusDialogue {
    ProbeDialogue(MeterAddress address) {
        super(address);
    }

    @Override
    Step ask(boolean acknowledged) {
        return acknowledged ? done() : request();
    }

    @Override
    Step answered(byte[] received) {
        return LinkFrames.answer(received, address()).isPresent() ? done() : new Wait();
    }

    private static Step done() {
        return new Done(new Answer(true, "2.05", "an M-Bus meter", Map.of(), ""), List.of());
    }
}
