// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/**
 * A RIFF WAVE recording (Multimedia Programming Interface and Data Specifications 1.0): PCM of 8–32 bits, 32-bit float, A-law and
 * µ-law, up to eight channels, which are averaged. The bytes are not copied.
 */
final class Wave {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xfffe;
    private static final int MOST_CHUNKS = 64;
    private static final int LOWEST_RATE = 8_000;
    private static final int HIGHEST_RATE = 192_000;

    private final byte[] bytes;
    private final List<Field> fields = new ArrayList<>();
    private int coding;
    private int channels;
    private int sampleRate;
    private int bytesPerSample;
    private int dataOffset = -1;
    private int samples;

    private Wave(byte[] bytes) {
        this.bytes = bytes;
    }

    static boolean isWave(byte[] bytes) {
        return bytes.length >= 4 && is(bytes, 0, "RIFF");
    }

    /** Finds format and samples. */
    static Wave read(byte[] bytes) throws FrameRejectedException {
        Wave wave = new Wave(bytes);
        wave.readChunks();
        return wave;
    }

    /** 16-bit mono PCM. */
    static byte[] write(short[] samples, int sampleRate) {
        ByteBuffer out = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples.length);
        out.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        out.putShort((short) PCM).putShort((short) 1).putInt(sampleRate).putInt(2 * sampleRate);
        out.putShort((short) 2).putShort((short) 16);
        out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples.length);
        for (short sample : samples) {
            out.putShort(sample);
        }
        return out.array();
    }

    int sampleRate() {
        return sampleRate;
    }

    /** Samples of one channel. */
    int samples() {
        return samples;
    }

    /** What the header says, in the order of the bytes. */
    List<Field> fields() {
        return List.copyOf(fields);
    }

    /** Where a sample stands in the bytes. */
    int offset(long sample) {
        return dataOffset + (int) Math.max(0, Math.min(sample, samples)) * channels * bytesPerSample;
    }

    /** Copies samples as counts of 16 bits. */
    void copy(int from, float[] to, int count) {
        int at = dataOffset + from * channels * bytesPerSample;
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += sample(at);
                at += bytesPerSample;
            }
            to[i] = channels == 1 ? sum : sum / channels;
        }
    }

    private float sample(int at) {
        switch (coding) {
            case A_LAW:
                return G711.aLaw(bytes[at]);
            case MU_LAW:
                return G711.muLaw(bytes[at]);
            case FLOAT:
                float value = Float.intBitsToFloat(number(at, 4));
                return value >= -16 && value <= 16 ? value * 32768 : 0;
            default:
                return switch (bytesPerSample) {
                    case 1 -> ((bytes[at] & 0xff) - 128) * 256f;
                    case 2 -> bytes[at] & 0xff | bytes[at + 1] << 8;
                    case 3 -> (number(at, 3) << 8 >> 8) / 256f;
                    default -> number(at, 4) / 65536f;
                };
        }
    }

    private void readChunks() throws FrameRejectedException {
        if (bytes.length < 12 || !is(bytes, 8, "WAVE")) {
            throw new FrameRejectedException(
                    "RIFF header", Math.min(8, bytes.length), "expected WAVE after RIFF and its length");
        }
        fields.add(Field.of(0, 12, "RIFF header: WAVE of " + Integer.toUnsignedString(number(4, 4)) + " bytes"));
        int at = 12;
        boolean format = false;
        for (int chunk = 0; at < bytes.length && dataOffset < 0; chunk++) {
            if (chunk == MOST_CHUNKS) {
                throw new FrameRejectedException(
                        "chunk", at, "more than " + MOST_CHUNKS + " chunks before the samples");
            }
            if (bytes.length - at < 8) {
                throw new FrameRejectedException("chunk", at, "needs 8 bytes, " + (bytes.length - at) + " are left");
            }
            long length = number(at + 4, 4) & 0xffffffffL;
            int left = bytes.length - at - 8;
            if (is(bytes, at, "data")) {
                if (!format) {
                    throw new FrameRejectedException("data chunk", at, "the format comes first");
                }
                data(at, length, left);
            } else {
                if (length > left) {
                    throw new FrameRejectedException(
                            "chunk length", at + 4, length + " bytes announced, " + left + " are left");
                }
                if (is(bytes, at, "fmt ")) {
                    format(at + 8, (int) length);
                    format = true;
                } else {
                    fields.add(Field.of(at, 8 + (int) length, "other chunk"));
                }
                at += 8 + (int) length + ((int) length & 1);
            }
        }
        if (dataOffset < 0) {
            throw new FrameRejectedException("data chunk", bytes.length, "there is none");
        }
    }

    /** A length of all ones or zero is of a recorder that could not go back to write it: the rest of the bytes counts. */
    private void data(int at, long length, int left) throws FrameRejectedException {
        long used = length == 0xffffffffL || length == 0 || length == 0x7fffffffL ? left : length;
        if (used > left) {
            throw new FrameRejectedException("data length", at + 4, length + " bytes announced, " + left + " are left");
        }
        dataOffset = at + 8;
        samples = (int) used / (channels * bytesPerSample);
        fields.add(Field.of(at, 8, "data: " + samples + " samples"));
    }

    private void format(int at, int length) throws FrameRejectedException {
        if (length < 16) {
            throw new FrameRejectedException("format", at, "needs 16 bytes, has " + length);
        }
        coding = number(at, 2);
        channels = number(at + 2, 2);
        sampleRate = number(at + 4, 4);
        int bits = number(at + 14, 2);
        if (coding == EXTENSIBLE && length >= 40) {
            coding = number(at + 24, 2);
        }
        if (channels < 1 || channels > 8) {
            throw new FrameRejectedException("channels", at + 2, "expected 1–8, was " + channels);
        }
        if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
            throw new FrameRejectedException(
                    "sample rate",
                    at + 4,
                    "expected " + LOWEST_RATE + "–" + HIGHEST_RATE + " Hz, was "
                            + Integer.toUnsignedString(sampleRate));
        }
        boolean known =
                switch (coding) {
                    case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
                    case FLOAT -> bits == 32;
                    case A_LAW, MU_LAW -> bits == 8;
                    default -> false;
                };
        if (!known) {
            throw new FrameRejectedException(
                    "format",
                    at,
                    "expected PCM, float, A-law or µ-law, was coding " + coding + " of " + bits + " bits");
        }
        bytesPerSample = bits / 8;
        fields.add(Field.of(
                at - 8,
                8 + length,
                "format: coding " + coding + ", " + bits + " bits, " + channels + " channels, " + sampleRate + " Hz"));
    }

    private int number(int at, int count) {
        int number = 0;
        for (int i = count - 1; i >= 0; i--) {
            number = number << 8 | bytes[at + i] & 0xff;
        }
        return number;
    }

    private static boolean is(byte[] bytes, int at, String name) {
        for (int i = 0; i < 4; i++) {
            if (bytes[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
