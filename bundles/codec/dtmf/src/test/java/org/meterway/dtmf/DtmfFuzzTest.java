// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;

/** Whatever arrives is decoded or rejected. */
class DtmfFuzzTest {
    /** With {@code JAZZER_FUZZ=1} it searches; else it repeats the kept inputs. */
    @FuzzTest(maxDuration = "12m")
    void anyBytesAreDecodedOrRejected(byte[] bytes) {
        decode(bytes);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, 95); i++) {
            body.append("0123456789ABCD01".charAt(bytes[i] & 15));
        }
        decode(Decoding.frame(body.toString()).getBytes(StandardCharsets.US_ASCII));
    }

    private static void decode(byte[] bytes) {
        Decoding decoding = new Decoding();
        try {
            Decoded decoded = decoding.decode(bytes);
            assertTrue(decoded.readings().size() <= bytes.length);
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= bytes.length, rejected.getMessage());
        }
        assertTrue(decoding.fields.size() <= bytes.length + 64);
    }
}
