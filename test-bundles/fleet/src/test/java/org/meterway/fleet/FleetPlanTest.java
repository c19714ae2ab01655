// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.fleet.profile.Profiles;

class FleetPlanTest {
    private static final Profiles PROFILES = Profiles.load();

    @Test
    void theSameSeedGivesTheSameFleet() {
        assertEquals(new FleetPlan(PROFILES, 7).meters(60), new FleetPlan(PROFILES, 7).meters(60));
        assertNotEquals(new FleetPlan(PROFILES, 7).meters(60), new FleetPlan(PROFILES, 8).meters(60));
    }

    @Test
    void aMeterIsTheSameInALargerFleet() {
        FleetPlan plan = new FleetPlan(PROFILES, 3);

        assertEquals(plan.meters(20), plan.meters(500).subList(0, 20));
    }

    @Test
    void aFleetHasAllKindsAndDifferentMeters() {
        List<MeterDescription> meters = new FleetPlan(PROFILES, 1).meters(100);

        assertEquals(
                EnumSet.allOf(MeterKind.class),
                meters.stream().map(MeterDescription::kind).collect(Collectors.toSet()));
        assertEquals(
                100,
                new HashSet<>(meters.stream().map(MeterDescription::endpoint).toList()).size());
        assertEquals(
                100, new HashSet<>(meters.stream().map(MeterDescription::serial).toList()).size());
        assertTrue(meters.stream().map(MeterDescription::zone).distinct().count() > 4);
        assertTrue(meters.stream()
                        .map(meter -> meter.registers().get(0).firstInterval())
                        .distinct()
                        .count()
                > 40);
    }

    @Test
    void theInventoryEntrySaysWhatTheMeterSays() {
        MeterDescription meter = new FleetPlan(PROFILES, 1).meters(4).get(3);

        Meter entry = InventoryEntries.entry(meter);

        assertEquals("meter-00004", entry.id());
        assertEquals("meter-00004", entry.endpoint());
        assertEquals("residential-60min", entry.model());
        assertEquals(meter.serial(), entry.serial());
        assertEquals(MeterState.ACTIVE, entry.state());
        assertEquals(51.55, entry.place().orElseThrow().latitude(), 0.05);
    }
}
