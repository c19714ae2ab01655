// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Whatever arrives is decoded or rejected, and what comes out is bounded by what went in. */
class Iec62056FuzzTest {
    private static final Iec62056Codec CODEC = new Iec62056Codec();
    private static final Map<String, String> KEYS = Map.of("encryption_key", "aa".repeat(16));

    @FuzzTest(maxDuration = "11m")
    void anyBytesAreDecodedOrRejected(byte[] bytes) {
        check(bytes);
        // With the checks made right the data behind them is seen as well.
        check(repaired(bytes));
    }

    private static void check(byte[] bytes) {
        Decoding.Context context = new Decoding.Context(KEYS, Decoding.AMSTERDAM, Map.of());
        Decoded decoded;
        try {
            decoded = CODEC.decode(Decoding.frame(bytes, ""), context);
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= bytes.length, rejected.getMessage());
            return;
        }
        assertTrue(decoded.readings().size() <= bytes.length);
        assertTrue(context.fields.size() <= 2 * bytes.length, "fields " + context.fields.size());
        if (decoded.unnamed().stream().anyMatch(name -> name.startsWith("damaged"))) {
            return;
        }
        int at = 0;
        for (Field field : context.fields) {
            if (field.part().isEmpty()) {
                assertEquals(at, field.offset(), field.meaning());
                at += field.length();
            }
        }
        assertEquals(bytes.length, at);
    }

    /** The same with the CRC behind every '!' and the BCC behind every ETX put right. */
    private static byte[] repaired(byte[] bytes) {
        byte[] repaired = bytes.clone();
        int start = 0;
        int block = 0;
        for (int i = 0; i < repaired.length; i++) {
            if (repaired[i] == '/') {
                start = i;
            } else if (repaired[i] == Text.STX || repaired[i] == Text.SOH && block == i) {
                block = i + 1;
            } else if (repaired[i] == Text.ETX && i + 1 < repaired.length) {
                int bcc = 0;
                for (int j = block; j <= i; j++) {
                    bcc ^= repaired[j];
                }
                repaired[i + 1] = (byte) (bcc & 0x7f);
            } else if (repaired[i] == '!' && i + 4 < repaired.length) {
                int crc = 0;
                for (int j = start; j <= i; j++) {
                    crc ^= repaired[j] & 255;
                    for (int bit = 0; bit < 8; bit++) {
                        crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xa001;
                    }
                }
                byte[] digits = String.format("%04X", crc).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, repaired, i + 1, 4);
                i += 4;
            }
        }
        return repaired;
    }
}
