// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

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
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Unit;

/**
 * What is known of quantities whatever the model: OBIS codes with unit and title ({@code quantities/obis.csv}, after IEC 62056-6-1)
 * and which OBIS code a resource of the LwM2M registry's metering objects is ({@code quantities/paths.csv}).
 */
final class QuantityCatalogue {
    private final List<Pattern> patterns = new ArrayList<>();
    private final Map<String, Mapping> mappings = new HashMap<>();

    /** Reads both tables from the bundle. */
    QuantityCatalogue() {
        read(
                "/quantities/obis.csv",
                row -> patterns.add(new Pattern(row.get("obis"), row.get("unit"), row.get("title"))));
        read(
                "/quantities/paths.csv",
                row -> mappings.put(
                        row.get("path"),
                        new Mapping(
                                Obis.parse(row.get("obis")),
                                new BigDecimal(row.get("factor")),
                                row.get("deviceUnit"))));
    }

    /** The unit of a code, if the table has it. */
    Optional<Unit> unit(Obis obis) {
        return pattern(obis).map(pattern -> pattern.unit);
    }

    /** What people call a code; the code itself if the table does not have it. */
    String title(Obis obis) {
        return pattern(obis).map(pattern -> pattern.title(obis)).orElseGet(obis::toString);
    }

    /** What an object's resource is, if it is a metering quantity. */
    Optional<Mapping> mapping(int object, int resource) {
        return Optional.ofNullable(mappings.get("/" + object + "/*/" + resource));
    }

    /** All mappings by path, for checks. */
    Map<String, Mapping> mappings() {
        return Map.copyOf(mappings);
    }

    private Optional<Pattern> pattern(Obis obis) {
        for (Pattern pattern : patterns) {
            if (pattern.matches(obis)) {
                return Optional.of(pattern);
            }
        }
        return Optional.empty();
    }

    private static void read(String resource, Consumer<CSVRecord> rows) {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (InputStream in = QuantityCatalogue.class.getResourceAsStream(resource);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            format.parse(reader).forEach(rows);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of the bundle", e);
        }
    }

    /**
     * What a resource is.
     *
     * @param obis with channel 0
     * @param factor one device unit in the quantity's unit
     * @param deviceUnit the unit the object's definition gives, for people
     */
    record Mapping(Obis obis, BigDecimal factor, String deviceUnit) {}

    /** A row of obis.csv: {@code A-B:C.D.E} where B and E may be {@code *}, any. */
    private static final class Pattern {
        private static final int ANY = -1;

        private final int[] groups = new int[5];
        private final Unit unit;
        private final String title;

        Pattern(String code, String symbol, String title) {
            String[] parts = code.split("[-:.]");
            for (int group = 0; group < groups.length; group++) {
                groups[group] = parts[group].equals("*") ? ANY : Integer.parseInt(parts[group]);
            }
            this.unit = Unit.ofSymbol(symbol).orElseThrow(() -> new IllegalStateException(code + ": unit " + symbol));
            this.title = title;
        }

        boolean matches(Obis obis) {
            return groups[0] == obis.a()
                    && (groups[1] == ANY || groups[1] == obis.b())
                    && groups[2] == obis.c()
                    && groups[3] == obis.d()
                    && (groups[4] == ANY || groups[4] == obis.e());
        }

        String title(Obis obis) {
            StringBuilder text = new StringBuilder(title);
            if (groups[4] == ANY && obis.e() != 0 && obis.e() != 255) {
                text.append(", tariff ").append(obis.e());
            }
            if (obis.b() != 0) {
                text.append(", channel ").append(obis.b());
            }
            if (obis.f() != 255) {
                text.append(", billing period ").append(obis.f());
            }
            return text.toString();
        }
    }
}
