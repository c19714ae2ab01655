// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.util.Random;

/** Sounds made for tests: what a line, a voice or an instrument does to samples. */
final class Sound {
    final int rate;
    final float[] samples;
    private int at;

    Sound(int rate, double seconds) {
        this.rate = rate;
        this.samples = new float[(int) (rate * seconds)];
    }

    /** Digits with everything that may be wrong with them. */
    record Line(double onMs, double offMs, double lowDbm, double highDbm, double lowDetune, double highDetune) {
        static Line good() {
            return new Line(50, 50, -10, -10, 0, 0);
        }

        Line lasting(double on, double off) {
            return new Line(on, off, lowDbm, highDbm, lowDetune, highDetune);
        }

        Line at(double low, double high) {
            return new Line(onMs, offMs, low, high, lowDetune, highDetune);
        }

        Line off(double low, double high) {
            return new Line(onMs, offMs, lowDbm, highDbm, low, high);
        }
    }

    static double amplitude(double dbm) {
        return Tones.ZERO_DBM * Math.pow(10, dbm / 20);
    }

    static Sound digits(String digits, int rate, Line line) {
        Sound sound = new Sound(rate, (line.onMs + line.offMs) / 1000 * digits.length() + 0.11);
        sound.pause(53.7);
        for (int i = 0; i < digits.length(); i++) {
            int key = Tones.KEYS.indexOf(digits.charAt(i));
            sound.tone(
                    line.onMs,
                    Tones.LOW_HZ[key / 4] * (1 + line.lowDetune),
                    amplitude(line.lowDbm),
                    Tones.HIGH_HZ[key % 4] * (1 + line.highDetune),
                    amplitude(line.highDbm));
            sound.pause(line.offMs);
        }
        return sound;
    }

    Sound pause(double milliseconds) {
        at += (int) Math.round(milliseconds * rate / 1000);
        return this;
    }

    /** Two sines switched on and off hard. */
    Sound tone(double milliseconds, double one, double oneAmplitude, double two, double twoAmplitude) {
        int end = Math.min(samples.length, at + (int) Math.round(milliseconds * rate / 1000));
        for (; at < end; at++) {
            double t = (double) at / rate;
            samples[at] += (float) (oneAmplitude * Math.sin(2 * Math.PI * one * t)
                    + twoAmplitude * Math.sin(2 * Math.PI * two * t + 1));
        }
        return this;
    }

    /** Silences what is there already. */
    Sound cut(double fromMs, double milliseconds) {
        int from = (int) (fromMs * rate / 1000);
        int end = from + (int) (milliseconds * rate / 1000);
        for (int i = from; i < end; i++) {
            samples[i] = 0;
        }
        return this;
    }

    /** White noise, in root mean square. */
    Sound noise(double rms, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < samples.length; i++) {
            samples[i] += (float) (rms * random.nextGaussian());
        }
        return this;
    }

    Sound clipped() {
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i])));
        }
        return this;
    }

    String heard() {
        StringBuilder heard = new StringBuilder();
        ToneListener listener = new ToneListener(rate, (digit, start, length) -> heard.append(digit));
        listener.feed(samples, 0, samples.length);
        listener.finish();
        return heard.toString();
    }
}
