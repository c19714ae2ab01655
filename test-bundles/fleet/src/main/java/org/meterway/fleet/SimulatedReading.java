// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A value a meter has sent or will send.
 *
 * @param path LwM2M path of the register
 * @param time when the register was read, at the end of an interval
 * @param value in the unit of the path, exact
 */
public record SimulatedReading(String path, Instant time, BigDecimal value) {}
