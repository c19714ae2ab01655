// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.voltage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.ProfileKey;

class BlocksTest {
    @Test
    void oneSeriesInOrderIsOneBlockADay() {
        List<DayBlock> blocks = Blocks.of("m1", List.of(energy(46, 1), energy(47, 2), energy(48, 3)));
        assertEquals(2, blocks.size());
        assertArrayEquals(
                new int[] {46 * 1_800_000, 47 * 1_800_000}, blocks.get(0).at());
        assertArrayEquals(new int[] {0}, blocks.get(1).at());
        assertEquals(blocks.get(0).day() + 1, blocks.get(1).day());
    }

    @Test
    void valuesOfOneStartStayInTheOrderOfTheFrame() {
        List<DayBlock> blocks = Blocks.of("m1", List.of(energy(3, 1), energy(1, 2), energy(3, 4), energy(1, 5)));
        assertArrayEquals(
                new long[] {2_000_000, 5_000_000, 1_000_000, 4_000_000},
                blocks.get(0).counts());
    }

    @Test
    void millisecondsAreKept() {
        List<DayBlock> blocks = Blocks.of("m1", List.of(voltage(MIDNIGHT.plusMillis(1_234), 230)));
        assertArrayEquals(new int[] {1_234}, blocks.get(0).at());
    }

    @Test
    void everyReadingIsInTheBlockOfItsSeriesAndDay() {
        for (int seed = 1; seed <= 50; seed++) {
            everyReadingIsInTheBlockOfItsSeriesAndDay(new Random(seed));
        }
    }

    private static void everyReadingIsInTheBlockOfItsSeriesAndDay(Random random) {
        int quantities = 1 + random.nextInt(40);
        List<Reading> readings = new ArrayList<>();
        Map<ProfileKey, Integer> expected = new HashMap<>();
        for (int count = 0; count < 400; count++) {
            int which = random.nextBoolean() ? count % quantities : random.nextInt(quantities);
            Quantity quantity = new Quantity(new Obis(1, 0, which, 8, 0, 255), Unit.WATT_HOUR, -6);
            Duration interval = Duration.ofMinutes(random.nextBoolean() ? 15 : 30);
            Reading reading =
                    new Reading(quantity, MIDNIGHT.plus(Duration.ofMinutes(random.nextInt(5_000))), interval, count, 1);
            readings.add(reading);
            long day = Math.floorDiv(reading.start().getEpochSecond(), 86_400L);
            expected.merge(new ProfileKey(new Series("m1", quantity, interval), day), 1, Integer::sum);
        }
        Map<ProfileKey, Integer> actual = new HashMap<>();
        for (DayBlock block : Blocks.of("m1", readings)) {
            assertEquals(null, actual.put(new ProfileKey(block.series(), block.day()), block.size()), "one block each");
            for (int index = 0; index < block.size(); index++) {
                Reading reading = readings.get((int) block.counts()[index]);
                assertEquals(block.series().quantity(), reading.quantity());
                assertEquals(reading.start().toEpochMilli(), block.day() * DayProfile.DAY_MILLIS + block.at()[index]);
            }
        }
        assertEquals(expected, actual);
    }
}
