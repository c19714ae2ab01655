// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.util.Arrays;

/** Takes what we sent out of what we received. Made anew for every sending. */
final class EchoFilter {
    private final byte[] sent;
    private final boolean expected;
    private int cut;
    private boolean garbled;

    /** @param expected whether the line gives back what we send, as two wires and some optical heads do */
    EchoFilter(byte[] sent, boolean expected) {
        this.sent = sent;
        this.expected = expected;
    }

    /**
     * What did not come from us. When no echo is expected, bytes that are exactly what we sent are one all the same: no protocol
     * answers with the question.
     *
     * @param received everything since the sending
     */
    byte[] strip(byte[] received) {
        if (cut > 0 || sent.length == 0 || garbled) {
            return rest(received, cut);
        }
        int at = indexOf(received);
        if (at >= 0) {
            cut = at + sent.length;
            return rest(received, cut);
        }
        if (expected) {
            if (received.length <= 2 * sent.length) {
                return new byte[0]; // it may still come complete, behind some noise
            }
            garbled = true;
            return received;
        }
        boolean beginning =
                received.length < sent.length && Arrays.equals(received, 0, received.length, sent, 0, received.length);
        return beginning ? new byte[0] : received;
    }

    /** What is left when nothing more comes: an echo that did not come complete is no echo. */
    byte[] end(byte[] received) {
        byte[] stripped = strip(received);
        if (stripped.length == 0 && cut == 0 && received.length > 0) {
            garbled = expected;
            return received;
        }
        return stripped;
    }

    /** Whether what came back is not what we sent: somebody else was sending too. */
    boolean garbled() {
        return garbled;
    }

    private int indexOf(byte[] received) {
        for (int i = 0; i + sent.length <= received.length; i++) {
            if (Arrays.equals(received, i, i + sent.length, sent, 0, sent.length)) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] rest(byte[] received, int from) {
        return from == 0 ? received : Arrays.copyOfRange(received, from, received.length);
    }
}
