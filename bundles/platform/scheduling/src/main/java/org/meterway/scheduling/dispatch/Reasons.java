// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reasons in words as numbers; after so many different ones, further ones are cut short to what they begin with. */
public final class Reasons {
    private static final int MOST = 20_000;
    private final List<String> texts = new ArrayList<>(List.of(""));
    private final Map<String, Short> numbers = new HashMap<>(Map.of("", (short) 0));

    /** The number of a text. */
    public short of(String text) {
        Short known = numbers.get(text);
        if (known != null) {
            return known;
        }
        if (texts.size() >= MOST) {
            String shorter = text.length() > 4 ? text.substring(0, 4) + "…" : "other";
            Short number = numbers.get(shorter);
            if (number != null || texts.size() >= Short.MAX_VALUE) {
                return number == null ? 0 : number;
            }
            return add(shorter);
        }
        return add(text);
    }

    private short add(String text) {
        short number = (short) texts.size();
        texts.add(text);
        numbers.put(text, number);
        return number;
    }

    /** The text of an order's reason. */
    public String text(Batch batch, int position) {
        return texts.get(batch.reason(position));
    }
}
