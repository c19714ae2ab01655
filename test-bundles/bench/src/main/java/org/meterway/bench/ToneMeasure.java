// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.meterway.api.codec.ToneCoder;

/** Measures how much faster than it sounds a recording of DTMF digits is decoded on one core. */
final class ToneMeasure {
    private static final String KEYS = "0123456789ABCD*#";
    private static final int DIGITS = 700;
    private static final int RATE = 8_000;
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int WARM_UP = 30;

    private ToneMeasure() {}

    static void measure(ObjectNode row, int rounds, int seconds) throws Exception {
        ToneCoder coder = (ToneCoder) Class.forName("org.meterway.dtmf.DtmfToneCoder")
                .getDeclaredConstructor()
                .newInstance();
        Random random = new Random(1);
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < DIGITS; i++) {
            digits.append(KEYS.charAt(random.nextInt(KEYS.length())));
        }
        byte[] wave = coder.tones(digits.toString(), RATE);
        double soundSeconds = (double) wave.length / RATE / BYTES_PER_SAMPLE;
        for (int i = 0; i < WARM_UP; i++) {
            decode(coder, wave, digits.toString());
        }
        double[] times = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long begin = System.nanoTime();
            long end = begin + seconds * 1_000_000_000L;
            int decoded = 0;
            while (System.nanoTime() < end) {
                decode(coder, wave, digits.toString());
                decoded++;
            }
            times[round] = decoded * soundSeconds / ((System.nanoTime() - begin) / 1e9);
        }
        row.put("unit", "seconds of 8 kHz sound a second")
                .put("frames", 1)
                .put("accepted", 1)
                .put("perSecond", Math.round(CodecMeasure.median(times)))
                .put("timesRealTime", Math.round(CodecMeasure.median(times)));
    }

    private static void decode(ToneCoder coder, byte[] wave, String expected) throws Exception {
        if (!coder.digits(wave).equals(expected)) {
            throw new IllegalStateException("the digits heard are not those sent");
        }
    }
}
