// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

/**
 * Hears the digits in a stream of samples as ITU-T Q.24 asks. Every 4 ms the last 20 ms are compared with the eight tones. A window
 * agrees with a digit when a tone of each group is loud enough, not too unequal, near its frequency, and both together are nearly all
 * the energy there is, which neither speech nor music is for long. Frequencies are measured by how far phases turn from window to
 * window. A digit is a run of such windows as long as a tone of 30 ms; up to some 20 ms in between may disagree.
 *
 * <p>Allocates nothing after construction; used by one thread.
 */
final class ToneListener {
    /** Told of every digit when it has ended. */
    @FunctionalInterface
    interface Heard {
        /**
         * @param start sample at which the tone began, to about 4 ms
         * @param length in samples, to about 8 ms
         */
        void digit(char digit, long start, int length);
    }

    private static final int TONES = 8;
    private static final double WINDOW_SECONDS = 0.020;
    private static final double HOP_SECONDS = 0.004;
    /** Weakest tone heard: −41 dBm0, between −25, which must be heard, and −55, which must not. */
    private static final double WEAKEST = Tones.ZERO_DBM * Math.pow(10, -41 / 20.0);

    /** High tone to low tone, as squares: 4 dB above to 8 dB below must be heard; and 2 dB for measuring in noise. */
    private static final double MOST_HIGH = Math.pow(10, 6 / 10.0);

    private static final double LEAST_HIGH = Math.pow(10, -10 / 10.0);
    /** Share of the energy that is the two tones': of one window, and on average. 15 dB above noise is 0.97. */
    private static final double PURE = 0.80;

    private static final double PURE_ON_AVERAGE = 0.93;
    /** Off frequency: of one window, and on average, between 1.5 %, which must be heard, and 3.5 %, which must not. */
    private static final double NEAR = 0.045;

    private static final double NEAR_ON_AVERAGE = 0.024;
    /** Windows from first to last: a tone of T ms has (T − 9) / 4. 23 ms must not be heard, 40 ms must. */
    private static final int SHORTEST = 6;

    /** Windows in between that may disagree: 10 ms of nothing make 5, a pause of 40 ms makes 12. */
    private static final int BRIDGED = 7;

    private static final int OTHER = 3;

    /** Windows whose neighbours agree too: a tone is steady there, and speech seldom is. */
    private static final int INNER = 3;

    /** Loudest to faintest inner window, as squares. */
    private static final double STEADY_LEVEL = Math.pow(10, 2.5 / 10.0);

    /** Highest less lowest frequency of inner windows. */
    private static final double STEADY_FREQUENCY = 0.012;

    private final Heard heard;
    private final int window;
    private final int hop;
    private final double windowSeconds;
    private final double hopSeconds;
    private final float[] weights;
    /** Weighted cosines and sines of the eight tones, sample by sample. */
    private final float[] low;

    private final float[] high;
    private final double sumOfWeights;
    private final double sumOfSquares;
    private final double leastEnergy;
    private final double[] turnRe = new double[TONES];
    private final double[] turnIm = new double[TONES];

    private final float[] buffer;
    private int filled;
    private long bufferStart;

    private double[] re = new double[TONES];
    private double[] im = new double[TONES];
    private double[] lastRe = new double[TONES];
    private double[] lastIm = new double[TONES];
    private boolean lastValid;
    private double turnedRe;
    private double turnedIm;
    private double purity;
    private double lowSquare;
    private double highSquare;
    private double lowOff;
    private double highOff;
    private double lowTurnRe;
    private double lowTurnIm;
    private double highTurnRe;
    private double highTurnIm;

    private long windows;
    private int candidate = -1;
    private int previous = -1;
    private int otherRun;
    private long firstWindow;
    private long lastWindow;
    private long firstStart;
    private long lastStart;
    private int run;
    private double lastPurity;
    private double lastLowSquare;
    private double lastHighSquare;
    private double lastLowOff;
    private double lastHighOff;
    private final Inner inner = new Inner();
    private double lowSumRe;
    private double lowSumIm;
    private double highSumRe;
    private double highSumIm;

    ToneListener(int sampleRate, Heard heard) {
        this.heard = heard;
        this.window = (int) Math.round(WINDOW_SECONDS * sampleRate);
        this.hop = (int) Math.round(HOP_SECONDS * sampleRate);
        this.windowSeconds = (double) window / sampleRate;
        this.hopSeconds = (double) hop / sampleRate;
        this.weights = new float[window];
        this.low = new float[window * TONES];
        this.high = new float[window * TONES];
        this.buffer = new float[window + 16 * hop];
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < window; n++) {
            double weight = 0.5 - 0.5 * Math.cos(2 * Math.PI * (n + 0.5) / window);
            weights[n] = (float) weight;
            sum += weight;
            squares += weight * weight;
            for (int tone = 0; tone < 4; tone++) {
                double lowPhase = 2 * Math.PI * Tones.LOW_HZ[tone] * n / sampleRate;
                double highPhase = 2 * Math.PI * Tones.HIGH_HZ[tone] * n / sampleRate;
                low[n * TONES + 2 * tone] = (float) (weight * Math.cos(lowPhase));
                low[n * TONES + 2 * tone + 1] = (float) (weight * Math.sin(lowPhase));
                high[n * TONES + 2 * tone] = (float) (weight * Math.cos(highPhase));
                high[n * TONES + 2 * tone + 1] = (float) (weight * Math.sin(highPhase));
            }
        }
        for (int tone = 0; tone < TONES; tone++) {
            double turn = 2 * Math.PI * hertz(tone) * hopSeconds;
            turnRe[tone] = Math.cos(turn);
            turnIm[tone] = Math.sin(turn);
        }
        this.sumOfWeights = sum;
        this.sumOfSquares = squares;
        this.leastEnergy = WEAKEST * WEAKEST * squares * PURE;
    }

    private static double hertz(int tone) {
        return tone < 4 ? Tones.LOW_HZ[tone] : Tones.HIGH_HZ[tone - 4];
    }

    /** More samples, in counts of 16 bits. */
    void feed(float[] samples, int from, int count) {
        int at = from;
        int left = count;
        while (left > 0) {
            int taken = Math.min(left, buffer.length - filled);
            System.arraycopy(samples, at, buffer, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
            listen();
        }
    }

    /** More samples of 16 bits. */
    void feed(short[] samples, int from, int count) {
        int at = from;
        int left = count;
        while (left > 0) {
            int taken = Math.min(left, buffer.length - filled);
            for (int i = 0; i < taken; i++) {
                buffer[filled + i] = samples[at + i];
            }
            filled += taken;
            at += taken;
            left -= taken;
            listen();
        }
    }

    /** The stream is over: what is sounding ends. */
    void finish() {
        for (int left = window + (BRIDGED + 2) * hop; left > 0; left--) {
            if (filled == buffer.length) {
                listen();
            }
            buffer[filled++] = 0;
        }
        listen();
        close();
    }

    private void listen() {
        int at = 0;
        while (filled - at >= window) {
            step(look(at), bufferStart + at);
            at += hop;
        }
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
        bufferStart += at;
    }

    /** The digit this window agrees with, −1 for none. */
    private int look(int at) {
        double energy = energy(at);
        if (energy < leastEnergy) {
            lastValid = false;
            return -1;
        }
        double[] swap = lastRe;
        lastRe = re;
        re = swap;
        swap = lastIm;
        lastIm = im;
        im = swap;
        compare(low, at, 0);
        compare(high, at, 4);
        int lowTone = loudest(0);
        int highTone = loudest(4);
        boolean measured = lastValid;
        lastValid = true;
        lowOff = 0;
        highOff = 0;
        if (measured) {
            lowOff = off(lowTone);
            lowTurnRe = turnedRe;
            lowTurnIm = turnedIm;
            highOff = off(highTone);
            highTurnRe = turnedRe;
            highTurnIm = turnedIm;
        } else {
            lowTurnRe = 0;
            lowTurnIm = 0;
            highTurnRe = 0;
            highTurnIm = 0;
        }
        if (Math.abs(lowOff) > NEAR * hertz(lowTone) || Math.abs(highOff) > NEAR * hertz(highTone)) {
            return -1;
        }
        lowSquare = square(lowTone, lowOff);
        highSquare = square(highTone, highOff);
        if (Math.min(lowSquare, highSquare) < WEAKEST * WEAKEST
                || highSquare > MOST_HIGH * lowSquare
                || highSquare < LEAST_HIGH * lowSquare) {
            return -1;
        }
        purity = (lowSquare + highSquare) / 2 * sumOfSquares / energy;
        return purity < PURE ? -1 : lowTone * 4 + highTone - 4;
    }

    /** The weighted energy without what does not alternate. */
    private double energy(int at) {
        float squares = 0;
        float halves = 0;
        float sum = 0;
        for (int n = 0; n < window; n++) {
            float weight = weights[n];
            float weighted = weight * buffer[at + n];
            sum += weighted;
            halves += weight * weighted;
            squares += weighted * weighted;
        }
        double mean = sum / sumOfWeights;
        return squares - 2 * mean * halves + mean * mean * sumOfSquares;
    }

    private void compare(float[] table, int at, int group) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int row = 0;
        for (int n = at; n < at + window; n++) {
            float x = buffer[n];
            a += x * table[row];
            b += x * table[row + 1];
            c += x * table[row + 2];
            d += x * table[row + 3];
            e += x * table[row + 4];
            f += x * table[row + 5];
            g += x * table[row + 6];
            h += x * table[row + 7];
            row += TONES;
        }
        re[group] = a;
        im[group] = -b;
        re[group + 1] = c;
        im[group + 1] = -d;
        re[group + 2] = e;
        im[group + 2] = -f;
        re[group + 3] = g;
        im[group + 3] = -h;
    }

    private int loudest(int group) {
        int loudest = group;
        double most = -1;
        for (int tone = group; tone < group + 4; tone++) {
            double square = re[tone] * re[tone] + im[tone] * im[tone];
            if (square > most) {
                most = square;
                loudest = tone;
            }
        }
        return loudest;
    }

    /** How many hertz a tone is off, by how far its phase turned more than it should have since the last window. */
    private double off(int tone) {
        double crossRe = re[tone] * lastRe[tone] + im[tone] * lastIm[tone];
        double crossIm = im[tone] * lastRe[tone] - re[tone] * lastIm[tone];
        turnedRe = crossRe * turnRe[tone] + crossIm * turnIm[tone];
        turnedIm = crossIm * turnRe[tone] - crossRe * turnIm[tone];
        return Math.atan2(turnedIm, turnedRe) / (2 * Math.PI * hopSeconds);
    }

    /** The squared amplitude of a tone this far off, of which the window shows less the farther it is. */
    private double square(int tone, double off) {
        double x = off * windowSeconds;
        double shown = Math.abs(x) < 1e-6
                ? 1
                : Math.sin(Math.PI * x) / (Math.PI * x) / (Math.abs(1 - x * x) < 1e-3 ? 1e-3 : 1 - x * x);
        double amplitude = 2 / (sumOfWeights * Math.max(0.2, Math.abs(shown)));
        return (re[tone] * re[tone] + im[tone] * im[tone]) * amplitude * amplitude;
    }

    private void step(int digit, long start) {
        windows++;
        otherRun = digit >= 0 && digit == previous ? otherRun + 1 : 1;
        if (candidate >= 0) {
            if (digit == candidate) {
                agree(start);
            } else if (windows - lastWindow > BRIDGED || digit >= 0 && otherRun >= OTHER) {
                close();
            }
        }
        if (candidate < 0 && digit >= 0) {
            candidate = digit;
            firstWindow = windows;
            lastWindow = windows;
            firstStart = start;
            run = 0;
            inner.clear();
            lowSumRe = 0;
            lowSumIm = 0;
            highSumRe = 0;
            highSumIm = 0;
            previous = -1;
            agree(start);
        }
        previous = digit;
    }

    private void agree(long start) {
        lastWindow = windows;
        lastStart = start;
        run = previous == candidate ? run + 1 : 1;
        if (run > 2) {
            inner.add(lastPurity, lastLowSquare, lastHighSquare, lastLowOff, lastHighOff);
        }
        lastPurity = purity;
        lastLowSquare = lowSquare;
        lastHighSquare = highSquare;
        lastLowOff = lowOff;
        lastHighOff = highOff;
        if (previous == candidate) {
            lowSumRe += lowTurnRe;
            lowSumIm += lowTurnIm;
            highSumRe += highTurnRe;
            highSumIm += highTurnIm;
        }
    }

    private void close() {
        if (candidate < 0) {
            return;
        }
        int digit = candidate;
        candidate = -1;
        double lowHertz = Tones.LOW_HZ[digit / 4];
        double highHertz = Tones.HIGH_HZ[digit % 4];
        double lowMean = Math.atan2(lowSumIm, lowSumRe) / (2 * Math.PI * hopSeconds);
        double highMean = Math.atan2(highSumIm, highSumRe) / (2 * Math.PI * hopSeconds);
        if (lastWindow - firstWindow + 1 >= SHORTEST
                && Math.abs(lowMean) <= NEAR_ON_AVERAGE * lowHertz
                && Math.abs(highMean) <= NEAR_ON_AVERAGE * highHertz
                && inner.steady(lowHertz, highHertz)) {
            int edge = window / 4;
            heard.digit(Tones.KEYS.charAt(digit), Math.max(0, firstStart + edge), (int)
                    Math.min(Integer.MAX_VALUE, lastStart - firstStart + window - 2 * edge));
        }
    }

    /** How steady the inner windows of a tone are. */
    private static final class Inner {
        private int count;
        private double puritySum;
        private double lowMost;
        private double lowLeast;
        private double highMost;
        private double highLeast;
        private double lowOffMost;
        private double lowOffLeast;
        private double highOffMost;
        private double highOffLeast;

        void clear() {
            count = 0;
            puritySum = 0;
            lowMost = 0;
            lowLeast = Double.MAX_VALUE;
            highMost = 0;
            highLeast = Double.MAX_VALUE;
            lowOffMost = -Double.MAX_VALUE;
            lowOffLeast = Double.MAX_VALUE;
            highOffMost = -Double.MAX_VALUE;
            highOffLeast = Double.MAX_VALUE;
        }

        void add(double purity, double lowSquare, double highSquare, double lowOff, double highOff) {
            count++;
            puritySum += purity;
            lowMost = Math.max(lowMost, lowSquare);
            lowLeast = Math.min(lowLeast, lowSquare);
            highMost = Math.max(highMost, highSquare);
            highLeast = Math.min(highLeast, highSquare);
            lowOffMost = Math.max(lowOffMost, lowOff);
            lowOffLeast = Math.min(lowOffLeast, lowOff);
            highOffMost = Math.max(highOffMost, highOff);
            highOffLeast = Math.min(highOffLeast, highOff);
        }

        boolean steady(double lowHertz, double highHertz) {
            return count >= INNER
                    && puritySum >= PURE_ON_AVERAGE * count
                    && lowMost <= STEADY_LEVEL * lowLeast
                    && highMost <= STEADY_LEVEL * highLeast
                    && lowOffMost - lowOffLeast <= STEADY_FREQUENCY * lowHertz
                    && highOffMost - highOffLeast <= STEADY_FREQUENCY * highHertz;
        }
    }
}
