// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.dtmf.Sound.Line;

/** What a receiver must hear and must not hear (ITU-T Q.24, the AT&amp;T column of annex A). */
class Q24Test {
    private static final String ALL = "1234567890ABCD*#";

    @ParameterizedTest
    @CsvSource({
        // rate, on ms, off ms, low dBm, high dBm, low off, high off, signal to noise dB
        "8000, 50, 50, -10, -10, 0, 0, 99",
        "8000, 40, 40, -10, -10, 0, 0, 99",
        "8000, 40, 40, -10, -10, 0, 0, 15",
        "8000, 40, 40, -10, -10, 0.015, 0.015, 99",
        "8000, 40, 40, -10, -10, -0.015, -0.015, 99",
        "8000, 40, 40, -10, -10, 0.015, -0.015, 15",
        "8000, 40, 40, -10, -10, -0.015, 0.015, 15",
        "8000, 40, 40, -14, -10, 0.015, 0.015, 15",
        "8000, 40, 40, -10, -18, -0.015, -0.015, 15",
        "8000, 40, 40, -25, -25, 0.015, 0.015, 15",
        "8000, 40, 40, 0, 0, -0.015, -0.015, 15",
        "8000, 40, 53, 0, -8, 0, 0, 15",
        "16000, 40, 40, -10, -18, -0.015, -0.015, 15",
        "16000, 40, 40, -25, -25, 0.015, 0.015, 15",
        "11025, 40, 40, -10, -10, 0.015, 0.015, 15",
        "22050, 40, 40, -14, -10, 0.015, 0.015, 15",
        "44100, 40, 40, -10, -18, -0.015, -0.015, 15",
        "48000, 40, 40, -25, -25, -0.015, 0.015, 15"
    })
    void whatMustBeHeardIsHeard(
            int rate, double on, double off, double low, double high, double lowOff, double highOff, double snr) {
        for (int seed = 0; seed < 5; seed++) {
            Line line = new Line(on, off, low, high, lowOff, highOff);
            Sound sound = Sound.digits(ALL, rate, line);
            double power = (Math.pow(Sound.amplitude(low), 2) + Math.pow(Sound.amplitude(high), 2)) / 2;
            sound.noise(Math.sqrt(power) * Math.pow(10, -snr / 20), seed);
            assertEquals(ALL, sound.clipped().heard(), line + " seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "60, 60, -10, -10, 0.035, 0",
        "60, 60, -10, -10, -0.035, 0",
        "60, 60, -10, -10, 0, 0.035",
        "60, 60, -10, -10, 0, -0.035",
        "500, 60, -10, -10, 0.035, 0",
        "500, 60, -10, -10, 0, -0.035",
        "500, 60, -10, -10, 0.05, 0.05",
        "23, 60, -10, -10, 0, 0",
        "23, 40, 0, 0, 0, 0",
        "100, 60, -55, -55, 0, 0",
        "100, 60, -10, -55, 0, 0",
        "100, 60, -55, -10, 0, 0",
        "100, 60, -10, -30, 0, 0",
        "100, 60, -20, -10, 0, 0"
    })
    void whatMustNotBeHeardIsNot(double on, double off, double low, double high, double lowOff, double highOff) {
        Line line = new Line(on, off, low, high, lowOff, highOff);
        for (int rate : new int[] {8000, 16000}) {
            assertEquals("", Sound.digits(ALL, rate, line).heard(), line + " at " + rate);
            assertEquals("", Sound.digits(ALL, rate, line).noise(20, 1).heard(), line + " noisy at " + rate);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 10})
    void anInterruptionOfTenMillisecondsIsOneDigit(int milliseconds) {
        for (double at = 20; at <= 60; at += 1.7) {
            Sound sound = Sound.digits("5", 8000, Line.good().lasting(80, 60)).cut(53.7 + at, milliseconds);
            assertEquals("5", sound.heard(), "cut at " + at);
        }
    }

    @Test
    void aPauseOfFortyMillisecondsIsTwoDigits() {
        assertEquals(
                "5555555555",
                Sound.digits("5555555555", 8000, Line.good().lasting(40, 40)).heard());
    }

    @Test
    void oneToneOrTwoOfOneGroupAreNoDigit() {
        double loud = Sound.amplitude(-8);
        for (double hertz = 600; hertz < 1800; hertz += 7) {
            assertEquals("", new Sound(8000, 0.3).tone(300, hertz, loud, 0, 0).heard(), hertz + " Hz");
        }
        for (double[] group : new double[][] {Tones.LOW_HZ, Tones.HIGH_HZ}) {
            for (int one = 0; one < 4; one++) {
                for (int two = one + 1; two < 4; two++) {
                    Sound sound = new Sound(8000, 0.3).tone(300, group[one], loud, group[two], loud);
                    assertEquals("", sound.heard(), group[one] + " and " + group[two]);
                }
            }
        }
    }

    @Test
    void aThirdToneIsNoDigit() {
        double loud = Sound.amplitude(-12);
        for (double third : new double[] {440, 770, 852, 1100, 1336, 1477, 2000}) {
            Sound sound = new Sound(8000, 0.3).tone(300, 697, loud, 1209, loud);
            Sound with = new Sound(8000, 0.3).tone(300, third, loud, 0, 0);
            for (int i = 0; i < sound.samples.length; i++) {
                sound.samples[i] += with.samples[i];
            }
            assertEquals("", sound.heard(), third + " Hz too");
        }
    }

    @Test
    void anOffsetOfTheSamplesDoesNotMatter() {
        Sound sound = Sound.digits(ALL, 8000, Line.good());
        for (int i = 0; i < sound.samples.length; i++) {
            sound.samples[i] += 3000;
        }
        assertEquals(ALL, sound.heard());
    }

    @Test
    void theSizeOfTheBlocksDoesNotMatter() {
        Sound sound = Sound.digits(ALL, 8000, Line.good()).noise(100, 1);
        short[] samples = new short[sound.samples.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) sound.samples[i];
        }
        Random random = new Random(1);
        StringBuilder heard = new StringBuilder();
        long[] last = new long[1];
        ToneListener listener = new ToneListener(8000, (digit, start, length) -> {
            heard.append(digit);
            assertEquals(53.7 + 100 * (heard.length() - 1), start / 8.0, 6);
            assertEquals(50, length / 8.0, 9);
            last[0] = start;
        });
        for (int at = 0; at < samples.length; ) {
            int count = Math.min(1 + random.nextInt(700), samples.length - at);
            listener.feed(samples, at, count);
            at += count;
        }
        listener.finish();
        assertEquals(ALL, heard.toString());
    }

    @Test
    void aToneThatTheEndOfTheSamplesCutsIsHeard() {
        assertEquals("7", new Sound(8000, 0.06).tone(60, 852, 5000, 1209, 5000).heard());
    }
}
