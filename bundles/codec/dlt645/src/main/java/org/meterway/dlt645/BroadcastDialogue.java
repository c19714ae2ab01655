// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Tells all meters on a line something; none answers. */
final class BroadcastDialogue extends Asking {
    private final Function function;
    private final Supplier<byte[]> plain;

    BroadcastDialogue(Access access, Function function, Supplier<byte[]> plain) {
        super(access);
        this.function = function;
        this.plain = plain;
    }

    @Override
    public Step start() {
        return tell(function, plain.get());
    }

    @Override
    Step answered(LinkFrame frame) {
        return new Wait();
    }

    @Override
    Step refused(LinkFrame frame) {
        return new Wait();
    }

    @Override
    public Step silence(byte[] received) {
        return done("2.04", "sent to all meters of the line, which do not answer", Map.of(), List.of());
    }
}
