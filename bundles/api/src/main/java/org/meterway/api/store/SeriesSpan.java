// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import org.meterway.api.reading.Series;

/**
 * A series with the days it has profiles for.
 *
 * @param series meter, quantity and interval
 * @param firstDay first day with a profile, in days since 1970-01-01 UTC
 * @param lastDay last day with a profile
 */
public record SeriesSpan(Series series, long firstDay, long lastDay) {}
