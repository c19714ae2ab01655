// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProfilesTest {
    private static final long KWH = 1_000_000;
    private static final Profiles PROFILES = Profiles.load();

    @Test
    void aDayOfTheLondonHouseholdIsExact() {
        Profile london = PROFILES.london();

        // Added up by hand from the published file: 2012-12-31 (the first day) and 2013-01-01.
        assertEquals(11_225_000, london.sumMilliWattHours(0, 48));
        assertEquals(11_651_000, london.sumMilliWattHours(48, 96));
        assertEquals(60, london.weeks());
        assertEquals(Duration.ofMinutes(30), london.interval());
    }

    @Test
    void theFirstDayOfHomesIsExact() {
        assertEquals(38_586_100, PROFILES.residential().get(0).sumMilliWattHours(0, 24));
        assertEquals(57_715_200, PROFILES.residential().get(16).sumMilliWattHours(0, 24));
        assertEquals(17, PROFILES.residential().size());
        assertEquals(52, PROFILES.residential().get(0).weeks());
    }

    @Test
    void theHouseholdWithGenerationIsTheDifferencesOfItsRegisters() {
        // 2016-04-25T00:00Z 2912.235 and 2521.500, 2016-04-26T00:00Z 2921.390 and 2546.820, 2016-10-17T00:00Z 3570.210
        // and 8875.299.
        assertEquals(9_155_000, PROFILES.opsdImport().sumMilliWattHours(0, 24));
        assertEquals(25_320_000, PROFILES.opsdExport().sumMilliWattHours(0, 24));
        assertEquals(657_975_000, PROFILES.opsdImport().sumMilliWattHours(0, 25 * 168));
        assertEquals(6_353_799_000L, PROFILES.opsdExport().sumMilliWattHours(0, 25 * 168));
        assertEquals(618_000, PROFILES.opsdImport().energyMilliWattHours(0));
    }

    @Test
    void aProfileRepeatsAfterItsWeeks() {
        Profile profile = PROFILES.opsdImport();
        int size = profile.size();

        assertEquals(profile.energyMilliWattHours(5), profile.energyMilliWattHours(5 + 3L * size));
        assertEquals(profile.energyMilliWattHours(5), profile.energyMilliWattHours(5 - 2L * size));
        assertEquals(3 * 657_975_000L, profile.sumMilliWattHours(-size, 2L * size));
        assertEquals(-profile.sumMilliWattHours(7, 900), profile.sumMilliWattHours(900, 7));
    }

    @Test
    void aValueFinerThanAMilliwattHourIsNotRounded() {
        assertEquals(77_000, Profiles.milliWattHours("0.077"));
        assertEquals(6321 * KWH + 393_000, Profiles.milliWattHours("6321.393"));
        assertThrows(ArithmeticException.class, () -> Profiles.milliWattHours("0.0000001"));
    }

    @Test
    void brokenProfilesAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Profile("part of a week", Duration.ofHours(1), new long[100]));
        long[] week = new long[168];
        week[9] = -1;
        assertThrows(IllegalArgumentException.class, () -> new Profile("negative", Duration.ofHours(1), week));
    }
}
