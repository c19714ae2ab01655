// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Obis;

/** The tables of EN 13757-3 and EN 13757-1 that are data files beside this class. */
final class Tables {
    /** Names and OBIS group of a device type. */
    record Medium(String group, String name) {}

    /** An OBIS code whose channel, tariff and billing period come from the record. */
    private record Template(int a, int b, int c, int d, int e) {
        /** Stands for the subunit or the tariff. */
        static final int OF_RECORD = -1;

        private static final int MOST_CHANNELS = 64;
        private static final int MOST_PERIODS = 99;

        Optional<Obis> with(long storage, int tariff, int subunit) {
            int channel = b == OF_RECORD ? subunit : b;
            int rate = e == OF_RECORD ? tariff : e;
            boolean lost = b != OF_RECORD && subunit != 0 || e != OF_RECORD && tariff != 0;
            if (lost || channel > MOST_CHANNELS || rate > 254 || storage > MOST_PERIODS) {
                return Optional.empty();
            }
            return Optional.of(new Obis(a, channel, c, d, rate, storage == 0 ? 255 : (int) storage));
        }
    }

    private static final int CODES = 128;
    private static final Map<String, @Nullable Vif[]> VIFS = vifs();
    private static final @Nullable Medium[] MEDIA = media();
    private static final Map<String, Template> OBIS = obis();

    private Tables() {}

    /** The meaning of a code without its extension bit, or null if the table reserves it. */
    static @Nullable Vif vif(String table, int code) {
        return VIFS.get(table)[code & 0x7f];
    }

    static Medium medium(int code) {
        Medium medium = MEDIA[code & 0xff];
        return medium == null ? new Medium("none", "Reserved") : medium;
    }

    /**
     * The OBIS code of a record.
     *
     * @param group of the medium
     * @param of what its orthogonal VIFEs make of it, for example {@code plain}
     * @param function for example {@code inst}
     */
    static Optional<Obis> obis(
            String group, String quantity, String of, String function, long storage, int tariff, int subunit) {
        Template template = OBIS.get(key(group, quantity, of, function));
        if (template == null) {
            template = OBIS.get(key("all", quantity, of, function));
        }
        return template == null ? Optional.empty() : template.with(storage, tariff, subunit);
    }

    private static String key(String group, String quantity, String of, String function) {
        return group + ' ' + quantity + ' ' + of + ' ' + function;
    }

    private static Map<String, @Nullable Vif[]> vifs() {
        Map<String, @Nullable Vif[]> tables = new HashMap<>();
        for (String[] row : rows("vif.tsv")) {
            @Nullable Vif[] table = tables.computeIfAbsent(row[0], name -> new Vif[CODES]);
            int from = Integer.parseInt(row[1].substring(0, 2), 16);
            int to = row[1].length() > 2 ? Integer.parseInt(row[1].substring(3), 16) : from;
            for (int code = from; code <= to; code++) {
                table[code] = vif(row, Integer.parseInt(row[5]) + code - from);
            }
        }
        return tables;
    }

    private static Vif vif(String[] row, int exponent) {
        Vif.Kind kind =
                switch (row[4]) {
                    case "date" -> Vif.Kind.DATE;
                    case "text", "bits" -> Vif.Kind.TEXT;
                    case "secret" -> Vif.Kind.SECRET;
                    default -> Vif.Kind.NUMBER;
                };
        boolean plain = kind != Vif.Kind.NUMBER || row[4].equals("count");
        String fraction = row.length > 6 ? row[6] : "1";
        boolean fahrenheit = fraction.equals("F");
        int bar = fraction.indexOf('/');
        BigDecimal factor =
                fahrenheit ? BigDecimal.ONE : new BigDecimal(bar < 0 ? fraction : fraction.substring(0, bar));
        return new Vif(
                row[2],
                row[3],
                kind,
                plain ? "" : row[4],
                factor.scaleByPowerOfTen(exponent),
                bar < 0 ? 1 : Long.parseLong(fraction.substring(bar + 1)),
                fahrenheit);
    }

    private static @Nullable Medium[] media() {
        @Nullable Medium[] media = new Medium[256];
        for (String[] row : rows("media.tsv")) {
            media[Integer.parseInt(row[0], 16)] = new Medium(row[1], row[2]);
        }
        return media;
    }

    private static Map<String, Template> obis() {
        Map<String, Template> templates = new HashMap<>();
        for (String[] row : rows("obis.tsv")) {
            String[] parts = row[4].split("[-:.]");
            templates.put(
                    key(row[0], row[1], row[2], row[3]),
                    new Template(group(parts[0]), group(parts[1]), group(parts[2]), group(parts[3]), group(parts[4])));
        }
        return Map.copyOf(templates);
    }

    private static int group(String text) {
        return text.equals("b") || text.equals("t") ? Template.OF_RECORD : Integer.parseInt(text);
    }

    private static List<String[]> rows(String file) {
        List<String[]> rows = new ArrayList<>();
        try (InputStream in = Tables.class.getResourceAsStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    rows.add(line.split("\t"));
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read " + file, broken);
        }
        return rows;
    }
}
