// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

/** What stands at the variable places of a data identifier: tariff, settlement day, phase … */
final class Variables {
    /** t tariff, s settlement days ago, p phase, q total or phase, h harmonic, n number. */
    private static final String NAMES = "tspqhn";

    private static final int[] LOWEST = {0, 0, 1, 0, 1, 1};
    private static final int[] HIGHEST = {63, 12, 3, 3, 63, 254};
    private final int[] values = new int[NAMES.length()];

    static int index(char name) {
        int index = NAMES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no variable: '" + name + "'");
        }
        return index;
    }

    /** The first value of a variable in a block. */
    static int lowest(int index) {
        return LOWEST[index];
    }

    /** The last one. */
    static int highest(int index) {
        return HIGHEST[index];
    }

    int get(int index) {
        return values[index];
    }

    Variables set(int index, int value) {
        values[index] = value;
        return this;
    }
}
