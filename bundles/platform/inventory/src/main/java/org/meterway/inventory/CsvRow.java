// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;

/** One line of an import file. */
final class CsvRow {
    static final List<String> COLUMNS = List.of(
            "id",
            "endpoint",
            "serial",
            "vendor",
            "model",
            "zone",
            "tags",
            "latitude",
            "longitude",
            "timeZone",
            "state",
            "pskIdentity",
            "pskKeyHex",
            "rpkPublicKeyHex",
            "x509CommonName",
            "line",
            "protocol",
            "lineAddress");
    private static final String OPTION = "option:";
    private static final String KEY = "key:";

    private final CSVRecord record;
    private final Map<String, Integer> columns;
    private final BiConsumer<String, String> problems;
    private boolean good = true;

    /** @param problems told of column and message */
    CsvRow(CSVRecord record, Map<String, Integer> columns, BiConsumer<String, String> problems) {
        this.record = record;
        this.columns = columns;
        this.problems = problems;
    }

    static boolean known(String column) {
        return COLUMNS.contains(column)
                || column.startsWith(OPTION) && column.length() > OPTION.length()
                || column.startsWith(KEY) && column.length() > KEY.length();
    }

    /** The meter of this line; empty if there was a problem. */
    Optional<Entry> entry() {
        String id = text("id");
        if (id.isEmpty()) {
            problem("id", "is empty, every meter needs an id");
        } else {
            check("id", () -> Meter.builder(id).build());
        }
        Meter.Builder meter = Meter.builder(good ? id : "x");
        set("endpoint", value -> check("endpoint", () -> meter.endpoint(value).build()));
        set("serial", value -> check("serial", () -> meter.serial(value).build()));
        set("vendor", value -> check("vendor", () -> meter.vendor(value).build()));
        set("model", value -> check("model", () -> meter.model(value).build()));
        set("zone", value -> check("zone", () -> meter.zone(value).build()));
        set(
                "tags",
                value -> check("tags", () -> meter.tags(Set.copyOf(List.of(value.split("\\s+"))))
                        .build()));
        place(meter);
        set("timeZone", value -> {
            try {
                meter.timeZone(ZoneId.of(value));
            } catch (DateTimeException e) {
                problem("timeZone", "'" + value + "' is no time zone, expected one like Europe/London");
            }
        });
        set("state", value -> {
            try {
                meter.state(MeterState.valueOf(value.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                problem("state", "'" + value + "' is no state, expected planned, active or retired");
            }
        });
        line(meter);
        List<Credential> credentials = credentials();
        Keys keys = keys();
        return good ? Optional.of(new Entry(meter.build(), credentials, keys)) : Optional.empty();
    }

    private void line(Meter.Builder meter) {
        Map<String, String> options = new HashMap<>();
        columns.keySet().stream()
                .filter(column -> column.startsWith(OPTION))
                .forEach(column -> set(column, value -> options.put(column.substring(OPTION.length()), value)));
        if (text("line").isEmpty()) {
            Stream.of("protocol", "lineAddress").forEach(column -> set(column, value -> withoutLine(column)));
            options.keySet().forEach(option -> withoutLine(OPTION + option));
        } else if (text("protocol").isEmpty()) {
            problem("protocol", "is empty, a meter on a line needs a protocol");
        } else {
            check(
                    "line",
                    () -> meter.line(new LineAddress(text("line"), text("protocol"), text("lineAddress"), options)));
        }
    }

    private void withoutLine(String column) {
        problem(column, "is of use only with a line");
    }

    /** Secrets are not repeated in the message. */
    private Keys keys() {
        Keys keys = Keys.NONE;
        for (String column : columns.keySet()) {
            Optional<byte[]> secret = column.startsWith(KEY) ? hex(column) : Optional.empty();
            if (secret.isPresent()) {
                try {
                    keys = keys.with(Map.of(column.substring(KEY.length()), secret.get()));
                } catch (IllegalArgumentException e) {
                    problem(column, e.getMessage());
                }
            }
        }
        return keys;
    }

    private void place(Meter.Builder meter) {
        Optional<Double> latitude = degrees("latitude", 90);
        Optional<Double> longitude = degrees("longitude", 180);
        if (latitude.isPresent() && longitude.isPresent()) {
            meter.place(new Place(latitude.get(), longitude.get()));
        } else if (text("latitude").isEmpty() != text("longitude").isEmpty()) {
            problem(
                    text("latitude").isEmpty() ? "latitude" : "longitude",
                    "is empty, a place needs latitude and longitude");
        }
    }

    private Optional<Double> degrees(String column, double limit) {
        String value = text(column);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            double degrees = Double.parseDouble(value);
            if (value.matches("[-+.0-9eE]+") && degrees >= -limit && degrees <= limit) {
                return Optional.of(degrees);
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        problem(
                column,
                "'" + value + "' is no " + column + ", expected degrees from -" + (int) limit + " to " + (int) limit);
        return Optional.empty();
    }

    private List<Credential> credentials() {
        List<Credential> credentials = new ArrayList<>(1);
        String identity = text("pskIdentity");
        if (identity.isEmpty() != text("pskKeyHex").isEmpty()) {
            problem(
                    identity.isEmpty() ? "pskIdentity" : "pskKeyHex",
                    "is empty, a pre-shared key needs identity and key");
        } else if (!identity.isEmpty()) {
            hex("pskKeyHex")
                    .ifPresent(key -> add(credentials, "pskKeyHex", () -> new Credential.PreSharedKey(identity, key)));
        }
        hex("rpkPublicKeyHex").ifPresent(key -> {
            if (isPublicKey(key)) {
                credentials.add(new Credential.RawPublicKey(key));
            } else {
                problem("rpkPublicKeyHex", "is no public key, expected a SubjectPublicKeyInfo (DER) in hex digits");
            }
        });
        set("x509CommonName", value -> credentials.add(new Credential.X509(value)));
        return credentials;
    }

    private void add(List<Credential> credentials, String column, Supplier<Credential> credential) {
        try {
            credentials.add(credential.get());
        } catch (IllegalArgumentException e) {
            problem(column, e.getMessage());
        }
    }

    /** Secrets are not repeated in the message. */
    private Optional<byte[]> hex(String column) {
        String value = text(column);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(value));
        } catch (IllegalArgumentException e) {
            problem(column, "is not hex, expected an even number of digits 0-9 a-f");
            return Optional.empty();
        }
    }

    private static boolean isPublicKey(byte[] der) {
        for (String algorithm : List.of("EC", "EdDSA", "RSA")) {
            try {
                KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
                return true;
            } catch (GeneralSecurityException e) {
                continue;
            }
        }
        return false;
    }

    private void set(String column, Consumer<String> setter) {
        String value = text(column);
        if (!value.isEmpty()) {
            setter.accept(value);
        }
    }

    private void check(String column, Runnable build) {
        try {
            build.run();
        } catch (IllegalArgumentException e) {
            problem(column, e.getMessage());
        }
    }

    private String text(String column) {
        Integer at = columns.get(column);
        return at == null ? "" : record.get(at).strip();
    }

    private void problem(String column, String message) {
        good = false;
        problems.accept(column, message);
    }
}
