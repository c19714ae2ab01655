// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The measured profiles that come with the simulator (see {@code profiles/SOURCES.md}), read exactly.
 *
 * @param london one London household, half-hourly import
 * @param residential 17 homes, hourly import
 * @param opsdImport one household with generation, hourly import
 * @param opsdExport the same household's hourly export
 */
public record Profiles(Profile london, List<Profile> residential, Profile opsdImport, Profile opsdExport) {
    private static final int KILO_TO_MILLI = 6;

    public Profiles {
        residential = List.copyOf(residential);
    }

    /** Reads the profiles from the class path. */
    public static Profiles load() {
        List<long[]> london = columns("london_MAC000060_30min.csv.gz");
        List<long[]> homes = columns("residential_17_60min.csv.gz");
        List<long[]> opsd = columns("opsd_residential4_60min_cumulative.csv.gz");
        Duration hour = Duration.ofHours(1);
        return new Profiles(
                new Profile("london MAC000060", Duration.ofMinutes(30), london.get(0)),
                IntStream.range(0, homes.size())
                        .mapToObj(home -> new Profile("residential home " + (home + 1), hour, homes.get(home)))
                        .toList(),
                new Profile("opsd residential4 import", hour, differences(opsd.get(0))),
                new Profile("opsd residential4 export", hour, differences(opsd.get(1))));
    }

    /** The columns after the first, in mWh. */
    private static List<long[]> columns(String file) {
        try (InputStream in = Profiles.class.getResourceAsStream("/profiles/" + file);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
            int columns = lines.readLine().split(",").length - 1;
            List<String[]> rows = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(line.split(",", -1));
            }
            return IntStream.rangeClosed(1, columns)
                    .mapToObj(column -> rows.stream()
                            .mapToLong(row -> milliWattHours(row[column]))
                            .toArray())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read profile " + file, e);
        }
    }

    /** Exact; a value finer than a milliwatt-hour would throw. */
    static long milliWattHours(String kilowattHours) {
        return new BigDecimal(kilowattHours).movePointRight(KILO_TO_MILLI).longValueExact();
    }

    private static long[] differences(long[] cumulated) {
        return IntStream.range(1, cumulated.length)
                .mapToLong(i -> cumulated[i] - cumulated[i - 1])
                .toArray();
    }
}
