// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The items of a data identifier in the order of the bytes.
 *
 * @param repeated whether total and tariffs follow each other to the end of the data
 * @param items the items
 * @param length bytes of all items
 */
record Layout(boolean repeated, List<Item> items, int length) {
    private static final String REPEATED = "t* ";

    /**
     * One item.
     *
     * @param format how it is written
     * @param timeOfValues whether it is the time of the values beside it
     * @param measure unit of a quantity, null if it is none
     * @param obis code of a quantity, null if it is none
     * @param label what it is, beside the identifier's own name; may be empty
     */
    record Item(
            Format format, boolean timeOfValues, @Nullable Measure measure, @Nullable ObisTemplate obis, String label) {
        private static final Pattern TEXT =
                Pattern.compile("(?:(\\d+)\\*)?(\\^?)(\\S+)(?: ([^@=\\s]\\S*))?(?: @(\\S+))?(?: =(.+))?");

        boolean quantity() {
            return obis != null;
        }
    }

    static Layout parse(String text, Map<String, String> macros) {
        boolean repeated = text.startsWith(REPEATED);
        String rest = repeated ? text.substring(REPEATED.length()) : text;
        for (Map.Entry<String, String> macro : macros.entrySet()) {
            rest = rest.replace("{" + macro.getKey() + "}", macro.getValue());
        }
        List<Item> items = new ArrayList<>();
        for (String part : rest.split("; *")) {
            Matcher matcher = Item.TEXT.matcher(part);
            if (!matcher.matches() || (matcher.group(4) == null) != (matcher.group(5) == null)) {
                throw new IllegalArgumentException("no item: '" + part + "'");
            }
            Item item = new Item(
                    Format.parse(matcher.group(3)),
                    !matcher.group(2).isEmpty(),
                    matcher.group(4) == null ? null : Measure.parse(matcher.group(4)),
                    matcher.group(5) == null ? null : new ObisTemplate(matcher.group(5)),
                    matcher.group(6) == null ? "" : matcher.group(6));
            int count = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
            for (int i = 0; i < count; i++) {
                items.add(item);
            }
        }
        return new Layout(
                repeated,
                List.copyOf(items),
                items.stream().mapToInt(item -> item.format().bytes()).sum());
    }

    /** Whether values of known quantities are among the items. */
    boolean quantities() {
        return items.stream().anyMatch(Item::quantity);
    }
}
