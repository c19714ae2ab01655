// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.ProfileKey;

/**
 * The number that stands for each series in the profile table, and the days it spans; all in memory. Look-ups from any thread;
 * changes by the settling thread alone, seen by others once they are committed.
 */
final class SeriesDictionary {
    private static final Comparator<Entry> ORDER = Comparator.comparing(
                    (Entry entry) -> entry.series().quantity().obis())
            .thenComparing(entry -> entry.series().quantity().unit())
            .thenComparing(entry -> entry.series().quantity().scale())
            .thenComparing(entry -> entry.series().interval());

    private volatile Map<String, List<Entry>> byMeter = new ConcurrentHashMap<>();
    private int nextNo = 1;

    /** @param firstDay,lastDay days since 1970-01-01 UTC with a profile */
    record Entry(int no, Series series, int firstDay, int lastDay) {
        boolean spans(long day) {
            return firstDay <= day && day <= lastDay;
        }
    }

    /** Reads all series; at the start, and when it is not known whether a change was committed. */
    void load(Session session) throws SQLException {
        Map<String, List<Entry>> loaded = new ConcurrentHashMap<>();
        Map<Quantity, Quantity> quantities = new HashMap<>();
        Map<Integer, Duration> intervals = new HashMap<>();
        int highest = 0;
        try (ResultSet rows = session.prepare(
                        "SELECT SERIES_NUMBER, METER, OBIS, UNIT, SCALE, INTERVAL_SECONDS, FIRST_DAY, LAST_DAY FROM SERIES")
                .executeQuery()) {
            while (rows.next()) {
                Quantity quantity =
                        new Quantity(Obis.fromLong(rows.getLong(3)), Unit.valueOf(rows.getString(4)), rows.getInt(5));
                quantity = quantities.computeIfAbsent(quantity, same -> same);
                Duration interval = intervals.computeIfAbsent(rows.getInt(6), Duration::ofSeconds);
                Series series = new Series(rows.getString(2), quantity, interval);
                Entry entry = new Entry(rows.getInt(1), series, rows.getInt(7), rows.getInt(8));
                loaded.merge(series.meter(), List.of(entry), SeriesDictionary::with);
                highest = Math.max(highest, entry.no());
            }
        }
        nextNo = highest + 1;
        byMeter = loaded;
    }

    /** The series of a meter by quantity and interval. */
    List<Entry> of(String meter) {
        return byMeter.getOrDefault(meter, List.of());
    }

    Optional<Entry> find(Series series) {
        for (Entry entry : of(series.meter())) {
            if (entry.series().equals(series)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    long size() {
        return byMeter.values().stream().mapToLong(List::size).sum();
    }

    private static List<Entry> with(List<Entry> before, List<Entry> added) {
        List<Entry> all = new ArrayList<>(before);
        for (Entry entry : added) {
            all.removeIf(other -> other.no() == entry.no());
        }
        all.addAll(added);
        all.sort(ORDER);
        return List.copyOf(all);
    }

    Changes changes() {
        return new Changes();
    }

    /** New and longer series of one transaction. */
    final class Changes {
        private final Map<Series, Entry> changed = new HashMap<>();
        private final List<Entry> created = new ArrayList<>();
        private int next = nextNo;

        /** Whether the day lies in what its series spans so far; else it cannot have a row. */
        boolean spans(ProfileKey key) {
            Entry known = changed.get(key.series());
            return known == null
                    ? find(key.series()).filter(entry -> entry.spans(key.day())).isPresent()
                    : known.spans(key.day());
        }

        /** The number of a series, a new one if need be, that has a profile on this day. */
        int number(Series series, long day) {
            int at = Math.toIntExact(day);
            Entry known = changed.get(series);
            if (known == null) {
                known = find(series).orElse(null);
            }
            if (known == null) {
                Entry entry = new Entry(next++, series, at, at);
                created.add(entry);
                changed.put(series, entry);
                return entry.no();
            }
            if (!known.spans(day)) {
                changed.put(
                        series,
                        new Entry(known.no(), series, Math.min(known.firstDay(), at), Math.max(known.lastDay(), at)));
            }
            return known.no();
        }

        void write(Session session) throws SQLException {
            PreparedStatement insert = session.prepare("INSERT INTO SERIES VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
            for (Entry entry : created) {
                Quantity quantity = entry.series().quantity();
                insert.setInt(1, entry.no());
                insert.setString(2, entry.series().meter());
                insert.setLong(3, quantity.obis().toLong());
                insert.setString(4, quantity.unit().name());
                insert.setInt(5, quantity.scale());
                insert.setInt(6, (int) entry.series().interval().getSeconds());
                insert.setInt(7, entry.firstDay());
                insert.setInt(8, entry.lastDay());
                insert.executeUpdate();
            }
            PreparedStatement update =
                    session.prepare("UPDATE SERIES SET FIRST_DAY = ?, LAST_DAY = ? WHERE SERIES_NUMBER = ?");
            for (Entry entry : changed.values()) {
                update.setInt(1, entry.firstDay());
                update.setInt(2, entry.lastDay());
                update.setInt(3, entry.no());
                update.executeUpdate();
            }
        }

        /** Shows the changes to everybody; call when they are committed. */
        void publish() {
            nextNo = next;
            changed.values()
                    .forEach(entry -> byMeter.merge(entry.series().meter(), List.of(entry), SeriesDictionary::with));
        }
    }
}
