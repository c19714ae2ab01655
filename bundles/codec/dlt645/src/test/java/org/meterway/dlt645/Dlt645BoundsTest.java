// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

/** The most laborious inputs: work grows with their length, not with its square. The limit only tells these two apart. */
class Dlt645BoundsTest {
    private static final Duration NOT_THE_SQUARE = Duration.ofSeconds(5);

    private static Bench.Result decode(byte[] bytes, RegisterNames names) throws FrameRejectedException {
        return Bench.decode(bytes, ZoneOffset.UTC, names);
    }

    @Test
    void beginningsOfManyMeters() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; frames.size() + 20 <= Dlt645Codec.LONGEST; i++) {
            byte[] address = {(byte) i, (byte) (i >> 8), 0, 0, 0, 0};
            frames.writeBytes(LinkFrame.encode(address, 0xB1, Bench.bytes("0000010001000000")));
        }
        Bench.Result result =
                assertTimeout(NOT_THE_SQUARE, () -> decode(frames.toByteArray(), name -> Optional.empty()));
        assertEquals(1, result.decoded().readings().size());
    }

    @Test
    void aLoadRecordOfNothingButEnds() {
        byte[] pattern = new byte[195];
        Arrays.fill(pattern, (byte) 0xE5);
        byte[] frames = followed("01000006", "A0A000", pattern);
        assertTimeout(NOT_THE_SQUARE, () -> {
            try {
                decode(frames, name -> Optional.empty());
            } catch (FrameRejectedException rejected) {
                assertTrue(rejected.offset() > 0);
            }
        });
    }

    @Test
    void aCurveOfTheShortestValues() {
        Register register = new Register(
                "", "", Quantity.of("1-0:32.7.0", Unit.VOLT), BigDecimal.ONE, Duration.ofMinutes(1), false);
        byte[] frames = followed("01011006", "0000010126", new byte[194]);
        Bench.Result result = assertTimeout(NOT_THE_SQUARE, () -> decode(frames, name -> Optional.of(register)));
        assertEquals(310 * 97, result.decoded().readings().size());
    }

    /** Data in as many frames as may be. */
    private static byte[] followed(String identifier, String head, byte[] pattern) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[] di = Bench.bytes(identifier);
        byte[] address = Bench.bytes("129078563412");
        frames.writeBytes(LinkFrame.encode(address, 0xB1, Access.concat(di, Bench.bytes(head))));
        int sequence = 1;
        while (frames.size() + 2 * 212 <= Dlt645Codec.LONGEST) {
            frames.writeBytes(
                    LinkFrame.encode(address, 0xB2, Access.concat(di, pattern, new byte[] {(byte) sequence++})));
        }
        frames.writeBytes(LinkFrame.encode(address, 0x92, Access.concat(di, pattern, new byte[] {(byte) sequence})));
        return frames.toByteArray();
    }

    @Test
    void moreThanTheLongestIsNotRead() {
        FrameRejectedException rejected = assertThrows(
                FrameRejectedException.class,
                () -> decode(new byte[Dlt645Codec.LONGEST + 1], name -> Optional.empty()));
        assertEquals(-1, rejected.offset());
    }
}
