// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import java.util.ArrayList;
import java.util.List;

/**
 * Quality flags of a reading, combined bit by bit. The measured value is never overwritten: an estimate or an edit stands
 * beside it.
 */
public final class Quality {
    /** Read from the meter. */
    public static final int MEASURED = 1;
    /** Computed by a rule because no measured value was there. */
    public static final int ESTIMATED = 1 << 1;
    /** Entered or changed by a person. */
    public static final int EDITED = 1 << 2;
    /** Implausible: kept, but not to be billed without a look. */
    public static final int SUSPECT = 1 << 3;
    /** Arrived after its deadline. */
    public static final int LATE = 1 << 4;
    /** The meter reports a loss of supply in the interval. */
    public static final int POWER_FAIL = 1 << 5;
    /** The meter's clock was far off when it took the value. */
    public static final int CLOCK_INVALID = 1 << 6;
    /** The meter sent more digits than the quantity's scale holds, or a binary floating-point number. */
    public static final int ROUNDED = 1 << 7;

    private static final String[] NAMES = {
        "measured", "estimated", "edited", "suspect", "late", "power-fail", "clock-invalid", "rounded"
    };

    private Quality() {}

    /** The names of the flags set, lowest bit first, for example {@code [measured, late]}. */
    public static List<String> names(int flags) {
        List<String> names = new ArrayList<>(2);
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((flags & 1 << bit) != 0) {
                names.add(NAMES[bit]);
            }
        }
        return List.copyOf(names);
    }
}
