// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;

/** Whatever arrives, a codec decodes or rejects it; the seeds are fixed so that a failure repeats. */
class SenMlFuzzTest {
    private static final String PROFILE_JSON = "[{\"bn\":\"/10243/0/15\",\"bt\":1795132800.5,\"bu\":\"kWh\",\"v\":1.5},"
            + "{\"t\":1800,\"v\":-2e-3},{\"n\":\"/0\",\"vs\":\"\u00e4\"},{\"bn\":\"\",\"n\":\"1-0:1.7.0\",\"bu\":\"W\",\"v\":1}]";
    private static final byte[] PROFILE_CBOR = HexFormat.of()
            .parseHex("83a5216b2f31303234332f302f3135221a6aff8d8023636b5768060002fb3ff8000000000000"
                    + "a20619070802c482221905ddbf061907097f6276737fff02f94100ff");

    @Test
    void everyTruncationIsRejected() {
        for (byte[] whole : List.of(PROFILE_JSON.getBytes(StandardCharsets.UTF_8), PROFILE_CBOR)) {
            Codec codec = whole == PROFILE_CBOR ? new SenMlCborCodec() : new SenMlJsonCodec();
            for (int length = 0; length < whole.length; length++) {
                assertTrue(rejects(codec, Arrays.copyOf(whole, length)), "cut at " + length);
            }
        }
    }

    @Test
    void randomChangesAreDecodedOrRejected() throws Exception {
        Random random = new Random(8428);
        int rejected = 0;
        int rounds = 0;
        for (byte[] seed : seeds()) {
            boolean json = seed.length > 0 && (seed[0] == '[' || seed[0] == '{');
            Codec codec = json ? new SenMlJsonCodec() : new SenMlCborCodec();
            for (int round = 0; round < 1_000; round++) {
                byte[] changed = seed.clone();
                for (int change = random.nextInt(4); change >= 0 && changed.length > 0; change--) {
                    changed = change(changed, random);
                }
                rejected += rejects(codec, changed) ? 1 : 0;
                rounds++;
            }
        }
        assertTrue(rejected > rounds / 4, rejected + " of " + rounds);
    }

    @Test
    void randomBytesAreDecodedOrRejected() {
        Random random = new Random(8949);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(64)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (0x80 | random.nextInt(8));
            rejects(new SenMlCborCodec(), bytes);
        }
    }

    @Test
    void theMostLaboriousPackOfAChannelIsBounded() throws FrameRejectedException {
        // 64 KiB of the longest numbers in one pack, each added to a base value of another magnitude.
        String number = "9".repeat(60) + "e-59";
        StringBuilder pack = new StringBuilder(
                "[{\"bn\":\"1-0:1.7.0\",\"bu\":\"kW\",\"bv\":1e-40,\"bt\":0." + "1".repeat(100) + "}");
        while (pack.length() < 65_000) {
            pack.append(",{\"v\":").append(number).append('}');
        }
        Decoded decoded = SenMlTest.json(pack + "]");
        assertEquals(
                decoded.readings().size(),
                decoded.readings().stream()
                        .filter(r -> r.count() == 10_000_000_000L)
                        .count());
    }

    private static List<byte[]> seeds() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(PROFILE_CBOR);
        seeds.add(PROFILE_JSON.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = SenMlFuzzTest.class.getResourceAsStream("/senml_vectors.json")) {
            for (JsonNode vector : new ObjectMapper().readTree(in)) {
                seeds.add(
                        vector.has("hex")
                                ? HexFormat.of().parseHex(vector.get("hex").asText())
                                : vector.path("text")
                                        .asText(vector.path("json").asText())
                                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return seeds;
    }

    private static byte[] change(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] = (byte) random.nextInt();
                yield bytes;
            }
            case 1 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
            case 2 -> Arrays.copyOf(bytes, at);
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                longer[at] = (byte) random.nextInt();
                yield longer;
            }
        };
    }

    private static boolean rejects(Codec codec, byte[] bytes) {
        try {
            SenMlTest.decode(codec, bytes);
            return false;
        } catch (FrameRejectedException rejected) {
            return true;
        } catch (RuntimeException | Error bug) {
            return fail(codec.name() + " on " + HexFormat.of().formatHex(bytes), bug);
        }
    }
}
