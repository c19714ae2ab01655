// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.Invocation;

/**
 * A durable message whose readings are not in day profiles yet.
 *
 * @param sequence its number
 * @param meter who sent it
 * @param blocks its readings by series and day
 * @param readings how many readings it brought
 * @param invocation the invocation counter it carried
 * @param late whether it was decoded after it had been parked
 * @param undecoded if no codec decoded it: the meter's last invocation counters when it came
 */
record Pending(
        long sequence,
        String meter,
        List<DayBlock> blocks,
        int readings,
        Optional<Invocation> invocation,
        boolean late,
        Optional<Map<String, Long>> undecoded) {}
