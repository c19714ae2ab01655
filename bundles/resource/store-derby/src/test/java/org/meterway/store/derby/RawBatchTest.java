// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.contract.Samples;

class RawBatchTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void everyByteOfCborComesBackHoweverOddlyItIsWritten() {
        List<byte[]> odd = new ArrayList<>();
        for (String hex : List.of(
                "", // nothing
                "8200", // a list that ends early
                "1800",
                "190000",
                "1a00000000",
                "1b0000000000000000", // zero, too wide
                "1bffffffffffffffff",
                "3bffffffffffffffff", // the largest numbers of either sign
                "c48221196ab3",
                "c48238ff1bffffffffffffffff",
                "c4820bc249010000000000000000",
                "c482fa0000000001",
                "9f01ff",
                "bf0102ff",
                "5f420102ff",
                "7f6161ff",
                "9fff", // of no given length
                "f4f5f6f7f820f97e00fa47c35000fb7ff0000000000000", // simple values and floating point
                "a30102020304c4822105",
                "a1616118ff",
                "a11b000000000000000200", // keys of all kinds
                "ff",
                "1c",
                "fc",
                "dfff",
                "1f",
                "c5",
                "5b7fffffffffffffff",
                "9b7fffffffffffffff",
                "bbffffffffffffffff",
                "81".repeat(40) + "00", // deeper than is looked
                "0102ff", // CBOR, then none
                "a400623a2f2122010602181e")) {
            odd.add(HEX.parseHex(hex));
        }
        assertComesBack(odd);
    }

    @Test
    void randomBytesAndRandomlyDamagedPacksComeBack() {
        Random random = new Random(42);
        for (int round = 0; round < 30; round++) {
            List<byte[]> raw = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = i % 2 == 0 ? pack(random, 1 + random.nextInt(60)) : new byte[random.nextInt(300)];
                if (i % 2 == 1) {
                    random.nextBytes(bytes);
                }
                for (int damage = random.nextInt(4); damage > 0 && bytes.length > 0; damage--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                raw.add(bytes);
            }
            assertComesBack(raw);
        }
    }

    @Test
    void aDayOfHalfHoursInSenmlTakesAFifthOfItsBytes() {
        Random random = new Random(7);
        List<StoredMessage> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < 512; i++) {
            byte[] pack = pack(random, 48);
            bytes += pack.length;
            batch.add(stored(i, pack));
        }
        int packed = RawBatch.pack(batch).length;
        assertTrue(packed * 5L < bytes, () -> packed + " bytes are left");
    }

    @Test
    void aDamagedBatchIsToldNotGuessed() {
        List<StoredMessage> batch = List.of(stored(0, new byte[500]), stored(1, pack(new Random(1), 48)));
        byte[] body = RawBatch.pack(batch);
        for (int cut = 0; cut < body.length; cut += 7) {
            byte[] shorter = Arrays.copyOf(body, cut);
            try {
                RawBatch.unpack(shorter, 1);
            } catch (StoreException told) {
                continue;
            }
            throw new AssertionError("a batch cut to " + cut + " bytes was taken for whole");
        }
    }

    private static void assertComesBack(List<byte[]> raw) {
        List<StoredMessage> batch = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            batch.add(stored(i, raw.get(i)));
        }
        byte[] body = RawBatch.pack(batch);
        for (int i = 0; i < raw.size(); i++) {
            Message found = RawBatch.unpack(body, 1).get(i).message();
            assertArrayEquals(raw.get(i), found.frame().bytes(), HEX.formatHex(raw.get(i)));
            Samples.assertSameRaw(batch.get(i).message(), found);
        }
    }

    private static StoredMessage stored(int number, byte[] bytes) {
        Frame frame = new Frame(
                "meter-" + number,
                "lwm2m",
                "application/senml+cbor",
                "",
                Instant.ofEpochSecond(1_700_000_000L + number, number * 1_001L),
                bytes);
        return new StoredMessage(number + 1L, new Message(frame, "senml-cbor", "1", List.of()));
    }

    /** A SenML pack in CBOR (RFC 8428, 6) of a growing register, its values as decimal fractions. */
    private static byte[] pack(Random random, int readings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = random.nextInt(90_000_000);
        out.writeBytes(HEX.parseHex("98" + HEX.toHexDigits((byte) readings)));
        for (int i = 0; i < readings; i++) {
            count += random.nextInt(3_000);
            out.writeBytes(HEX.parseHex((i == 0 ? "a4216d2f31303234312f302f35373030221a65f0a1b0" : "a2") + "061a"
                    + HEX.toHexDigits(i * 1_800) + "02c482221a" + HEX.toHexDigits(count)));
        }
        return out.toByteArray();
    }
}
