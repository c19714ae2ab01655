// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** What goes wrong between a meter and the gateway, byte by byte, the same for the same seed. Used by one thread. */
public final class Trouble {
    private final Random random;
    private double noise;
    private double change;
    private double loss;
    private double cut;
    private boolean echo;
    private int lateMillis;
    private double late;

    public Trouble(long seed) {
        this.random = new Random(seed);
    }

    /** A bus on which nothing goes wrong. */
    public static Trouble none() {
        return new Trouble(0);
    }

    /** How often an answer has a few arbitrary bytes before and after it, 0–1. */
    public Trouble noise(double often) {
        noise = often;
        return this;
    }

    /** How often one byte of an answer is another, 0–1. */
    public Trouble change(double often) {
        change = often;
        return this;
    }

    /** How often one byte of an answer is lost, 0–1. */
    public Trouble loss(double often) {
        loss = often;
        return this;
    }

    /** How often an answer stops somewhere, 0–1. */
    public Trouble cut(double often) {
        cut = often;
        return this;
    }

    /** How often an answer comes late, 0–1, and by how much. */
    public Trouble late(double often, int millis) {
        late = often;
        lateMillis = millis;
        return this;
    }

    /** The bus gives back what is sent on it. */
    public Trouble echo() {
        echo = true;
        return this;
    }

    boolean echoes() {
        return echo;
    }

    /** How long this answer is held back. */
    int delayMillis() {
        return happens(late) ? lateMillis : 0;
    }

    byte[] on(byte[] answer) {
        byte[] bytes = answer.clone();
        if (happens(change)) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
        }
        if (happens(loss)) {
            int at = random.nextInt(bytes.length);
            byte[] rest = Arrays.copyOfRange(bytes, at + 1, bytes.length);
            bytes = Arrays.copyOf(bytes, at + rest.length);
            System.arraycopy(rest, 0, bytes, at, rest.length);
        }
        if (happens(cut)) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(noise());
        all.writeBytes(bytes);
        all.writeBytes(noise());
        return all.toByteArray();
    }

    private byte[] noise() {
        byte[] bytes = new byte[happens(noise) ? 1 + random.nextInt(5) : 0];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean happens(double often) {
        return often > 0 && random.nextDouble() < often;
    }
}
