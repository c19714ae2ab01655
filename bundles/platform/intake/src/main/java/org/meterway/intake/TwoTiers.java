// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.SeriesSpan;
import org.meterway.api.store.StoreException;

/**
 * Reads profiles and unsettled messages as one. Always memory first, then the store: a message leaves memory only when its
 * profiles are durable, so what memory does not show any more the store shows already. What both show is one key with one value,
 * the profile's, so nothing comes twice either.
 */
final class TwoTiers implements Readings {
    private static final Comparator<Series> IN_ORDER = Comparator.comparing(
                    (Series series) -> series.quantity().obis())
            .thenComparing(series -> series.quantity().unit())
            .thenComparing(series -> series.quantity().scale())
            .thenComparing(Series::interval);
    private static final Comparator<ProfileKey> BY_SERIES_AND_DAY =
            Comparator.comparing(ProfileKey::series, IN_ORDER).thenComparingLong(ProfileKey::day);
    private static final long DAY_MILLIS = DayProfile.DAY_MILLIS;

    private final StoreLink link;
    private final Unsettled unsettled;

    TwoTiers(StoreLink link, Unsettled unsettled) {
        this.link = link;
        this.unsettled = unsettled;
    }

    @Override
    public void query(ReadingQuery query, Consumer<StoredReading> consumer) {
        ReadingStore store = link.forQuery();
        Span span = new Span(query.from(), query.to());
        List<String> meters = query.meters().stream().distinct().toList();
        Map<String, TreeMap<ProfileKey, List<Part>>> memory = new HashMap<>();
        for (String meter : meters) {
            TreeMap<ProfileKey, List<Part>> parts = parts(meter, query.obis(), span);
            if (!parts.isEmpty()) {
                memory.put(meter, parts);
            }
        }
        // One quantity of one meter at a time is held, however large the query is.
        List<ProfileRow> rows = new ArrayList<>();
        int[] next = {0};
        store.profiles(meters, query.obis(), span.fromDay(), span.toDay(), row -> {
            if (!rows.isEmpty() && !sameQuantity(rows.get(0), row)) {
                Series done = rows.get(0).key().series();
                next[0] = handOverUpTo(done, meters, next[0], memory, rows, span, consumer);
            }
            rows.add(row);
        });
        if (!rows.isEmpty()) {
            next[0] = handOverUpTo(rows.get(0).key().series(), meters, next[0], memory, rows, span, consumer);
        }
        for (; next[0] < meters.size(); next[0]++) {
            handOver(memory.getOrDefault(meters.get(next[0]), new TreeMap<>(BY_SERIES_AND_DAY)), rows, span, consumer);
        }
    }

    private static boolean sameQuantity(ProfileRow one, ProfileRow other) {
        Series first = one.key().series();
        Series second = other.key().series();
        return first.meter().equals(second.meter())
                && first.quantity().obis().equals(second.quantity().obis());
    }

    /** Hands over the gathered rows of one quantity with all that comes before them, and empties them. */
    private int handOverUpTo(
            Series done,
            List<String> meters,
            int from,
            Map<String, TreeMap<ProfileKey, List<Part>>> memory,
            List<ProfileRow> rows,
            Span span,
            Consumer<StoredReading> consumer) {
        int index = from;
        for (; !meters.get(index).equals(done.meter()); index++) {
            TreeMap<ProfileKey, List<Part>> parts = memory.get(meters.get(index));
            if (parts != null) {
                handOver(parts, List.of(), span, consumer);
                parts.clear();
            }
        }
        TreeMap<ProfileKey, List<Part>> parts = memory.get(done.meter());
        TreeMap<ProfileKey, List<Part>> upToHere = new TreeMap<>(BY_SERIES_AND_DAY);
        if (parts != null) {
            Obis obis = done.quantity().obis();
            while (!parts.isEmpty()
                    && parts.firstKey().series().quantity().obis().compareTo(obis) <= 0) {
                Map.Entry<ProfileKey, List<Part>> first = parts.pollFirstEntry();
                upToHere.put(first.getKey(), first.getValue());
            }
        }
        handOver(upToHere, rows, span, consumer);
        rows.clear();
        return index;
    }

    private static void handOver(
            TreeMap<ProfileKey, List<Part>> parts, List<ProfileRow> rows, Span span, Consumer<StoredReading> consumer) {
        Map<ProfileKey, ProfileRow> byKey = new TreeMap<>(BY_SERIES_AND_DAY);
        rows.forEach(row -> byKey.put(row.key(), row));
        TreeSet<ProfileKey> keys = new TreeSet<>(BY_SERIES_AND_DAY);
        keys.addAll(byKey.keySet());
        keys.addAll(parts.keySet());
        for (ProfileKey key : keys) {
            DayProfile day = day(Optional.ofNullable(byKey.get(key)), parts.getOrDefault(key, List.of()));
            for (int index = 0; index < day.size(); index++) {
                if (span.has(key.day(), day.at(index))) {
                    consumer.accept(reading(key, day, index));
                }
            }
        }
    }

    @Override
    public List<StoredReading> latest(String meter) {
        ReadingStore store = link.forQuery();
        TreeMap<ProfileKey, List<Part>> parts = parts(meter, Optional.empty(), Span.ALL);
        Map<Series, Long> lastDays = new TreeMap<>(IN_ORDER);
        for (SeriesSpan span : store.series(meter)) {
            lastDays.put(span.series(), span.lastDay());
        }
        parts.keySet().forEach(key -> lastDays.merge(key.series(), key.day(), Math::max));
        List<ProfileKey> keys = lastDays.entrySet().stream()
                .map(entry -> new ProfileKey(entry.getKey(), entry.getValue()))
                .toList();
        Map<ProfileKey, ProfileRow> rows = new HashMap<>();
        if (!keys.isEmpty()) {
            store.profiles(keys).forEach(row -> rows.put(row.key(), row));
        }
        List<StoredReading> latest = new ArrayList<>(keys.size());
        for (ProfileKey key : keys) {
            DayProfile day = day(Optional.ofNullable(rows.get(key)), parts.getOrDefault(key, List.of()));
            if (day.size() > 0) {
                latest.add(reading(key, day, day.size() - 1));
            } else {
                latestBefore(key).ifPresent(latest::add);
            }
        }
        return latest;
    }

    /** The latest reading of a series whose last day has lost all it had. */
    private Optional<StoredReading> latestBefore(ProfileKey last) {
        Series series = last.series();
        List<StoredReading> before = new ArrayList<>(1);
        Instant end = Instant.ofEpochMilli(last.day() * DAY_MILLIS);
        query(ReadingQuery.of(List.of(series.meter()), series.quantity().obis(), Instant.EPOCH, end), stored -> {
            if (stored.reading().quantity().equals(series.quantity())
                    && stored.reading().interval().equals(series.interval())) {
                before.clear();
                before.add(stored);
            }
        });
        return before.stream().findFirst();
    }

    @Override
    public List<Series> series(String meter) {
        ReadingStore store = link.forQuery();
        TreeSet<Series> series = new TreeSet<>(IN_ORDER);
        parts(meter, Optional.empty(), Span.ALL).keySet().forEach(key -> series.add(key.series()));
        store.series(meter).forEach(span -> series.add(span.series()));
        return List.copyOf(series);
    }

    @Override
    public long present(Series series, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            return 0;
        }
        ReadingStore store = link.forQuery();
        Span span = new Span(from, to);
        int interval = (int) series.interval().toMillis();
        TreeMap<ProfileKey, List<Part>> parts =
                parts(series.meter(), Optional.of(series.quantity().obis()), span);
        long[] present = {0};
        store.profiles(
                List.of(series.meter()), Optional.of(series.quantity().obis()), span.fromDay(), span.toDay(), row -> {
                    if (row.key().series().equals(series)) {
                        present[0] += present(row, parts.remove(row.key()), interval, span);
                    }
                });
        parts.forEach((key, ofKey) -> {
            if (key.series().equals(series)) {
                present[0] += day(Optional.empty(), ofKey).present(interval, span.from(key.day()), span.to(key.day()));
            }
        });
        return present[0];
    }

    private static int present(ProfileRow row, List<Part> parts, int interval, Span span) {
        int from = span.from(row.key().day());
        int to = span.to(row.key().day());
        if (parts != null) {
            return day(Optional.of(row), parts).present(interval, from, to);
        }
        if (from == 0 && to == DAY_MILLIS) {
            return row.present();
        }
        return readable(row.key(), () -> DayProfileFormat.present(row.packed(), from, to));
    }

    /** A block in memory with the number of its message. */
    private record Part(DayBlock block, long message) {}

    private TreeMap<ProfileKey, List<Part>> parts(String meter, Optional<Obis> obis, Span span) {
        TreeMap<ProfileKey, List<Part>> parts = new TreeMap<>(BY_SERIES_AND_DAY);
        for (Pending pending : unsettled.of(meter)) {
            for (DayBlock block : pending.blocks()) {
                if (span.hasDay(block.day())
                        && (obis.isEmpty()
                                || obis.get().equals(block.series().quantity().obis()))) {
                    parts.computeIfAbsent(new ProfileKey(block.series(), block.day()), key -> new ArrayList<>(2))
                            .add(new Part(block, pending.sequence()));
                }
            }
        }
        return parts;
    }

    private static DayProfile day(Optional<ProfileRow> row, List<Part> parts) {
        DayProfile day = row.map(there -> readable(there.key(), () -> DayProfileFormat.unpack(there.packed())))
                .orElseGet(() -> new DayProfile(64));
        for (Part part : parts) {
            DayBlock block = part.block();
            for (int index = 0; index < block.size(); index++) {
                day.add(block.at()[index], block.counts()[index], block.qualities()[index], part.message());
            }
        }
        return day;
    }

    private static <T> T readable(ProfileKey key, Supplier<T> unpacking) {
        try {
            return unpacking.get();
        } catch (CorruptProfileException corrupt) {
            throw new StoreException(
                    "the readings of " + key.series().quantity().obis() + " of meter "
                            + key.series().meter() + " on day " + LocalDate.ofEpochDay(key.day())
                            + " cannot be read",
                    corrupt);
        }
    }

    private static StoredReading reading(ProfileKey key, DayProfile day, int index) {
        Series series = key.series();
        Instant start = Instant.ofEpochMilli(key.day() * DAY_MILLIS + day.at(index));
        return new StoredReading(
                series.meter(),
                new Reading(series.quantity(), start, series.interval(), day.count(index), day.quality(index)),
                day.message(index));
    }
}
