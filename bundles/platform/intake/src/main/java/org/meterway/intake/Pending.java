// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.List;

/**
 * A durable message whose readings are not in day profiles yet.
 *
 * @param sequence its number
 * @param meter who sent it
 * @param blocks its readings by series and day
 * @param readings how many readings it brought
 */
record Pending(long sequence, String meter, List<DayBlock> blocks, int readings) {}
