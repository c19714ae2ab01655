// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.meterway.fleet.profile.Profiles;

class MeterRegisterTest {
    private static final Profiles PROFILES = Profiles.load();
    private static final List<MeterDescription> METERS = new FleetPlan(PROFILES, 1).meters(20);

    @Test
    void aRegisterNeverFallsAndGrowsByTheIntervalsEnergies() {
        for (MeterDescription meter : METERS) {
            for (MeterRegister register : meter.registers()) {
                long seconds = meter.kind().interval().toSeconds();
                long from = Instant.parse("2026-10-01T00:00:00Z").getEpochSecond() / seconds;
                long offset = register.firstInterval() - MeterRegister.COMMISSIONED.getEpochSecond() / seconds;
                // Longer than any profile, so that it is seen repeating.
                long to = from + register.profile().size() + 100;
                long sum = LongStream.range(from, to)
                        .map(grid -> {
                            long step = register.milliWattHoursAt(grid + 1) - register.milliWattHoursAt(grid);
                            assertEquals(register.profile().energyMilliWattHours(grid + offset), step);
                            assertTrue(step >= 0);
                            return step;
                        })
                        .sum();
                assertEquals(register.milliWattHoursAt(to) - register.milliWattHoursAt(from), sum);
            }
        }
    }

    @Test
    void aRegisterStandsAtZeroWhenCommissioned() {
        for (MeterDescription meter : METERS) {
            for (MeterRegister register : meter.registers()) {
                assertEquals(0, register.valueAt(MeterRegister.COMMISSIONED).signum());
            }
        }
    }

    @Test
    void valuesAreInTheUnitOfTheObject() {
        MeterRegister wattHours = new MeterRegister(5805, 5800, 0, PROFILES.london(), 0);
        MeterRegister kilowattHours = new MeterRegister(14, 6, 3, PROFILES.london(), 0);
        long firstDay = MeterRegister.COMMISSIONED.getEpochSecond() / 1800 + 48;

        assertEquals(new BigDecimal(11_225_000).movePointLeft(3), wattHours.valueAt(firstDay));
        assertEquals(new BigDecimal(11_225_000).movePointLeft(6), kilowattHours.valueAt(firstDay));
    }

    @Test
    void betweenIntervalsTheRegisterMovesOn() {
        MeterRegister register = new MeterRegister(5805, 5800, 0, PROFILES.opsdImport(), 0);
        Instant start = MeterRegister.COMMISSIONED;

        assertEquals(0, new BigDecimal("618").compareTo(register.valueAt(start.plusSeconds(3600))));
        assertEquals(0, new BigDecimal("309").compareTo(register.valueAt(start.plusSeconds(1800))));
    }

    @Test
    void thePowerInTheMiddleOfAnIntervalIsItsMeanPower() {
        MeterRegister register = new MeterRegister(5805, 5800, 0, PROFILES.london(), 0);
        Instant start = MeterRegister.COMMISSIONED;
        long first = PROFILES.london().energyMilliWattHours(0);
        long second = PROFILES.london().energyMilliWattHours(1);

        assertEquals(BigDecimal.valueOf(2 * first, 3), register.powerAt(start.plusSeconds(900)));
        assertEquals(BigDecimal.valueOf(first + second, 3), register.powerAt(start.plusSeconds(1800)));
    }
}
