// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import org.meterway.fleet.profile.Profile;

/**
 * A cumulated energy register. What it shows at a moment depends on nothing but that moment, so a meter that starts again, even in
 * another process, goes on where it was.
 *
 * @param energyResource resource id of the cumulated energy
 * @param powerResource resource id of the active power
 * @param unitExponent the resources' unit is 10 to this power W or Wh
 * @param profile what it measures
 * @param firstInterval the interval of the profile that began at {@link #COMMISSIONED}, a whole number of weeks
 */
public record MeterRegister(
        int energyResource, int powerResource, int unitExponent, Profile profile, long firstInterval) {
    /** When every register stood at zero: a Monday, so that weekdays stay weekdays (the profiles start on Mondays too). */
    public static final Instant COMMISSIONED = Instant.parse("2020-01-06T00:00:00Z");

    private static final long MILLIS_PER_HOUR = 3_600_000;

    public MeterRegister {
        requireNonNull(profile, "profile");
    }

    /**
     * What the register shows at the end of an interval.
     *
     * @param grid number of the moment: seconds since 1970 divided by the interval
     * @return in the unit of the object, exact
     */
    public BigDecimal valueAt(long grid) {
        return inUnit(milliWattHoursAt(grid));
    }

    /** The same in mWh. */
    public long milliWattHoursAt(long grid) {
        return profile.sumMilliWattHours(firstInterval, index(grid));
    }

    /** What it shows between two intervals' ends: the interval's energy is taken as spread evenly. In the unit of the object. */
    public BigDecimal valueAt(Instant moment) {
        long millis = profile.interval().toMillis();
        long grid = Math.floorDiv(moment.toEpochMilli(), millis);
        long part = profile.energyMilliWattHours(index(grid)) * Math.floorMod(moment.toEpochMilli(), millis) / millis;
        return inUnit(milliWattHoursAt(grid) + part);
    }

    /**
     * The active power: the mean powers of the intervals, joined by straight lines between the intervals' middles, so that it moves
     * with the measured values and not in steps.
     *
     * @return in the unit of the object, to the milliwatt
     */
    public BigDecimal powerAt(Instant moment) {
        long millis = profile.interval().toMillis();
        long sinceMiddle = moment.toEpochMilli() - millis / 2;
        long grid = Math.floorDiv(sinceMiddle, millis);
        long part = Math.floorMod(sinceMiddle, millis);
        long before = meanMilliWatts(grid);
        long after = meanMilliWatts(grid + 1);
        return inUnit(before + (after - before) * part / millis);
    }

    private long meanMilliWatts(long grid) {
        return profile.energyMilliWattHours(index(grid))
                * MILLIS_PER_HOUR
                / profile.interval().toMillis();
    }

    private long index(long grid) {
        return grid - COMMISSIONED.getEpochSecond() / profile.interval().toSeconds() + firstInterval;
    }

    private BigDecimal inUnit(long milli) {
        return BigDecimal.valueOf(milli, 3 + unitExponent);
    }
}
