// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Connection;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;

/**
 * The list of meters. A page is found by going through all meters once and keeping the smallest that come after the cursor, so
 * that a page of 100,000 meters needs no sorting of them all.
 */
final class MeterList {
    private static final List<String> SORTS =
            List.of("id", "serial", "vendor", "model", "zone", "state", "lastSeen").stream()
                    .flatMap(sort -> Stream.of(sort, "-" + sort))
                    .toList();
    private static final Map<String, Function<Meter, String>> KEYS = Map.of(
            "id", Meter::id,
            "serial", Meter::serial,
            "vendor", Meter::vendor,
            "model", Meter::model,
            "zone", Meter::zone,
            "state", meter -> meter.state().name().toLowerCase(Locale.ROOT));

    /** Makes times texts of the same length, whose order is that of the times. */
    private static final long SAME_LENGTH = 1_000_000_000_000_000_000L;

    private static final int MAX_ZONES = 1_000;

    private final Services services;

    MeterList(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/meters", List.of("search", "zone", "vendor", "state", "sort", "limit", "cursor"), this::list),
                Endpoint.get("/zones", List.of(), this::zones));
    }

    /** The zones that meters are in, for people to choose from; those with most meters when there are too many. */
    private void zones(Call call) throws IOException {
        Map<String, Long> meters = services.inventory()
                .meters()
                .filter(meter -> !meter.zone().isEmpty())
                .collect(Collectors.groupingBy(Meter::zone, Collectors.counting()));
        List<Map.Entry<String, Long>> shown = meters.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MAX_ZONES)
                .sorted(Map.Entry.comparingByKey())
                .toList();
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Map.Entry<String, Long> zone : shown) {
                out.writeStartObject();
                out.writeStringField("zone", zone.getKey());
                out.writeNumberField("meters", zone.getValue());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void list(Call call) throws IOException {
        Inventory inventory = services.inventory();
        Collection<Channel> channels = services.channels;
        String sort = call.word("sort", SORTS).orElse("id");
        boolean descending = sort.startsWith("-");
        Function<Meter, String> key = key(descending ? sort.substring(1) : sort, channels);
        int limit = (int) call.number("limit", 100, 1, 1_000);
        Optional<Row> after = call.parameter("cursor").map(cursor -> {
            List<String> parts = Cursor.parse(cursor, 3);
            if (!parts.get(0).equals(sort)) {
                throw Problem.bad("the parameter cursor belongs to a list sorted by " + parts.get(0) + ", not " + sort);
            }
            return new Row(parts.get(1), parts.get(2), Optional.empty());
        });
        Optional<String> search = call.parameter("search");
        Optional<String> zone = call.parameter("zone");
        Optional<String> vendor = call.parameter("vendor");
        Optional<String> state = call.word("state", MeterJson.STATES);

        Comparator<Row> order = Comparator.comparing(Row::key);
        order = (descending ? order.reversed() : order).thenComparing(Row::id);
        PriorityQueue<Row> smallest = new PriorityQueue<>(limit + 2, order.reversed());
        long total = 0;
        for (Meter meter : (Iterable<Meter>) inventory.meters()::iterator) {
            if (zone.isPresent() && !zone.get().equals(meter.zone())
                    || vendor.isPresent() && !vendor.get().equals(meter.vendor())
                    || state.isPresent()
                            && !state.get().equalsIgnoreCase(meter.state().name())
                    || search.isPresent() && !matches(meter, search.get())) {
                continue;
            }
            total++;
            Row row = new Row(key.apply(meter), meter.id(), Optional.of(meter));
            if (after.isPresent() && order.compare(row, after.get()) <= 0) {
                continue;
            }
            if (smallest.size() <= limit) {
                smallest.add(row);
            } else if (order.compare(row, smallest.peek()) < 0) {
                smallest.poll();
                smallest.add(row);
            }
        }
        List<Row> page = new ArrayList<>(smallest);
        page.sort(order);
        boolean more = page.size() > limit;
        if (more) {
            page.remove(limit);
        }
        write(
                call,
                inventory,
                channels,
                page,
                more ? Optional.of(cursor(sort, page.get(limit - 1))) : Optional.empty(),
                total);
    }

    private static String cursor(String sort, Row last) {
        return Cursor.of(sort, last.key(), last.id());
    }

    private static void write(
            Call call,
            Inventory inventory,
            Collection<Channel> channels,
            List<Row> page,
            Optional<String> next,
            long total)
            throws IOException {
        call.json(200, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (Row row : page) {
                Meter meter = row.meter().orElseThrow();
                MeterJson.write(out, meter, Connections.best(channels, meter.id()), inventory);
            }
            out.writeEndArray();
            Json.text(out, "next", next);
            out.writeNumberField("total", total);
            out.writeEndObject();
        });
    }

    private static Function<Meter, String> key(String sort, Collection<Channel> channels) {
        if (sort.equals("lastSeen")) {
            return meter -> Connections.best(channels, meter.id())
                    .map(Connection::lastSeen)
                    .map(time -> Long.toString(SAME_LENGTH + time.toEpochMilli()))
                    .orElse("");
        }
        return KEYS.get(sort);
    }

    private static boolean matches(Meter meter, String search) {
        return contains(meter.id(), search)
                || contains(meter.serial(), search)
                || contains(meter.endpoint(), search)
                || contains(meter.vendor(), search)
                || contains(meter.model(), search)
                || contains(meter.zone(), search);
    }

    /** Whatever the case. The first character is compared by itself, because that is nearly always enough. */
    private static boolean contains(String text, String part) {
        char lower = Character.toLowerCase(part.charAt(0));
        char upper = Character.toUpperCase(part.charAt(0));
        for (int at = 0; at <= text.length() - part.length(); at++) {
            char first = text.charAt(at);
            if ((first == lower || first == upper) && text.regionMatches(true, at, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }

    private record Row(String key, String id, Optional<Meter> meter) {}
}
