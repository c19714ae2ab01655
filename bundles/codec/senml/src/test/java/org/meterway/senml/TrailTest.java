// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;

/** What a trace says of a pack. */
class TrailTest {
    private static final class Traced implements DecodeContext {
        private final List<String> said = new ArrayList<>();

        @Override
        public Optional<Register> resolve(String name) {
            return SenMlTest.NAMES.resolve(name);
        }

        @Override
        public boolean traced() {
            return true;
        }

        @Override
        public void field(Field field) {
            said.add(field.offset() + "+" + field.length() + " " + field.meaning());
        }
    }

    private final Traced context = new Traced();

    private List<String> trace(Codec codec, byte[] bytes) throws FrameRejectedException {
        String type = codec.contentTypes().iterator().next();
        codec.decode(new Frame("m1", "test", type, "", SenMlTest.RECEIVED, bytes), context);
        return context.said;
    }

    @Test
    void everyFieldOfAJsonRecordIsFoundAtItsBytes() throws FrameRejectedException {
        String pack = "[{\"bn\":\"1-0:1.7.0\",\"bt\":1700000000,\"x\":[1],\"v\":12.5,\"u\":\"W\"}]";
        assertEquals(
                List.of(
                        "1+59 record 0: 1-0:1.7.0 = 12.5 W at 2023-11-14T22:13:20Z",
                        "2+16 base name: 1-0:1.7.0",
                        "19+15 base time: 1700000000",
                        "35+7 x: not understood, passed over",
                        "43+8 value: 12.5",
                        "52+7 unit: W"),
                trace(new SenMlJsonCodec(), pack.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void everyFieldOfACborRecordIsFoundAtItsBytes() throws FrameRejectedException {
        byte[] pack = HexFormat.of().parseHex("81a3" + "0069312d303a312e372e30" + "02190539" + "061a6553f100");
        assertEquals(
                List.of(
                        "1+22 record 0: 1-0:1.7.0 = 1337 at 2023-11-14T22:13:20Z",
                        "2+11 name: 1-0:1.7.0",
                        "13+4 value: 1337",
                        "17+6 time: 1700000000"),
                trace(new SenMlCborCodec(), pack));
    }

    @Test
    void whatStandsBeforeAMistakeIsToldNevertheless() {
        byte[] pack = "[{\"n\":\"1-0:1.7.0\",\"v\":1},{".getBytes(StandardCharsets.UTF_8);
        assertThrows(FrameRejectedException.class, () -> trace(new SenMlJsonCodec(), pack));
        assertEquals(3, context.said.size(), context.said::toString);
    }
}
