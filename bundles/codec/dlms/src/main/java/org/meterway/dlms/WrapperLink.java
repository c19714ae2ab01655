// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Arrays;
import java.util.Optional;

/** The wrapper of TCP and UDP (IEC 62056-47, 4.3). */
final class WrapperLink implements Link {
    private static final int HEADER = 8;
    private final int client;
    private final int server;
    private byte[] last = new byte[0];

    WrapperLink(Access access) {
        this.client = access.clientSap();
        this.server = access.serverSap();
    }

    @Override
    public Optional<byte[]> connect() {
        return Optional.empty();
    }

    @Override
    public byte[] ask(byte[] apdu) {
        byte[] header = {
            0,
            1,
            (byte) (client >> 8),
            (byte) client,
            (byte) (server >> 8),
            (byte) server,
            (byte) (apdu.length >> 8),
            (byte) apdu.length
        };
        last = Gcm.concat(header, apdu);
        return last;
    }

    /** Takes the first complete answer from our meter to us, whatever stands before it. */
    @Override
    public Heard hear(byte[] received) {
        for (int at = 0; at + HEADER <= received.length; at++) {
            if (u16(received, at) == 1 && u16(received, at + 2) == server && u16(received, at + 4) == client) {
                int end = at + HEADER + u16(received, at + 6);
                if (end <= received.length && end > at + HEADER) {
                    return new Whole(
                            Arrays.copyOfRange(received, at + HEADER, end), Arrays.copyOfRange(received, at, end));
                }
            }
        }
        return new Nothing();
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
    }

    @Override
    public byte[] repeat() {
        return last;
    }

    @Override
    public Optional<byte[]> disconnect() {
        return Optional.empty();
    }
}
