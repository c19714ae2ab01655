// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.FrameRejectedException;

/** What is wrong is rejected, with field and byte. */
class Dlt645BadInputTest {
    private static FrameRejectedException rejected(String hex) {
        return assertThrows(FrameRejectedException.class, () -> Bench.decode(hex), hex);
    }

    private static void assertRejected(String hex, String field, int offset) {
        FrameRejectedException rejected = rejected(hex);
        assertEquals(field + " " + offset, rejected.field() + " " + rejected.offset(), rejected.getMessage());
    }

    @Test
    void everyTruncationIsRejectedAtItsEnd() {
        byte[] whole = Bench.bytes("FEFE" + Bench.answer("00010000", "01000000"));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertEquals(length, rejected(Bench.hex(cut)).offset(), "cut at " + length);
        }
    }

    @Test
    void everyWrongBitIsRejected() {
        byte[] whole = Bench.bytes(Bench.answer("00010000", "01000000"));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] wrong = whole.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            rejected(Bench.hex(wrong));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // digits A-F; the offset is that of the byte
        "00010000, 0A000000, forward active energy, 14",
        "00010000, 000000C0, forward active energy, 17",
        "0201FF00, 0022 FFFF 00A2, voltage 3, 19",
        "02030000, 0000FA, active power, 16",
        "01010000, 341200 3015311116, 'forward active maximum demand, occurred', 19",
        "01010000, 341200 6015111116, 'forward active maximum demand, occurred', 17",
        "01010000, 341200 3024111116, 'forward active maximum demand, occurred', 18",
        "04000101, 06301302, date and weekday, 16",
        "04000101, 00300226, date and weekday, 15",
        "04000102, 006000, time, 15",
        "00010000, 0000, forward active energy, 16",
        "06000001, A0A00500000101260000, load record checksum, 22",
        "06000001, A1A0, load record start, 14",
        "06000001, A0A020, load record, 17",
        "B611, 00F2, voltage, 13",
        "B611, 00, voltage, 13"
    })
    void badData(String identifier, String data, String field, int offset) {
        assertRejected(Bench.answer(identifier, data), field, offset);
    }

    @Test
    void framesWithoutWhatTheyMustHave() {
        assertRejected(Bench.frame(0x91, "0000"), "data identifier", 12);
        assertRejected(Bench.frame(0x11, "000001"), "data identifier", 13);
        assertRejected(Bench.frame(0xD1, ""), "error word", 10);
        assertRejected(Bench.frame(0x93, "1234"), "address", 12);
        assertRejected(Bench.frame(0x08, "0000241101"), "time", 15);
        assertRejected(Bench.frame(0x08, "000024110126"), "time", 12);
        assertRejected(Bench.frame(0x1C, "02000000 01000000 1A"), "control command", 19);
        assertRejected(Bench.frame(0x85, ""), "control code", 8);
        assertRejected(Bench.frame(0x00, ""), "control code", 8);
    }

    @Test
    void aFrameOutOfSequenceIsRejected() {
        String first = Bench.frame(0xB1, "00FF0100 03000000 0100");
        String third = Bench.frame(0x92, "00FF0100 0000 02");
        assertRejected(first + third, "sequence number", Bench.bytes(first).length + 16);
    }

    @Test
    void aWrongDigitInReassembledDataIsNamedWhereItCame() {
        String first = Bench.frame(0xB1, "00FF0100 03000000 0100");
        String second = Bench.frame(0x92, "00FF0100 0F00 01");
        assertRejected(first + second, "forward active energy 1", Bench.bytes(first).length + 14);
    }

    @Test
    void nothingButPreamblesMayStandBetweenFrames() {
        String frame = Bench.answer("00010000", "01000000");
        assertRejected(frame + "00" + frame, "start", Bench.bytes(frame).length);
        assertRejected("D8B04C" + frame, "start", 0);
    }
}
