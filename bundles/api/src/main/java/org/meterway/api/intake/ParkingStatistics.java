// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

/**
 * Counters of parked frames.
 *
 * @param undecoded messages accepted that no codec has decoded yet, parked now
 * @param refused frames refused, parked now
 * @param decoded frames decoded after they had been parked, since the start
 * @param dropped frames not parked, or not any more, because there were too many, since the start
 */
public record ParkingStatistics(long undecoded, long refused, long decoded, long dropped) {}
