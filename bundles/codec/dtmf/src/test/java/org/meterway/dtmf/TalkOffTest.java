// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Speech, music and noise are no digits. All sounds are made here, each some minutes long; seeds are fixed. */
class TalkOffTest {
    private static final int RATE = 8000;
    /** First three formants of vowels, in hertz (after Peterson and Barney, 1952; men, women and children). */
    private static final double[][] VOWELS = {
        {270, 2290, 3010}, {390, 1990, 2550}, {530, 1840, 2480}, {660, 1720, 2410}, {730, 1090, 2440}, {570, 840, 2410},
        {440, 1020, 2240}, {300, 870, 2240}, {640, 1190, 2390}, {490, 1350, 1690}, {310, 2790, 3310}, {850, 1220, 2810},
        {760, 1400, 2780}, {590, 920, 2710}, {500, 1640, 1960}, {370, 950, 2670}, {1030, 1370, 3170}, {680, 1060, 3180}
    };

    private static final double[][] CHORDS = {
        {1, 1.25, 1.5}, {1, 1.2, 1.5}, {1, 1.5}, {1, 1.26, 1.587}, {1, 1.3348}, {1, 1.122, 1.498}, {1, 2}, {1, 1.682}
    };

    /** Two-pole resonance. */
    private static void resonate(float[] samples, int from, int to, double hertz, double width) {
        double radius = Math.exp(-Math.PI * width / RATE);
        double first = 2 * radius * Math.cos(2 * Math.PI * hertz / RATE);
        double one = 0;
        double two = 0;
        for (int i = from; i < to; i++) {
            double out = samples[i] * (1 - radius) + first * one - radius * radius * two;
            two = one;
            one = out;
            samples[i] = (float) out;
        }
    }

    private static void loud(float[] samples, int from, int to, double peak) {
        float most = 1e-9f;
        for (int i = from; i < to; i++) {
            most = Math.max(most, Math.abs(samples[i]));
        }
        for (int i = from; i < to; i++) {
            samples[i] *= (float) (peak / most);
        }
    }

    @Test
    void vowelsWithGlidingPitchAreNoDigits() {
        Random random = new Random(1952);
        Sound sound = new Sound(RATE, 600);
        int at = 0;
        while (at < sound.samples.length - 4 * RATE) {
            int end = at + (int) ((0.08 + 0.5 * random.nextDouble()) * RATE);
            double pitch = 75 + 300 * random.nextDouble();
            double glide = Math.pow(2, (random.nextDouble() - 0.5) * 1.5 / (end - at));
            double phase = 0;
            for (int i = at; i < end; i++) {
                phase += pitch / RATE;
                pitch *= glide;
                if (phase >= 1) {
                    phase -= 1;
                    sound.samples[i] = 1;
                }
                sound.samples[i] += (float) (0.01 * random.nextGaussian());
            }
            double[] formants = VOWELS[random.nextInt(VOWELS.length)];
            for (int formant = 0; formant < 3; formant++) {
                resonate(sound.samples, at, end, formants[formant], 50 + 60 * formant);
            }
            loud(sound.samples, at, end, 2000 + 28000 * random.nextDouble());
            at = end + random.nextInt(RATE / 5);
        }
        assertEquals("", sound.heard());
    }

    @Test
    void singingAndWhistlingAreNoDigits() {
        Random random = new Random(7);
        Sound sound = new Sound(RATE, 300);
        double phase = 0;
        double hertz = 900;
        for (int i = 0; i < sound.samples.length; i++) {
            if (i % 1200 == 0) {
                hertz = 500 + 1500 * random.nextDouble();
            }
            double vibrato = hertz * (1 + 0.01 * Math.sin(2 * Math.PI * 5.5 * i / RATE));
            phase += 2 * Math.PI * vibrato / RATE;
            sound.samples[i] = (float) (9000 * Math.sin(phase) + 2500 * Math.sin(2 * phase));
        }
        assertEquals("", sound.noise(60, 3).heard());
    }

    @Test
    void chordsOfInstrumentsAreNoDigits() {
        Random random = new Random(440);
        Sound sound = new Sound(RATE, 120);
        for (int at = 0; at < sound.samples.length - 2 * RATE; at += RATE / 8 + random.nextInt(RATE / 2)) {
            double root = 110 * Math.pow(2, random.nextInt(40) / 12.0);
            double[] chord = CHORDS[random.nextInt(CHORDS.length)];
            double decay = 2 + 6 * random.nextDouble();
            double rolloff = 0.35 + 0.4 * random.nextDouble();
            int end = at + RATE;
            for (double note : chord) {
                double gain = 6000;
                for (int harmonic = 1; harmonic <= 8 && harmonic * root * note < 3800; harmonic++) {
                    double turn = 2 * Math.PI * harmonic * root * note / RATE;
                    // A decaying sine as a two-pole recursion, which is quicker than sines.
                    double radius = Math.exp(-decay / RATE);
                    double now = Math.sin(harmonic);
                    double before = Math.sin(harmonic - turn) / radius;
                    for (int i = at; i < end; i++) {
                        sound.samples[i] += (float) (gain * now);
                        double next = 2 * radius * Math.cos(turn) * now - radius * radius * before;
                        before = now;
                        now = next;
                    }
                    gain *= rolloff;
                }
            }
        }
        assertEquals("", sound.clipped().heard());
    }

    @Test
    void chirpsAndSirensAreNoDigits() {
        for (double perSecond : new double[] {0.5, 1, 3, 8, 20}) {
            Sound sound = new Sound(RATE, 60);
            double low = 0;
            double high = 0;
            for (int i = 0; i < sound.samples.length; i++) {
                double sweep = 0.5 - 0.5 * Math.cos(2 * Math.PI * perSecond * i / RATE);
                low += 2 * Math.PI * (600 + 500 * sweep) / RATE;
                high += 2 * Math.PI * (1900 - 800 * sweep) / RATE;
                sound.samples[i] = (float) (6000 * Math.sin(low) + 6000 * Math.sin(high));
            }
            assertEquals("", sound.heard(), perSecond + " per second");
        }
    }

    @Test
    void noiseIsNoDigit() {
        assertEquals("", new Sound(RATE, 300).noise(4000, 1).heard());
        Sound coloured = new Sound(RATE, 300).noise(4000, 2);
        resonate(coloured.samples, 0, coloured.samples.length, 770, 40);
        assertEquals("", coloured.heard());
        Sound two = new Sound(RATE, 300).noise(4000, 3);
        Sound other = new Sound(RATE, 300).noise(4000, 4);
        resonate(two.samples, 0, two.samples.length, 852, 120);
        resonate(other.samples, 0, other.samples.length, 1336, 120);
        for (int i = 0; i < two.samples.length; i++) {
            two.samples[i] += other.samples[i];
        }
        assertEquals("", two.heard());
    }

    @Test
    void callProgressTonesAreNoDigits() {
        double[][] pairs = {{350, 440}, {440, 480}, {480, 620}, {425, 425}, {950, 1400}, {1400, 1800}, {1100, 2100}};
        for (double[] pair : pairs) {
            assertEquals(
                    "",
                    new Sound(RATE, 2).tone(2000, pair[0], 6000, pair[1], 6000).heard(),
                    pair[0] + " " + pair[1]);
        }
    }
}
