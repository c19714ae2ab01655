// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import java.util.List;
import org.meterway.api.reading.Reading;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sends readings as tones over a voice channel and hears digits in recordings of one. The frame its digits are is decoded by the {@link
 * Codec} of the same name. Registered as a service. Thread-safe, pure; takes some milliseconds for a minute of sound.
 */
@ConsumerType
public interface ToneCoder {
    /** Short unique name, for example {@code dtmf}. */
    String name();

    /**
     * The digits of one frame or, when they do not fit, several.
     *
     * @param address of the meter, decimal digits
     * @param readings at least one
     * @throws IllegalArgumentException if the address or a reading cannot be carried, saying why
     */
    String digits(String address, List<Reading> readings);

    /**
     * The tones of digits as a RIFF WAVE file, 16-bit mono PCM.
     *
     * @param sampleRate 8000 or 16000 Hz
     * @throws IllegalArgumentException if something is no digit, or the rate is another
     */
    byte[] tones(String digits, int sampleRate);

    /**
     * The digits heard in a recording, whether they are a frame or not; empty when there are none.
     *
     * @param wave a RIFF WAVE file
     * @throws FrameRejectedException if the file cannot be read, naming field and byte offset
     */
    String digits(byte[] wave) throws FrameRejectedException;
}
