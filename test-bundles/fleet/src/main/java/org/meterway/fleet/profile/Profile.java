// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.profile;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A measured load profile: the energies of consecutive intervals, from a Monday, over whole weeks, repeated for ever. Exact to the
 * milliwatt-hour. Immutable.
 */
public final class Profile {
    private final String name;
    private final Duration interval;
    private final long[] cumulated;

    /**
     * @param name of the household
     * @param interval length of an interval
     * @param energiesMilliWattHours energy of each interval in mWh, none negative, whole weeks
     */
    public Profile(String name, Duration interval, long[] energiesMilliWattHours) {
        this.name = requireNonNull(name, "name");
        this.interval = requireNonNull(interval, "interval");
        this.cumulated = new long[energiesMilliWattHours.length + 1];
        for (int i = 0; i < energiesMilliWattHours.length; i++) {
            if (energiesMilliWattHours[i] < 0) {
                throw new IllegalArgumentException(name + ": energy of interval " + i + " is negative");
            }
            cumulated[i + 1] = cumulated[i] + energiesMilliWattHours[i];
        }
        if (energiesMilliWattHours.length == 0 || energiesMilliWattHours.length % intervalsPerWeek() != 0) {
            throw new IllegalArgumentException(
                    name + ": must be whole weeks, was " + energiesMilliWattHours.length + " intervals");
        }
    }

    public String name() {
        return name;
    }

    public Duration interval() {
        return interval;
    }

    /** How many intervals there are before the profile repeats. */
    public int size() {
        return cumulated.length - 1;
    }

    public int weeks() {
        return size() / intervalsPerWeek();
    }

    public int intervalsPerWeek() {
        return (int) (7 * 86_400 / interval.toSeconds());
    }

    /** Energy of one interval in mWh; the index may be any number, the profile repeats. */
    public long energyMilliWattHours(long index) {
        int i = Math.floorMod(index, size());
        return cumulated[i + 1] - cumulated[i];
    }

    /** Energy of the intervals from the first index to before the second, in mWh; negative when they are the other way round. */
    public long sumMilliWattHours(long from, long to) {
        return upTo(to) - upTo(from);
    }

    private long upTo(long index) {
        long rounds = Math.floorDiv(index, (long) size());
        return Math.addExact(Math.multiplyExact(rounds, cumulated[size()]), cumulated[Math.floorMod(index, size())]);
    }

    @Override
    public String toString() {
        return name;
    }
}
