// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.ImportReport.Problem;

/** Reads one file of meters and collects everything that is wrong with it. Used once. */
final class CsvImport {
    private static final int MAX_PROBLEMS = 1_000;
    private static final int MAX_LINES = 1_000_000;
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();

    private final Predicate<String> idTaken;
    private final Predicate<String> endpointTaken;
    private final Predicate<String> identityTaken;
    private final Set<String> ids = new HashSet<>();
    private final Set<String> endpoints = new HashSet<>();
    private final Set<String> identities = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    CsvImport(Predicate<String> idTaken, Predicate<String> endpointTaken, Predicate<String> identityTaken) {
        this.idTaken = idTaken;
        this.endpointTaken = endpointTaken;
        this.identityTaken = identityTaken;
    }

    List<Problem> problems() {
        return problems;
    }

    /** The file's meters; of no use if there are {@link #problems()}. */
    List<Entry> read(Reader csv) {
        List<Entry> entries = new ArrayList<>();
        long[] line = {1};
        try (CSVParser parser = FORMAT.parse(csv)) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                report(1, "", "the file is empty, expected a first line that names the columns");
                return entries;
            }
            Map<String, Integer> columns = columns(records.next());
            line[0] = parser.getCurrentLineNumber() + 1;
            while (problemsOfHeader() && records.hasNext() && problems.size() < MAX_PROBLEMS) {
                long start = line[0];
                if (start > MAX_LINES) {
                    report(start, "", "the file has more than " + MAX_LINES + " lines: split it");
                    break;
                }
                CSVRecord record = records.next();
                row(start, record, columns, entries);
                line[0] = parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException e) {
            broken(line[0], e.getCause());
        } catch (IOException e) {
            broken(line[0], e);
        }
        return entries;
    }

    private boolean problemsOfHeader() {
        return problems.stream().noneMatch(problem -> problem.line() == 1);
    }

    private void broken(long line, IOException why) {
        if (why instanceof CharacterCodingException) {
            report(line, "", "the file is not UTF-8 at or after this line: save it as UTF-8");
        } else if (why instanceof CSVException) {
            report(
                    line,
                    "",
                    "a quoted field is broken: quotes go around the whole field and are doubled inside ("
                            + why.getMessage() + ")");
        } else {
            throw new UncheckedIOException("the file cannot be read: " + why.getMessage(), why);
        }
    }

    private Map<String, Integer> columns(CSVRecord header) {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip();
            if (i == 0 && name.startsWith("\uFEFF")) {
                name = name.substring(1).strip();
            }
            if (header.size() == 1 && (name.indexOf(';') >= 0 || name.indexOf('\t') >= 0)) {
                report(1, "", "the columns are not separated by commas: save the file with ',' between the fields");
                return columns;
            }
            if (!CsvRow.known(name)) {
                report(
                        1,
                        name,
                        "unknown column, expected some of " + String.join(", ", CsvRow.COLUMNS)
                                + ", option:NAME, key:NAME");
            } else if (columns.put(name, i) != null) {
                report(1, name, "the column is there twice");
            }
        }
        if (!columns.containsKey("id")) {
            report(1, "id", "the column is missing");
        }
        return columns;
    }

    private void row(long line, CSVRecord record, Map<String, Integer> columns, List<Entry> entries) {
        if (record.size() == 1 && record.get(0).isBlank()) {
            return;
        }
        if (record.size() != columns.size()) {
            report(line, "", "the line has " + record.size() + " fields, expected " + columns.size());
            return;
        }
        CsvRow row = new CsvRow(record, columns, (column, message) -> report(line, column, message));
        row.entry().ifPresent(entry -> {
            String endpoint = entry.meter().endpoint();
            boolean named = !endpoint.equals(entry.meter().id());
            if (unique(line, "id", entry.meter().id(), ids, idTaken) || named) {
                unique(line, named ? "endpoint" : "id", endpoint, endpoints, endpointTaken);
            }
            entry.psk()
                    .map(Credential.PreSharedKey::identity)
                    .ifPresent(identity -> unique(line, "pskIdentity", identity, identities, identityTaken));
            entries.add(entry);
        });
    }

    private boolean unique(long line, String column, String value, Set<String> inFile, Predicate<String> taken) {
        if (!inFile.add(value)) {
            report(line, column, "'" + value + "' is in an earlier line already");
            return false;
        }
        if (taken.test(value)) {
            report(line, column, "'" + value + "' is in the inventory already");
            return false;
        }
        return true;
    }

    private void report(long line, String column, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(line, column, message));
        }
    }
}
