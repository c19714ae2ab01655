// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.List;
import java.util.Map;

/**
 * Finds out whether a meter is there: by "read address" when none is given, else by a read of the energy, which every meter answers,
 * be it with a refusal.
 */
final class ProbeDialogue extends Asking {
    ProbeDialogue(Access access) {
        super(access);
    }

    @Override
    public Step start() {
        if (access.edition() == Edition.E1997) {
            return ask(Function.READ_97, access.identifier(0x9010));
        }
        return access.address().single()
                ? ask(Function.READ, access.identifier(0x00010000))
                : ask(Function.READ_ADDRESS, new byte[0]);
    }

    @Override
    Step answered(LinkFrame frame) {
        return done(
                "2.05",
                "a meter of DL/T 645-" + access.edition().name().substring(1),
                Map.of("address", frame.address()),
                List.of());
    }

    @Override
    Step refused(LinkFrame frame) {
        return answered(frame);
    }
}
