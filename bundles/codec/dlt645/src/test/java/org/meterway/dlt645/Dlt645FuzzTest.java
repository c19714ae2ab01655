// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;

/** Whatever arrives is decoded or rejected, and what comes out is bounded by what went in. */
class Dlt645FuzzTest {
    private static final Dlt645Codec CODEC = new Dlt645Codec();

    @FuzzTest(maxDuration = "12m")
    void anyBytesAreDecodedOrRejected(byte[] bytes) {
        check(bytes);
        // With the checksums made right the layers above see more than the link layer's refusals.
        byte[] repaired = repaired(bytes);
        check(repaired);
        LinkFrame.find(bytes);
    }

    private static void check(byte[] bytes) {
        List<Field> fields = new ArrayList<>();
        Decoded decoded;
        try {
            decoded = CODEC.decode(
                    new Frame("m1", "fuzz", ContentTypes.DLT645, "", Bench.NOW, bytes.clone()), context(fields));
        } catch (FrameRejectedException rejected) {
            assertTrue(rejected.offset() <= bytes.length, rejected.getMessage());
            return;
        }
        assertTrue(
                decoded.readings().size() <= bytes.length,
                "readings " + decoded.readings().size());
        assertTrue(fields.size() <= 2 * bytes.length, "fields " + fields.size());
        int at = 0;
        for (Field field : fields) {
            if (field.part().isEmpty()) {
                assertTrue(field.offset() == at, field + " after " + at);
                at += field.length();
            }
        }
        assertTrue(at == bytes.length, at + " of " + bytes.length + " bytes explained");
    }

    private static DecodeContext context(List<Field> fields) {
        return new DecodeContext() {
            @Override
            public Optional<Register> resolve(String name) {
                return Optional.empty();
            }

            @Override
            public ZoneId timeZone() {
                return ZoneId.of("Asia/Shanghai");
            }

            @Override
            public boolean traced() {
                return true;
            }

            @Override
            public void field(Field field) {
                fields.add(field);
            }
        };
    }

    /** The same with start, checksum and end of every frame put right, one after the other. */
    private static byte[] repaired(byte[] bytes) {
        byte[] repaired = bytes.clone();
        int at = 0;
        while (at + 12 <= repaired.length) {
            int length = Math.min(repaired[at + 9] & 0xFF, Math.min(200, repaired.length - at - 12));
            repaired[at] = 0x68;
            repaired[at + 7] = 0x68;
            repaired[at + 9] = (byte) length;
            int sum = 0;
            for (int i = at; i < at + 10 + length; i++) {
                sum += repaired[i];
            }
            repaired[at + 10 + length] = (byte) sum;
            repaired[at + 11 + length] = 0x16;
            at += 12 + length;
        }
        return at == 0 ? repaired : java.util.Arrays.copyOf(repaired, at);
    }
}
