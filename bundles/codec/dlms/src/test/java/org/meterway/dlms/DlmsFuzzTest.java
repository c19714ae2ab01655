// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Whatever arrives, the codec decodes or rejects it, within bounds. The first byte chooses what is put around the others, so that
 * checksums and ciphers do not keep the fuzzer out.
 */
class DlmsFuzzTest {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f";
    private static final byte[] TITLE = Decoding.bytes("4d4d4d0000bc614e");
    private static final String TARGET =
            "3/1-0:1.8.0/3; 3/1-0:1.8.0/2; 7/1-0:99.1.0/3; 7/1-0:99.1.0/4; 7/1-0:99.1.0/2 period=900"
                    + " columns=8/0-0:1.0.0/2,1/0-0:96.10.1/2,3/1-0:1.8.0/2/0/30,3/1-0:1.29.0/2/-3/30; 8/0-0:1.0.0/2";

    @FuzzTest(maxDuration = "10m")
    void anythingIsDecodedOrRejected(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        Decoding decoding = new Decoding()
                .key("encryption_key", KEY)
                .key("authentication_key", KEY)
                .key("system_title", "4d4d4d0000bc614e")
                .zone("Europe/Vienna");
        byte[] frame =
                switch (input[0] & 7) {
                    case 1 -> hdlc(content, false);
                    case 2 -> ciphered(content, 0x20);
                    case 3 -> ciphered(content, 0x30);
                    case 4 -> hdlc(content, true);
                    default -> content;
                };
        if ((input[0] & 8) != 0) {
            decoding.target(TARGET);
        }
        if ((input[0] & 16) != 0) {
            decoding.untraced();
        }
        try {
            Decoded decoded = decoding.decode(frame);
            assertTrue(decoded.readings().size() <= 50_000, "too many readings");
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= frame.length + 1, rejected.getMessage() + " of " + frame.length);
        }
        int[] last = {-1};
        String[] part = {""};
        decoding.fields.forEach(field -> {
            if (field.part().equals(part[0])) {
                assertTrue(field.offset() >= last[0], field.toString());
            }
            part[0] = field.part();
            last[0] = field.offset();
        });
    }

    /** One frame, or two segments of which each half is one. */
    private static byte[] hdlc(byte[] content, boolean halves) {
        if (halves) {
            int middle = Math.min(content.length / 2, 1_000);
            return Gcm.concat(
                    frame(Arrays.copyOf(content, middle), 0xa8),
                    frame(Arrays.copyOfRange(content, middle, Math.min(content.length, 2_000)), 0xa0));
        }
        return frame(Arrays.copyOf(content, Math.min(content.length, 2_000)), 0xa0);
    }

    private static byte[] frame(byte[] content, int format) {
        int length = content.length + 10;
        byte[] frame = new byte[length + 2];
        byte[] header = {0x7e, (byte) (format | length >> 8), (byte) length, 0x41, 0x08, (byte) 0x83, 0x13};
        System.arraycopy(header, 0, frame, 0, header.length);
        crc(frame, 7);
        System.arraycopy(content, 0, frame, 9, content.length);
        crc(frame, length - 1);
        frame[length + 1] = 0x7e;
        return frame;
    }

    private static void crc(byte[] frame, int at) {
        int crc = Crc16.of(frame, 1, at);
        frame[at] = (byte) crc;
        frame[at + 1] = (byte) (crc >> 8);
    }

    private static byte[] ciphered(byte[] content, int control) {
        byte[] key = Decoding.bytes(KEY);
        byte[] iv = Gcm.iv(TITLE, 7);
        byte[] text = control == 0x20
                ? Gcm.counterMode(key, iv, content)
                : Gcm.encrypt(key, iv, Gcm.concat(new byte[] {(byte) control}, key), content);
        int length = text.length + 5;
        byte[] head = {(byte) 0xdb, 8};
        byte[] size = {(byte) 0x84, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) control};
        return Gcm.concat(head, TITLE, size, new byte[] {0, 0, 0, 7}, text);
    }

    @Test
    void everyTruncationOfEveryVectorIsDecodedOrRejected() throws Exception {
        for (JsonNode vector : VectorsTest.vectors()) {
            byte[] whole = Decoding.bytes(vector.get("hex").asText());
            for (int length = 0; length < whole.length; length += whole.length > 100 ? 11 : 1) {
                byte[] cut = new byte[length + 1];
                System.arraycopy(whole, 0, cut, 1, length);
                check(cut);
            }
        }
    }

    @Test
    void randomChangesAreDecodedOrRejected() throws Exception {
        Random random = new Random(62056);
        for (JsonNode vector : VectorsTest.vectors()) {
            byte[] whole = Decoding.bytes("00" + vector.get("hex").asText());
            for (int round = 0; round < 40; round++) {
                byte[] changed = whole.clone();
                changed[0] = (byte) random.nextInt(32);
                for (int change = random.nextInt(4); change >= 0; change--) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                }
                check(changed);
            }
        }
    }
}
