// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of the bits of status, error and other words. */
final class Words {
    private static final Map<String, String[]> WORDS = load();

    private Words() {}

    private static Map<String, String[]> load() {
        Map<String, String[]> words = new HashMap<>();
        for (String line : Resources.lines("words.csv")) {
            String[] columns = line.split("\\|", -1);
            String[] names = new String[columns.length - 1];
            System.arraycopy(columns, 1, names, 0, names.length);
            words.put(columns[0], names);
        }
        return words;
    }

    static boolean known(String word) {
        return WORDS.containsKey(word);
    }

    /** The names of the bits that are set, lowest first; those without a name by their number. */
    static List<String> set(String word, int bits) {
        String[] names = WORDS.getOrDefault(word, new String[0]);
        List<String> set = new ArrayList<>();
        for (int bit = 0; bit < 32; bit++) {
            if ((bits & 1 << bit) != 0) {
                set.add(bit < names.length && !names[bit].isEmpty() ? names[bit] : "bit " + bit);
            }
        }
        return set;
    }

    /** For people: the word in hexadecimal and what is set. */
    static String text(String word, int bits, int bytes) {
        List<String> set = set(word, bits);
        return String.format("%0" + 2 * bytes + "X", bits) + " ("
                + (set.isEmpty() ? "nothing set" : String.join(", ", set)) + ")";
    }
}
