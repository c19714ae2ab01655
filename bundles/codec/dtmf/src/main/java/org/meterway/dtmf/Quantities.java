// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

/** The short codes of quantities, a data file beside this class. */
final class Quantities {
    /** A quantity that frames can carry. */
    record Entry(int code, Quantity quantity, String name) {}

    private static final int CODES = 100;
    private static final @Nullable Entry[] BY_CODE = new Entry[CODES];
    private static final Map<String, Entry> BY_OBIS = new HashMap<>();

    static {
        try (InputStream in = Quantities.class.getResourceAsStream("quantities.tsv");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.charAt(0) != '#') {
                    String[] row = line.split("\t");
                    Quantity quantity =
                            Quantity.of(row[1], Unit.ofSymbol(row[2]).orElseThrow());
                    Entry entry = new Entry(Integer.parseInt(row[0]), quantity, row[3]);
                    BY_CODE[entry.code()] = entry;
                    BY_OBIS.put(row[1], entry);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read quantities.tsv", broken);
        }
    }

    private Quantities() {}

    static Optional<Entry> ofCode(int code) {
        return Optional.ofNullable(BY_CODE[code]);
    }

    /** The entry of a quantity in the same unit. */
    static Optional<Entry> of(Quantity quantity) {
        return Optional.ofNullable(BY_OBIS.get(quantity.obis().toString()))
                .filter(entry -> entry.quantity().unit() == quantity.unit());
    }
}
