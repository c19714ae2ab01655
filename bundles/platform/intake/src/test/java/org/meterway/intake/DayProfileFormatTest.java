// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.meterway.api.reading.Quality;

class DayProfileFormatTest {
    private static final int HALF_HOUR = 1_800;
    private static final int DAY = DayProfile.DAY_MILLIS;

    @Test
    void aDayOfAHalfHourRegisterTakesLessThanTwoBytesAReading() {
        Random random = new Random(7);
        DayProfile day = new DayProfile(48);
        long wattHours = 12_345_678;
        for (int slot = 0; slot < 48; slot++) {
            wattHours += slot < 14 ? 20 + random.nextInt(60) : 50 + random.nextInt(slot < 34 ? 200 : 1_500);
            day.add(slot * HALF_HOUR * 1000, wattHours * 1_000_000, Quality.MEASURED, 987_654);
        }
        byte[] packed = DayProfileFormat.pack(day, HALF_HOUR);
        assertTrue(packed.length <= 48 * 2, "took " + packed.length + " bytes");
        assertSame(day, DayProfileFormat.unpack(packed));
    }

    @Test
    void aDayOfHalfHourConsumptionTakesLessThanTwoBytesAReading() {
        Random random = new Random(7);
        DayProfile day = new DayProfile(48);
        for (int slot = 0; slot < 48; slot++) {
            long wattHours = slot < 14 ? 20 + random.nextInt(60) : 100 + random.nextInt(1_000);
            day.add(slot * HALF_HOUR * 1000, wattHours * 1_000_000, Quality.MEASURED, 987_654);
        }
        byte[] packed = DayProfileFormat.pack(day, HALF_HOUR);
        assertTrue(packed.length <= 48 * 2, "took " + packed.length + " bytes");
    }

    @Test
    void thePackedFormStaysTheSame() {
        // What is on disks must stay readable: these bytes may only change with the version in the first one.
        DayProfile grid = new DayProfile(3);
        grid.add(0, 5_000_000, Quality.MEASURED, 7);
        grid.add(HALF_HOUR * 1000, 4_000_000, Quality.MEASURED, 7);
        grid.add(9 * HALF_HOUR * 1000, 6_000_000, Quality.MEASURED | Quality.LATE, 300);
        assertEquals(
                "11" + "880e" + "020302" + "06" + "0a" + "01" + "04" + "0102" + "1101" + "1d02" + "9409",
                body(DayProfileFormat.pack(grid, HALF_HOUR)));
        DayProfile irregular = new DayProfile(2);
        irregular.add(1_000, -3, 0, 1);
        irregular.add(61_000, 1L << 40, 0, 2);
        assertEquals(
                "1200" + "0203" + "013c" + "80" + "05" + "8380808080" + "20" + "0002" + "0404",
                body(DayProfileFormat.pack(irregular, 0)));
    }

    private static String body(byte[] packed) {
        return HexFormat.of().formatHex(packed, 0, packed.length - 2);
    }

    @Test
    void whatIsPackedComesBack() {
        for (int seed = 1; seed <= 500; seed++) {
            whatIsPackedComesBack(new Random(seed));
        }
    }

    private static void whatIsPackedComesBack(Random random) {
        int interval = new int[] {0, 1, 7, 60, 300, 900, 1_800, 3_600, 86_400}[random.nextInt(9)];
        DayProfile day = randomDay(random, interval);
        byte[] packed = DayProfileFormat.pack(day, interval);
        assertSame(day, DayProfileFormat.unpack(packed));
        int from = random.nextInt(DAY);
        int to = from + random.nextInt(DAY - from) + 1;
        assertEquals(day.present(interval * 1000, from, to), DayProfileFormat.present(packed, from, to));
        assertEquals(day.present(interval * 1000, 0, DAY), DayProfileFormat.present(packed, 0, DAY));
    }

    @Test
    void anyBitThatChangesIsNoticed() {
        for (int seed = 1; seed <= 100; seed++) {
            anyBitThatChangesIsNoticed(new Random(seed));
        }
    }

    private static void anyBitThatChangesIsNoticed(Random random) {
        int interval = random.nextBoolean() ? 0 : HALF_HOUR;
        byte[] packed = DayProfileFormat.pack(randomDay(random, interval), interval);
        int bit = random.nextInt(packed.length * 8);
        packed[bit >> 3] ^= (byte) (1 << (bit & 7));
        assertThrows(CorruptProfileException.class, () -> DayProfileFormat.unpack(packed));
        assertThrows(CorruptProfileException.class, () -> DayProfileFormat.present(packed, 0, DAY));
    }

    @Test
    void bytesWithAFittingCheckButWithoutSenseGiveNothingButACorruptProfile() {
        for (int seed = 1; seed <= 300; seed++) {
            bytesWithAFittingCheckButWithoutSenseGiveNothingButACorruptProfile(new Random(seed));
        }
    }

    private static void bytesWithAFittingCheckButWithoutSenseGiveNothingButACorruptProfile(Random random) {
        PackedBytes out = PackedBytes.writer(64);
        out.put(random.nextBoolean() ? 0x11 : random.nextBoolean() ? 0x12 : random.nextInt(256));
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        out.put(noise);
        byte[] packed = out.finish();
        try {
            DayProfile day = DayProfileFormat.unpack(packed);
            assertTrue(day.size() >= 0);
        } catch (CorruptProfileException expected) {
            assertTrue(expected.getMessage().startsWith("a day profile is unreadable: "));
        }
        try {
            assertTrue(DayProfileFormat.present(packed, 0, DAY) >= 0);
        } catch (CorruptProfileException expected) {
            assertTrue(expected.getMessage().startsWith("a day profile is unreadable: "));
        }
    }

    @Test
    void bytesOfALaterVersionAreRefusedByName() {
        PackedBytes out = PackedBytes.writer(16);
        out.put(0x21);
        out.put(1);
        byte[] later = out.finish();
        String message = assertThrows(CorruptProfileException.class, () -> DayProfileFormat.unpack(later))
                .getMessage();
        assertTrue(message.contains("version and form 21 are not known"), message);
    }

    @Test
    void aFullDayNeedsNoMap() {
        DayProfile day = new DayProfile(48);
        for (int slot = 0; slot < 48; slot++) {
            day.add(slot * HALF_HOUR * 1000, 0, Quality.MEASURED, 1);
        }
        byte[] packed = DayProfileFormat.pack(day, HALF_HOUR);
        assertSame(day, DayProfileFormat.unpack(packed));
        assertEquals(48, DayProfileFormat.present(packed, 0, DAY));
        assertEquals(2, DayProfileFormat.present(packed, 1, HALF_HOUR * 2000 + 1));
        assertEquals(0, DayProfileFormat.present(packed, DAY - 1, DAY));
    }

    @Test
    void aDayThatLostAllItsReadingsIsNoBytes() {
        byte[] packed = DayProfileFormat.pack(new DayProfile(1), 1_800);
        assertEquals(0, packed.length);
        assertEquals(0, DayProfileFormat.unpack(packed).size());
        assertEquals(0, DayProfileFormat.present(packed, 0, 86_400_000));
    }

    @Test
    void theEndsOfTheNumberRangeComeBack() {
        DayProfile day = new DayProfile(4);
        day.add(0, Long.MIN_VALUE, -1, 0);
        day.add(1, Long.MAX_VALUE, Integer.MIN_VALUE, (1L << 60) - 1);
        day.add(DAY - 1, 0, 255, 1);
        assertSame(day, DayProfileFormat.unpack(DayProfileFormat.pack(day, 0)));
        DayProfile zeros = new DayProfile(4);
        zeros.add(0, 0, 0, 1);
        assertSame(zeros, DayProfileFormat.unpack(DayProfileFormat.pack(zeros, 1)));
    }

    @Test
    void aReadingOffTheGridCountsForTheIntervalItLiesIn() {
        DayProfile day = new DayProfile(4);
        day.add(0, 1, 1, 1);
        day.add(5_000, 1, 1, 1);
        day.add(HALF_HOUR * 1000 + 5_000, 1, 1, 1);
        byte[] packed = DayProfileFormat.pack(day, HALF_HOUR);
        assertEquals(2, DayProfileFormat.present(packed, 0, DAY));
        assertEquals(1, DayProfileFormat.present(packed, HALF_HOUR * 1000, DAY));
    }

    @Test
    void addingInAnyOrderKeepsTheFirstOfEachStart() {
        for (int seed = 1; seed <= 100; seed++) {
            addingInAnyOrderKeepsTheFirstOfEachStart(new Random(seed));
        }
    }

    private static void addingInAnyOrderKeepsTheFirstOfEachStart(Random random) {
        DayProfile day = new DayProfile(0);
        TreeMap<Integer, Long> expected = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            int at = random.nextInt(100) * 1000;
            long value = random.nextInt(3);
            Long there = expected.putIfAbsent(at, value);
            DayProfile.Added added = day.add(at, value, 0, step);
            assertEquals(
                    there == null
                            ? DayProfile.Added.NEW
                            : there == value ? DayProfile.Added.DUPLICATE : DayProfile.Added.CONFLICT,
                    added);
        }
        assertEquals(expected.size(), day.size());
        int index = 0;
        for (var entry : expected.entrySet()) {
            assertEquals(entry.getKey(), day.at(index));
            assertEquals(entry.getValue(), day.count(index++));
        }
    }

    private static DayProfile randomDay(Random random, int interval) {
        int grid =
                interval == 0 || random.nextInt(5) == 0 ? new int[] {1, 10, 1000}[random.nextInt(3)] : interval * 1000;
        int slots = (DAY - 1) / grid + 1;
        int size = 1 + random.nextInt(Math.min(slots, 300));
        BitSet starts = new BitSet();
        boolean dense = random.nextBoolean();
        for (int count = 0; count < size; count++) {
            starts.set(dense ? count : random.nextInt(slots));
        }
        long factor = LongStream.of(1, 10, 1_000_000, 1_000_000_000L).toArray()[random.nextInt(4)];
        int bits = 1 + random.nextInt(34);
        DayProfile day = new DayProfile(0);
        long message = random.nextInt(1_000_000);
        for (int slot = starts.nextSetBit(0); slot >= 0; slot = starts.nextSetBit(slot + 1)) {
            if (random.nextInt(4) == 0) {
                message = Math.max(0, message + random.nextInt(2_000) - 500);
            }
            long value = (random.nextLong() >> (64 - bits)) * factor;
            day.add(slot * grid, value, random.nextInt(10) == 0 ? random.nextInt(256) : Quality.MEASURED, message);
        }
        return day;
    }

    private static void assertSame(DayProfile expected, DayProfile actual) {
        assertEquals(expected.size(), actual.size());
        for (int index = 0; index < expected.size(); index++) {
            assertEquals(expected.at(index), actual.at(index));
            assertEquals(expected.count(index), actual.count(index));
            assertEquals(expected.quality(index), actual.quality(index));
            assertEquals(expected.message(index), actual.message(index));
        }
    }
}
