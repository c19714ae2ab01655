// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The one configuration of a line for every protocol.
 *
 * @param baud symbols per second, 50–4,000,000
 * @param dataBits 7 or 8
 * @param parity of each character
 * @param stopBits 1 or 2
 * @param turnaround silence kept on the line before sending, so that the other side can let go of it
 * @param interByteTimeout silence inside an answer after which no more of it is expected
 * @param answerTimeout how long the first byte of an answer may take
 * @param retries how often a question is repeated, 0–10
 */
public record LineSettings(
        int baud,
        int dataBits,
        Parity parity,
        int stopBits,
        Duration turnaround,
        Duration interByteTimeout,
        Duration answerTimeout,
        int retries) {
    public LineSettings {
        requireNonNull(parity, "parity");
        within("baud", baud, 50, 4_000_000);
        within("data bits", dataBits, 7, 8);
        within("stop bits", stopBits, 1, 2);
        within("retries", retries, 0, 10);
        within("turnaround in ms", turnaround.toMillis(), 0, 10_000);
        within("inter-byte time-out in ms", interByteTimeout.toMillis(), 1, 10_000);
        within("answer time-out in ms", answerTimeout.toMillis(), 1, 60_000);
    }

    private static void within(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + "–" + most + ", was " + value);
        }
    }

    /** Settings in the usual notation with 20 ms turnaround, 500 ms between bytes, 1.5 s to answer and 2 retries. */
    public static LineSettings of(int baud, int dataBits, Parity parity, int stopBits) {
        return new LineSettings(
                baud,
                dataBits,
                parity,
                stopBits,
                Duration.ofMillis(20),
                Duration.ofMillis(500),
                Duration.ofMillis(1500),
                2);
    }

    /** The same at another rate. */
    public LineSettings withBaud(int other) {
        return new LineSettings(
                other, dataBits, parity, stopBits, turnaround, interByteTimeout, answerTimeout, retries);
    }

    /** The same with another character format. */
    public LineSettings withFormat(int otherDataBits, Parity otherParity, int otherStopBits) {
        return new LineSettings(
                baud, otherDataBits, otherParity, otherStopBits, turnaround, interByteTimeout, answerTimeout, retries);
    }

    /** The same with other time-outs. */
    public LineSettings withTimeouts(Duration otherTurnaround, Duration otherInterByte, Duration otherAnswer) {
        return new LineSettings(
                baud, dataBits, parity, stopBits, otherTurnaround, otherInterByte, otherAnswer, retries);
    }

    /** The usual short form, for example {@code 2400 8E1}. */
    @Override
    public String toString() {
        return baud + " " + dataBits + parity.name().charAt(0) + stopBits;
    }
}
