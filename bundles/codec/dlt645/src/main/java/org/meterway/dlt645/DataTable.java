// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Obis;

/** The data identifiers of an edition, from {@code di-1997.csv} or {@code di-2007.csv}. Immutable. */
final class DataTable {
    /** Of the 1997 edition. */
    static final DataTable OF_1997 = new DataTable("di-1997.csv");

    /** Of the 2007 edition and its supplements. */
    static final DataTable OF_2007 = new DataTable("di-2007.csv");

    private final Map<Integer, List<Entry>> byKey = new HashMap<>();
    private final List<Entry> all = new ArrayList<>();
    private final Map<String, Layout> named = new LinkedHashMap<>();

    /** One line of the table. */
    record Entry(DiPattern pattern, Layout layout, String name) {}

    /** What an identifier means. */
    record Meaning(Entry entry, DiPattern.Match match) {}

    private DataTable(String file) {
        Map<String, String> macros = new HashMap<>();
        for (String line : Resources.lines(file)) {
            if (line.startsWith("@")) {
                macros.put(line.substring(1, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
                continue;
            }
            String[] columns = line.split("\\|", -1);
            try {
                Layout layout = Layout.parse(columns[1], macros);
                if (columns[0].startsWith("class")) {
                    named.put(columns[0], layout);
                } else {
                    add(columns[0], layout, columns[2]);
                }
            } catch (RuntimeException e) {
                throw new IllegalStateException(file + ": " + line, e);
            }
        }
    }

    private void add(String di, Layout layout, String name) {
        Entry entry = new Entry(new DiPattern(di), layout, name);
        all.add(entry);
        if (di.startsWith("pp", 2)) {
            // Events per phase vary in the second byte: known under each of the phases.
            for (int phase = 1; phase <= 3; phase++) {
                byKey.computeIfAbsent(entry.pattern().key() | phase, key -> new ArrayList<>())
                        .add(entry);
            }
        } else {
            byKey.computeIfAbsent(entry.pattern().key(), key -> new ArrayList<>())
                    .add(entry);
        }
    }

    /** Has the tables read now. */
    static void load() {
        if (OF_1997.all.isEmpty() || OF_2007.all.isEmpty()) {
            throw new IllegalStateException("the tables of data identifiers are empty");
        }
    }

    static DataTable of(Edition edition) {
        return edition == Edition.E2007 ? OF_2007 : OF_1997;
    }

    /** What an identifier means, null if the table does not know it. */
    @Nullable
    Meaning find(Edition edition, int di) {
        for (Entry entry : byKey.getOrDefault(edition == Edition.E2007 ? di >>> 16 : di >>> 8, List.of())) {
            DiPattern.Match match = entry.pattern().match(di);
            if (match != null) {
                return new Meaning(entry, match);
            }
        }
        return null;
    }

    /** A layout that no identifier has: the classes of load records. */
    @Nullable
    Layout named(String name) {
        return named.get(name);
    }

    /** The identifier to read for a quantity: the first of the table whose value it is alone. */
    OptionalInt identifier(Obis obis) {
        for (Entry entry : all) {
            Layout.Item first = entry.layout().items().get(0);
            ObisTemplate template = first.obis();
            if (template == null || entry.layout().repeated()) {
                continue;
            }
            OptionalInt di = template.solve(obis)
                    .map(variables -> entry.pattern().with(variables))
                    .orElse(OptionalInt.empty());
            if (di.isPresent()) {
                return di;
            }
        }
        return OptionalInt.empty();
    }

    /** The class of load records that has a quantity, 1–6; 0 if none has. */
    int loadRecordClass(Obis obis) {
        for (Map.Entry<String, Layout> layout : named.entrySet()) {
            for (Layout.Item item : layout.getValue().items()) {
                if (item.obis() != null && item.obis().of(new Variables()).equals(obis)) {
                    return layout.getKey().charAt("class".length()) - '0';
                }
            }
        }
        return 0;
    }
}
