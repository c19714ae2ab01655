// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** The meters of a plan, by zone and then by index. Immutable. */
public final class Members {
    private final int[] meters;
    private final int[] zones;
    private final int[] ends;

    private Members(int[] meters, int[] zones, int[] ends) {
        this.meters = meters;
        this.zones = zones;
        this.ends = ends;
    }

    /** Those of a fleet that satisfy a condition. O(meters + zones). */
    public static Members of(Fleet fleet, IntPredicate selected) {
        int[] perZone = new int[fleet.zones()];
        int total = 0;
        int size = fleet.size();
        long[] chosen = new long[(size + 63) >>> 6];
        for (int meter = 0; meter < size; meter++) {
            if (selected.test(meter)) {
                chosen[meter >>> 6] |= 1L << meter;
                perZone[fleet.zone(meter)]++;
                total++;
            }
        }
        int used = 0;
        for (int count : perZone) {
            used += count > 0 ? 1 : 0;
        }
        int[] zones = new int[used];
        int[] ends = new int[used];
        int[] next = new int[perZone.length];
        int at = 0;
        int index = 0;
        for (int zone = 0; zone < perZone.length; zone++) {
            if (perZone[zone] > 0) {
                zones[index] = zone;
                next[zone] = at;
                at += perZone[zone];
                ends[index++] = at;
            }
        }
        int[] meters = new int[total];
        for (int meter = 0; meter < size; meter++) {
            if ((chosen[meter >>> 6] & 1L << meter) != 0) {
                meters[next[fleet.zone(meter)]++] = meter;
            }
        }
        return new Members(meters, zones, ends);
    }

    /** One meter. */
    public static Members one(Fleet fleet, int meter) {
        return new Members(new int[] {meter}, new int[] {fleet.zone(meter)}, new int[] {1});
    }

    public int size() {
        return meters.length;
    }

    /** Index of the meter at a position. */
    public int meter(int position) {
        return meters[position];
    }

    /** How many zones there are. */
    int zones() {
        return zones.length;
    }

    int zone(int index) {
        return zones[index];
    }

    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    int end(int index) {
        return ends[index];
    }

    /** The position of a meter, or −1. O(zones used × log meters). */
    public int positionOf(int meter) {
        for (int zone = 0; zone < zones.length; zone++) {
            int found = Arrays.binarySearch(meters, start(zone), end(zone), meter);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }
}
