// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.meterway.api.meter.Meter;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.Revision;

/** Readings of a meter over a span of time, or of a zone on a day. */
final class ReadingResource {
    private static final Duration MAX_SPAN = Duration.ofDays(3_660);

    private final Services services;

    ReadingResource(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/readings",
                List.of("meter", "zone", "day", "quantity", "from", "to", "limit", "cursor", "versions"),
                this::list));
    }

    private void list(Call call) throws IOException {
        Readings readings = Services.need(services.readings, "query of readings");
        Optional<Obis> quantity = call.parameter("quantity").map(ReadingResource::obis);
        int limit = (int) call.number("limit", 1_000, 1, 10_000);
        boolean versions = call.word("versions", List.of("latest", "all"))
                .filter("all"::equals)
                .isPresent();
        List<String> meters;
        Instant from;
        Instant to;
        if (call.parameter("meter").isPresent()) {
            refuse(call, "with meter", "zone", "day");
            meters = List.of(MeterResource.need(
                            services.inventory(), call.parameter("meter").get())
                    .id());
            from = call.needInstant("from");
            to = call.needInstant("to");
            span(from, to, MAX_SPAN);
        } else if (call.parameter("zone").isPresent()) {
            refuse(call, "with zone", "from", "to", "versions");
            String zone = call.parameter("zone").get();
            LocalDate day = day(call.parameter("day").orElseThrow(() -> Problem.bad("the parameter day is missing")));
            meters = services.inventory()
                    .meters()
                    .filter(meter -> meter.zone().equals(zone))
                    .map(Meter::id)
                    .sorted()
                    .toList();
            from = day.atStartOfDay().toInstant(ZoneOffset.UTC);
            to = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        } else {
            throw Problem.bad("give meter, from and to, or zone and day");
        }
        Optional<List<String>> after = call.parameter("cursor").map(cursor -> Cursor.parse(cursor, 4));
        if (after.isPresent()) {
            String meter = after.get().get(0);
            int at = meters.indexOf(meter);
            if (at < 0) {
                throw Problem.bad("the parameter cursor belongs to another list");
            }
            meters = meters.subList(at, meters.size());
        }
        Page page = new Page(after, limit);
        if (!meters.isEmpty()) {
            try {
                readings.query(new ReadingQuery(meters, quantity, from, to), page::add);
            } catch (PageIsFull full) {
                // as it should be
            }
        }
        List<Shown> shown = versions
                ? EarlierVersions.merge(
                        Services.need(services.provenance, "intake"),
                        new ReadingQuery(meters, quantity, from, to),
                        page)
                : page.items.stream().map(Shown::of).toList();
        write(call, shown, page.more ? Optional.of(cursor(page.items.get(limit - 1))) : Optional.empty());
    }

    static void span(Instant from, Instant to, Duration longest) {
        if (!from.isBefore(to)) {
            throw Problem.bad("from (" + from + ") must be before to (" + to + ")");
        }
        if (Duration.between(from, to).compareTo(longest) > 0) {
            throw Problem.bad("from and to must be at most " + longest.toDays() + " days apart");
        }
    }

    private static void refuse(Call call, String how, String... parameters) {
        for (String parameter : parameters) {
            if (call.parameter(parameter).isPresent()) {
                throw Problem.bad("the parameter " + parameter + " is not possible " + how);
            }
        }
    }

    static Obis obis(String text) {
        try {
            return Obis.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.bad("the parameter quantity is " + e.getMessage());
        }
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw Problem.bad("the parameter day must be a day like 2026-11-20, was '" + text + "'");
        }
    }

    private static String cursor(StoredReading last) {
        return Cursor.of(key(last).toArray(String[]::new));
    }

    private static List<String> key(StoredReading stored) {
        Reading reading = stored.reading();
        return List.of(
                stored.meter(),
                reading.quantity().obis().toString(),
                Long.toString(reading.interval().getSeconds()),
                reading.start().toString());
    }

    private static void write(Call call, List<Shown> items, Optional<String> next) throws IOException {
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Shown shown : items) {
                out.writeStartObject();
                Series series = shown.series();
                out.writeStringField("meter", series.meter());
                out.writeStringField("quantity", series.quantity().obis().toString());
                out.writeStringField("unit", series.quantity().unit().symbol());
                out.writeStringField("start", shown.start().toString());
                out.writeNumberField("intervalSeconds", series.interval().getSeconds());
                VersionJson.value(out, shown.current().map(StoredReading::reading));
                if (shown.current().isPresent()) {
                    out.writeNumberField("message", shown.current().get().message());
                } else {
                    out.writeNullField("message");
                }
                if (!shown.revisions().isEmpty()) {
                    VersionJson.write(out, shown.revisions());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            Json.text(out, "next", next);
            out.writeEndObject();
        });
    }

    /** A value on the list, or one that was there once. */
    record Shown(Series series, Instant start, Optional<StoredReading> current, List<Revision> revisions) {
        static Shown of(StoredReading stored) {
            Reading reading = stored.reading();
            Series series = new Series(stored.meter(), reading.quantity(), reading.interval());
            return new Shown(series, reading.start(), Optional.of(stored), List.of());
        }
    }

    /**
     * Collects one page. A list that goes on begins behind the last reading of the page before, so those that came in before it
     * meanwhile do not shift the pages. (A replay that takes just that reading away ends the list.)
     */
    static final class Page {
        final List<StoredReading> items = new ArrayList<>();
        private final int limit;
        final Optional<List<String>> after;
        private boolean begun;
        boolean more;

        Page(Optional<List<String>> after, int limit) {
            this.after = after;
            this.limit = limit;
            this.begun = after.isEmpty();
        }

        void add(StoredReading reading) {
            if (!begun) {
                begun = key(reading).equals(after.get());
            } else if (items.size() == limit) {
                more = true;
                throw new PageIsFull();
            } else {
                items.add(reading);
            }
        }
    }

    /** Ends a query early. */
    private static final class PageIsFull extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PageIsFull() {
            super("page is full", null, false, false);
        }
    }
}
