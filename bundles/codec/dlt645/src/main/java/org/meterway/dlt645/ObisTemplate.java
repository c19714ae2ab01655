// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.meterway.api.reading.Obis;

/** An OBIS code whose groups may depend on the variables of a data identifier, for example {@code 1-0:12+20p.7.0}. */
final class ObisTemplate {
    private static final Pattern TEXT = Pattern.compile("([^-]+)-([^:]+):([^.]+)\\.([^.]+)\\.([^*]+?)(?:\\*(.+))?");
    private static final Pattern GROUP = Pattern.compile("(?:(\\d+)(?:\\+|$))?(?:(\\d*)([tspqhn]))?(-\\d+)?");
    private static final int NOT_USED = 255;
    private static final int SETTLEMENT = Variables.index('s');
    private final int[] constants = new int[6];
    private final int[] factors = new int[6];
    private final int[] variables = new int[6];

    ObisTemplate(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no OBIS code: '" + text + "'");
        }
        for (int i = 0; i < 6; i++) {
            group(i, matcher.group(i + 1) == null ? String.valueOf(NOT_USED) : matcher.group(i + 1));
        }
    }

    private void group(int i, String text) {
        Matcher matcher = GROUP.matcher(text);
        if (!matcher.matches() || text.isEmpty()) {
            throw new IllegalArgumentException("no OBIS group: '" + text + "'");
        }
        constants[i] = number(matcher.group(1), 0) + number(matcher.group(4), 0);
        if (matcher.group(3) != null) {
            variables[i] = Variables.index(matcher.group(3).charAt(0));
            factors[i] = number(matcher.group(2), 1);
        }
    }

    private static int number(String text, int otherwise) {
        return text == null || text.isEmpty() ? otherwise : Integer.parseInt(text);
    }

    /** The code for these variables. */
    Obis of(Variables values) {
        return new Obis(
                group(0, values),
                group(1, values),
                group(2, values),
                group(3, values),
                group(4, values),
                group(5, values));
    }

    private int group(int i, Variables values) {
        int variable = values.get(variables[i]);
        if (i == 5 && factors[i] != 0 && variables[i] == SETTLEMENT && variable == 0) {
            return NOT_USED;
        }
        return constants[i] + factors[i] * variable & 0xFF;
    }

    /** The variables that make this code of the template, if there are any. */
    Optional<Variables> solve(Obis obis) {
        int[] wanted = {obis.a(), obis.b(), obis.c(), obis.d(), obis.e(), obis.f()};
        Variables values = new Variables();
        for (int i = 0; i < 6; i++) {
            if (factors[i] == 0) {
                continue;
            }
            int rest = wanted[i] - constants[i];
            if (i == 5 && wanted[i] == NOT_USED) {
                rest = 0;
            }
            int value = rest / factors[i];
            if (value < Variables.lowest(variables[i]) || value > Variables.highest(variables[i])) {
                return Optional.empty();
            }
            values.set(variables[i], value);
        }
        return of(values).equals(obis) ? Optional.of(values) : Optional.empty();
    }
}
