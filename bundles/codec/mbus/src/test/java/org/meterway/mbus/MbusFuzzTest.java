// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;

/** Whatever arrives is decoded or rejected. */
class MbusFuzzTest {
    /** With {@code JAZZER_FUZZ=1} it searches; else it repeats the kept inputs. */
    @FuzzTest(maxDuration = "12m")
    void anyBytesAreDecodedOrRejected(byte[] bytes) {
        decode(bytes);
        decode(repaired(bytes));
    }

    @Test
    void changedFramesAreDecodedOrRejected() throws Exception {
        Random random = new Random(13757);
        try (InputStream in = MbusFuzzTest.class.getResourceAsStream("mbus_frames.json")) {
            for (JsonNode vector : new ObjectMapper().readTree(in).get("frames")) {
                byte[] frame = HexFormat.of().parseHex(vector.get("hex").asText());
                for (int round = 0; round < 500; round++) {
                    byte[] changed = frame.clone();
                    for (int change = random.nextInt(4); change >= 0; change--) {
                        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                    }
                    decode(repaired(changed));
                }
            }
        }
    }

    /** Lengths, stop and checksum made right, so that what stands behind them is reached. */
    private static byte[] repaired(byte[] bytes) {
        if (bytes.length < 9 || bytes.length > 261) {
            return bytes;
        }
        byte[] frame = bytes.clone();
        int end = frame.length - 2;
        frame[0] = 0x68;
        frame[1] = (byte) (end - 4);
        frame[2] = frame[1];
        frame[3] = 0x68;
        frame[end] = (byte) Telegrams.checksum(frame, 4, end);
        frame[end + 1] = 0x16;
        return frame;
    }

    private static void decode(byte[] bytes) {
        Decoding decoding = new Decoding();
        decoding.keys.put("encryption_key", new byte[16]);
        try {
            Decoded decoded = decoding.decode(bytes);
            assertTrue(decoded.readings().size() <= bytes.length);
            assertTrue(decoding.fields.size() <= 2 * bytes.length + 16);
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= bytes.length, rejected.getMessage());
        }
    }
}
