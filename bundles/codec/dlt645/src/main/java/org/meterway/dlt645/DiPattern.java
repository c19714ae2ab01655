// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A data identifier whose variable places stand for tariffs, phases and so on, for example {@code 0001ttss}. */
final class DiPattern {
    private final int fixed;
    private final int mask;
    private final List<Place> places;

    /**
     * A variable place.
     *
     * @param variable index in {@link Variables}
     * @param shift of its lowest bit
     * @param mask of its bits, shifted down
     */
    record Place(int variable, int shift, int mask) {
        int in(int di) {
            return di >>> shift & mask;
        }
    }

    DiPattern(String text) {
        int bits = 0;
        int care = 0;
        List<Place> found = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int shift = 4 * (text.length() - 1 - i);
            int digit = Character.digit(c, 16);
            if (digit >= 0) {
                bits |= digit << shift;
                care |= 0xF << shift;
            } else {
                boolean wide = i + 1 < text.length() && text.charAt(i + 1) == c;
                found.add(new Place(Variables.index(c), wide ? shift - 4 : shift, wide ? 0xFF : 0xF));
                i += wide ? 1 : 0;
            }
        }
        fixed = bits;
        mask = care;
        places = List.copyOf(found);
    }

    /**
     * What a data identifier says at the variable places.
     *
     * @param variables their values
     * @param block the place that stands for all its values, −1 if none does
     */
    record Match(Variables variables, int block) {}

    /** The match of an identifier, null if it is another. */
    @org.jspecify.annotations.Nullable
    Match match(int di) {
        if ((di & mask) != fixed) {
            return null;
        }
        Variables variables = new Variables();
        int block = -1;
        for (Place place : places) {
            int value = place.in(di);
            if (value == place.mask()) {
                if (block >= 0 || place.variable() == Variables.index('n')) {
                    return null;
                }
                block = place.variable();
                value = Variables.lowest(block);
            } else if (value < Variables.lowest(place.variable()) || value > Variables.highest(place.variable())) {
                return null;
            }
            variables.set(place.variable(), value);
        }
        return new Match(variables, block);
    }

    /** The identifier with these variables; empty if one of them has no room in it. */
    OptionalInt with(Variables variables) {
        int di = fixed;
        for (Place place : places) {
            int value = variables.get(place.variable());
            if (value >= place.mask()) {
                return OptionalInt.empty();
            }
            di |= value << place.shift();
        }
        return OptionalInt.of(di);
    }

    /** The first byte of a short or the first two of a long identifier, when they are fixed. */
    int key() {
        return mask >>> 16 != 0 ? fixed >>> 16 : fixed >>> 8;
    }
}
