// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.Map;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Whatever arrives is decoded or rejected, and what comes out is bounded by what went in. */
class SmlFuzzTest {
    private static final SmlCodec CODEC = new SmlCodec();
    private static final String[] TAGS = {"0701", "0301", "0401", "0101", "0500", "ff01"};

    @FuzzTest(maxDuration = "11m")
    void anyBytesAreDecodedOrRejected(byte[] bytes) {
        check(bytes);
        // As the body of a message whose checks are right, so that what is behind them is seen as well.
        if (bytes.length > 1 && bytes.length < 4096) {
            String body = HexFormat.of().formatHex(bytes, 1, bytes.length);
            check(Decoding.frame(Decoding.message(TAGS[(bytes[0] & 255) % TAGS.length], body)));
        }
    }

    private static void check(byte[] bytes) {
        Decoding.Context context = new Decoding.Context(Map.of());
        Decoded decoded;
        try {
            decoded = CODEC.decode(Decoding.frame(bytes), context);
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= bytes.length, rejected.getMessage());
            return;
        }
        assertTrue(decoded.readings().size() <= bytes.length);
        assertTrue(context.fields.size() <= bytes.length, "fields " + context.fields.size());
        if (decoded.unnamed().stream().anyMatch(name -> name.startsWith("damaged"))) {
            return;
        }
        int at = 0;
        for (Field field : context.fields) {
            assertEquals(at, field.offset(), field.meaning());
            at += field.length();
        }
        assertEquals(bytes.length, at);
    }
}
