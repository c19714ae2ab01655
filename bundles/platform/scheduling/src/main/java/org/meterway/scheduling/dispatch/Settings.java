// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

/**
 * How the dispatcher behaves.
 *
 * @param inFlight how many orders are under way at most
 * @param zoneLeast how many a zone always may have under way, unless its link is down
 * @param zoneFirst how many it begins with
 * @param zoneMost how many at most
 * @param breakerAfter so many unanswered attempts in a row block a meter
 * @param breakerMillis how long the first time; doubles each time
 * @param breakerMostMillis how long at most
 * @param recheckMillis how long before a meter that is not there is looked for again; doubles each time
 * @param downAfter so many unanswered attempts in a row mean that a zone's link is down
 */
public record Settings(
        int inFlight,
        int zoneLeast,
        int zoneFirst,
        int zoneMost,
        int breakerAfter,
        int breakerMillis,
        int breakerMostMillis,
        int recheckMillis,
        int downAfter) {
    public static final Settings DEFAULT = new Settings(10_000, 2, 8, 64, 3, 30_000, 900_000, 15_000, 8);

    public Settings {
        if (inFlight < 1 || zoneLeast < 1 || zoneFirst < zoneLeast || zoneMost < zoneFirst) {
            throw new IllegalArgumentException("in flight must be positive and a zone's least ≤ first ≤ most, were "
                    + inFlight + ", " + zoneLeast + ", " + zoneFirst + ", " + zoneMost);
        }
        if (breakerAfter < 1
                || breakerMillis < 1000
                || breakerMostMillis < breakerMillis
                || recheckMillis < 100
                || downAfter < 2) {
            throw new IllegalArgumentException("breaker, recheck and down settings must be positive");
        }
    }
}
