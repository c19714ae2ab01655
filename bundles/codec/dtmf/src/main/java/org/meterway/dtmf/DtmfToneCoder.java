// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.util.List;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.ToneCoder;
import org.meterway.api.reading.Reading;
import org.osgi.service.component.annotations.Component;

/** Readings to DTMF digits to tones, and recordings of tones to digits. Thread-safe, without state. */
@Component
public final class DtmfToneCoder implements ToneCoder {
    /** Longest run of digits made into tones: 41 seconds. */
    private static final int MOST_DIGITS = 4096;

    @Override
    public String name() {
        return "dtmf";
    }

    @Override
    public String digits(String address, List<Reading> readings) {
        return FrameWriter.digits(address, readings);
    }

    @Override
    public byte[] tones(String digits, int sampleRate) {
        if (sampleRate != 8_000 && sampleRate != 16_000) {
            throw new IllegalArgumentException("sample rate must be 8000 or 16000 Hz, was " + sampleRate);
        }
        if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
            throw new IllegalArgumentException("1–" + MOST_DIGITS + " digits become tones, were " + digits.length());
        }
        return Wave.write(Tones.samples(digits, sampleRate), sampleRate);
    }

    @Override
    public String digits(byte[] wave) throws FrameRejectedException {
        return Recording.listen(wave).digits();
    }
}
