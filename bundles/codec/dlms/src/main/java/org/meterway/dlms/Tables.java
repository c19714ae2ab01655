// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

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
import org.meterway.api.reading.Unit;

/** The tables of units, of makers' defaults and of lists without codes; data files beside this class. */
final class Tables {
    /** A base unit and how much of it one unit of the enumeration is. */
    record UnitFactor(Unit unit, BigDecimal numerator, BigDecimal denominator) {}

    /** Power of ten and code of the unit enumeration (IEC 62056-6-2, 4.3.2). */
    record ScalerUnit(int scaler, int unit) {}

    /** One place of a list without codes. */
    record Place(Obis obis, ScalerUnit scalerUnit) {}

    private record Default(String maker, boolean[] a, boolean[] c, boolean[] d, ScalerUnit scalerUnit) {}

    private record PlacedList(String maker, List<Optional<Place>> places) {}

    private static final @Nullable UnitFactor[] UNITS = new UnitFactor[256];
    private static final List<Default> DEFAULTS = new ArrayList<>();
    private static final Map<Integer, PlacedList> LISTS = new HashMap<>();

    static {
        for (String[] row : rows("units.tsv")) {
            String[] factor = row[2].split("/");
            UNITS[Integer.parseInt(row[0])] = new UnitFactor(
                    Unit.ofSymbol(row[1]).orElseThrow(() -> new IllegalStateException("no unit " + row[1])),
                    new BigDecimal(factor[0]),
                    factor.length == 1 ? BigDecimal.ONE : new BigDecimal(factor[1]));
        }
        for (String[] row : rows("defaults.tsv")) {
            DEFAULTS.add(new Default(
                    row[0],
                    numbers(row[1]),
                    numbers(row[2]),
                    numbers(row[3]),
                    new ScalerUnit(Integer.parseInt(row[4]), Integer.parseInt(row[5]))));
        }
        for (String[] row : rows("lists.tsv")) {
            List<Optional<Place>> places = new ArrayList<>();
            for (int i = 2; i < row.length; i++) {
                places.add(place(row[i]));
            }
            if (places.size() != Integer.parseInt(row[1])) {
                throw new IllegalStateException(
                        "lists.tsv: " + row[1] + " items said, " + places.size() + " are there");
            }
            LISTS.put(places.size(), new PlacedList(row[0], places));
        }
    }

    private Tables() {}

    private static Optional<Place> place(String text) {
        if ("-".equals(text)) {
            return Optional.empty();
        }
        String[] parts = text.split("/");
        return Optional.of(new Place(
                Obis.parse(parts[0]), new ScalerUnit(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))));
    }

    /** The base unit of a code; null if the enumeration has none or no quantity is in it. */
    static @Nullable UnitFactor unit(int code) {
        return code < 0 || code > 255 ? null : UNITS[code];
    }

    /** What a value without scaler and unit is in; null if that cannot be known. */
    static @Nullable ScalerUnit defaultOf(String maker, Obis obis) {
        for (Default candidate : DEFAULTS) {
            if ((candidate.maker.equals("*") || candidate.maker.equals(maker))
                    && candidate.a[obis.a()]
                    && candidate.c[obis.c()]
                    && candidate.d[obis.d()]) {
                return candidate.scalerUnit;
            }
        }
        return null;
    }

    /** The places of a list of this many values without codes; null if there is none of this maker. */
    static @Nullable List<Optional<Place>> list(String maker, int items) {
        PlacedList found = LISTS.get(items);
        return found == null || !maker.isEmpty() && !found.maker.equals(maker) ? null : found.places;
    }

    private static boolean[] numbers(String text) {
        boolean[] numbers = new boolean[256];
        for (String part : text.split(",")) {
            String[] ends = part.split("-");
            int to = Integer.parseInt(ends[ends.length - 1]);
            for (int i = Integer.parseInt(ends[0]); i <= to; i++) {
                numbers[i] = true;
            }
        }
        return numbers;
    }

    private static List<String[]> rows(String file) {
        try (InputStream in = Tables.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the bundle");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
