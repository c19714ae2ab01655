// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.util.ArrayList;
import java.util.List;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** The digits heard in a recording, and where. */
final class Recording {
    private static final int BLOCK = 4096;

    private final Wave wave;
    private final StringBuilder digits = new StringBuilder();
    private final List<long[]> spans = new ArrayList<>();

    private Recording(Wave wave) {
        this.wave = wave;
    }

    static Recording listen(byte[] bytes) throws FrameRejectedException {
        if (bytes.length > DtmfCodec.LONGEST_WAVE) {
            throw new FrameRejectedException(
                    "recording",
                    -1,
                    "has " + bytes.length + " bytes, at most " + DtmfCodec.LONGEST_WAVE + " are listened to");
        }
        Wave wave = Wave.read(bytes);
        Recording recording = new Recording(wave);
        ToneListener listener = new ToneListener(wave.sampleRate(), recording::heard);
        float[] block = new float[BLOCK];
        for (int at = 0; at < wave.samples(); at += BLOCK) {
            int count = Math.min(BLOCK, wave.samples() - at);
            wave.copy(at, block, count);
            listener.feed(block, 0, count);
        }
        listener.finish();
        return recording;
    }

    private void heard(char digit, long start, int length) {
        digits.append(digit);
        spans.add(new long[] {start, length});
    }

    String digits() {
        return digits.toString();
    }

    /** Where in the bytes a digit begins; the end of the recording for those after the last. */
    int offset(int index) {
        return wave.offset(index < spans.size() ? spans.get(index)[0] : wave.samples());
    }

    /** Header and digits in the order of the bytes. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>(wave.fields());
        for (int i = 0; i < spans.size(); i++) {
            int from = offset(i);
            int to = wave.offset(spans.get(i)[0] + spans.get(i)[1]);
            long milliseconds = spans.get(i)[0] * 1000 / wave.sampleRate();
            fields.add(Field.of(from, to - from, "digit " + i + " at " + milliseconds + " ms: " + digits.charAt(i)));
        }
        return fields;
    }
}
