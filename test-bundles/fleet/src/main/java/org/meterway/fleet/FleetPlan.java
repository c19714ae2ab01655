// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.meterway.fleet.profile.Profile;
import org.meterway.fleet.profile.Profiles;

/** Which meters there are, decided by a seed: the same seed gives the same fleet, and meter n is the same in a larger fleet. */
public final class FleetPlan {
    private static final List<Zone> ZONES = List.of(
            new Zone("camden-town", 51.5390, -0.1426),
            new Zone("kentish-town", 51.5500, -0.1410),
            new Zone("hampstead", 51.5560, -0.1780),
            new Zone("highgate", 51.5710, -0.1480),
            new Zone("kings-cross", 51.5308, -0.1238),
            new Zone("primrose-hill", 51.5400, -0.1590));

    private final Profiles profiles;
    private final long seed;

    public FleetPlan(Profiles profiles, long seed) {
        this.profiles = profiles;
        this.seed = seed;
    }

    /** The first meters of the fleet. */
    public List<MeterDescription> meters(int count) {
        return IntStream.range(0, count).mapToObj(this::meter).toList();
    }

    private MeterDescription meter(int number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        MeterKind kind = kind(number);
        Zone zone = ZONES.get(random.nextInt(ZONES.size()));
        return new MeterDescription(
                "meter-%05d".formatted(number + 1),
                kind,
                "%s%02d%06d".formatted(kind.vendor().substring(0, 2).toUpperCase(), random.nextInt(18, 26), number + 1),
                zone.name,
                around(zone.latitude, 0.004, random),
                around(zone.longitude, 0.006, random),
                registers(kind, random));
    }

    /** Six in ten half-hourly, three hourly, one hourly with export. */
    private static MeterKind kind(int number) {
        return switch (number % 10) {
            case 3, 6, 8 -> MeterKind.RESIDENTIAL_60MIN;
            case 9 -> MeterKind.OPSD_60MIN;
            default -> MeterKind.LONDON_30MIN;
        };
    }

    private List<MeterRegister> registers(MeterKind kind, SplittableRandom random) {
        return switch (kind) {
            case LONDON_30MIN -> List.of(register(5805, 5800, kind, profiles.london(), random.nextInt()));
            case RESIDENTIAL_60MIN -> {
                List<Profile> homes = profiles.residential();
                yield List.of(register(14, 6, kind, homes.get(random.nextInt(homes.size())), random.nextInt()));
            }
            case OPSD_60MIN -> {
                int start = random.nextInt();
                yield List.of(
                        register(25, 16, kind, profiles.opsdImport(), start),
                        register(26, 17, kind, profiles.opsdExport(), start));
            }
        };
    }

    private static MeterRegister register(int energy, int power, MeterKind kind, Profile profile, int start) {
        long week = Math.floorMod(start, profile.weeks());
        return new MeterRegister(energy, power, kind.unitExponent(), profile, week * profile.intervalsPerWeek());
    }

    /** To five decimals, about a metre. */
    private static double around(double degrees, double spread, SplittableRandom random) {
        return Math.round((degrees + random.nextDouble(-spread, spread)) * 1e5) / 1e5;
    }

    private record Zone(String name, double latitude, double longitude) {}
}
