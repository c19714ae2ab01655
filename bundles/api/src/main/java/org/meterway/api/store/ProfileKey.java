// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import org.meterway.api.reading.Series;

/**
 * One UTC day of one series.
 *
 * @param series meter, quantity and interval
 * @param day days since 1970-01-01 UTC
 */
public record ProfileKey(Series series, long day) {}
