// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

/**
 * Makes the tones of digits (ITU-T Q.23): each 50 ms and 50 ms apart, the low tone at −9 dBm0 and the high one 2 dB above, where 3.14
 * dBm0 is a sine of full scale (G.711). A tone begins and ends with half a cosine of 5 ms, which keeps its spectrum clean; its two
 * sines are continuous from end to end.
 */
final class Tones {
    static final double[] LOW_HZ = {697, 770, 852, 941};
    static final double[] HIGH_HZ = {1209, 1336, 1477, 1633};
    static final String KEYS = "123A456B789C*0#D";

    /** Amplitude of a sine of 0 dBm0, in counts of 16 bits. */
    static final double ZERO_DBM = 32767 * Math.pow(10, -3.14 / 20);

    private static final double LOW = ZERO_DBM * Math.pow(10, -9 / 20.0);
    private static final double HIGH = ZERO_DBM * Math.pow(10, -7 / 20.0);
    private static final double TONE_SECONDS = 0.05;
    private static final double PAUSE_SECONDS = 0.05;
    private static final double EDGE_SECONDS = 0.005;

    private Tones() {}

    /**
     * The samples of these digits, with a pause before, between and after.
     *
     * @throws IllegalArgumentException if a character is no digit, naming it
     */
    static short[] samples(String digits, int sampleRate) {
        int tone = (int) Math.round(TONE_SECONDS * sampleRate);
        int pause = (int) Math.round(PAUSE_SECONDS * sampleRate);
        short[] samples = new short[pause + digits.length() * (tone + pause)];
        for (int i = 0; i < digits.length(); i++) {
            int key = KEYS.indexOf(digits.charAt(i));
            if (key < 0) {
                throw new IllegalArgumentException(
                        "digits are 0-9 A-D * #, character " + i + " was '" + digits.charAt(i) + "'");
            }
            tone(samples, pause + i * (tone + pause), tone, key, sampleRate);
        }
        return samples;
    }

    private static void tone(short[] samples, int from, int length, int key, int sampleRate) {
        double low = 2 * Math.PI * LOW_HZ[key / 4] / sampleRate;
        double high = 2 * Math.PI * HIGH_HZ[key % 4] / sampleRate;
        int edge = (int) Math.round(EDGE_SECONDS * sampleRate);
        for (int n = 0; n < length; n++) {
            int inside = Math.min(n, length - 1 - n);
            double gain = inside >= edge ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * (inside + 0.5) / edge);
            samples[from + n] = (short) Math.round(gain * (LOW * Math.sin(low * n) + HIGH * Math.sin(high * n)));
        }
    }
}
