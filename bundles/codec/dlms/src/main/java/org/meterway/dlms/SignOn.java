// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.line.Dialogue.Failed;
import org.meterway.api.line.Dialogue.Send;
import org.meterway.api.line.Dialogue.Step;
import org.meterway.api.line.Dialogue.Wait;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;

/** Starts HDLC in mode E of IEC 62056-21 (annex E): request at 300 baud, identification, acknowledgement, change of rate. */
final class SignOn {
    private static final String RATES = "0123456";
    private static final int[] BAUD = {300, 600, 1200, 2400, 4800, 9600, 19200};
    private final LineSettings line;
    private @Nullable LineSettings settings;
    private @Nullable LineSettings next;

    SignOn(LineSettings line) {
        this.line = line;
    }

    /** The settings for HDLC once the sign-on is over; null before. */
    @Nullable
    LineSettings settings() {
        return settings;
    }

    Step start() {
        LineSettings slow = line.withBaud(300).withFormat(7, Parity.EVEN, 1);
        return new Send("/?!\r\n".getBytes(StandardCharsets.US_ASCII), Optional.of(slow), true);
    }

    Step received(byte[] received) {
        String text = new String(received, StandardCharsets.ISO_8859_1);
        if (next != null) {
            // The meter repeats the acknowledgement before it changes.
            settings = text.endsWith("\r\n") ? next : null;
            return new Wait();
        }
        int start = text.indexOf('/');
        int end = start < 0 ? -1 : text.indexOf("\r\n", start);
        if (end < 0) {
            return new Wait();
        }
        int rate = end > start + 4 ? RATES.indexOf(text.charAt(start + 4)) : -1;
        if (rate < 0) {
            return new Failed("no rate of mode E in the identification '" + text.substring(start, end) + "'");
        }
        next = line.withBaud(BAUD[rate]).withFormat(8, Parity.NONE, 1);
        char digit = RATES.charAt(rate);
        return Send.of(new byte[] {6, '2', (byte) digit, '2', '\r', '\n'});
    }

    Step silence() {
        if (next != null) {
            settings = next;
            return new Wait();
        }
        return start();
    }
}
