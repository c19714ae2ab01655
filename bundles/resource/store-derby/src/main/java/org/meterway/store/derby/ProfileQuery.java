// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.meterway.api.reading.Obis;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.store.derby.SeriesDictionary.Entry;

/** Reads profiles in pieces of bounded size, and hands them over on the caller's thread in the promised order. Thread-safe. */
final class ProfileQuery {
    /** Days of 48 readings fetched at once: some megabytes. */
    private static final long PIECE_DAYS = 20_000;

    private final Lane readers;
    private final SeriesDictionary dictionary;

    ProfileQuery(Lane readers, SeriesDictionary dictionary) {
        this.readers = readers;
        this.dictionary = dictionary;
    }

    List<ProfileRow> byKeys(Collection<ProfileKey> keys) {
        Map<Long, Map<Integer, ProfileKey>> wanted = new HashMap<>();
        for (ProfileKey key : keys) {
            dictionary
                    .find(key.series())
                    .filter(entry -> entry.spans(key.day()))
                    .ifPresent(entry -> wanted.computeIfAbsent(key.day(), day -> new HashMap<>())
                            .put(entry.no(), key));
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        return readers.call("read " + keys.size() + " profiles", session -> {
            List<ProfileRow> found = new ArrayList<>();
            for (Map.Entry<Long, Map<Integer, ProfileKey>> day : wanted.entrySet()) {
                int[] numbers = day.getValue().keySet().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                ProfileTable.read(session, day.getKey(), numbers, (no, present, packed) -> {
                    ProfileKey key = day.getValue().get(no);
                    found.add(new ProfileRow(key, present, packed));
                });
            }
            return found;
        });
    }

    void byMeters(List<String> meters, Optional<Obis> obis, long fromDay, long toDay, Consumer<ProfileRow> consumer) {
        List<Entry> piece = new ArrayList<>();
        long days = 0;
        for (String meter : new LinkedHashSet<>(meters)) {
            for (Entry entry : dictionary.of(meter)) {
                boolean wanted = obis.isEmpty()
                        || obis.get().equals(entry.series().quantity().obis());
                if (wanted && entry.firstDay() <= toDay && entry.lastDay() >= fromDay) {
                    piece.add(entry);
                    days += weight(entry, fromDay, toDay);
                }
            }
            if (days >= PIECE_DAYS) {
                handOver(piece, fromDay, toDay, consumer);
                piece.clear();
                days = 0;
            }
        }
        handOver(piece, fromDay, toDay, consumer);
    }

    private static long weight(Entry entry, long fromDay, long toDay) {
        long days = Math.min(entry.lastDay(), toDay) - Math.max(entry.firstDay(), fromDay) + 1;
        long seconds = Math.max(60, entry.series().interval().getSeconds());
        return days * Math.max(1, 1_800 / seconds);
    }

    private void handOver(List<Entry> piece, long fromDay, long toDay, Consumer<ProfileRow> consumer) {
        if (piece.isEmpty()) {
            return;
        }
        long first = piece.stream().mapToLong(Entry::firstDay).min().orElseThrow();
        long last = piece.stream().mapToLong(Entry::lastDay).max().orElseThrow();
        Map<Integer, List<ProfileRow>> rows = readers.call(
                "read profiles", session -> fetch(session, piece, Math.max(fromDay, first), Math.min(toDay, last)));
        for (Entry entry : piece) {
            rows.getOrDefault(entry.no(), List.of()).forEach(consumer);
        }
    }

    private static Map<Integer, List<ProfileRow>> fetch(Session session, List<Entry> piece, long fromDay, long toDay)
            throws SQLException {
        Map<Integer, Entry> byNumber = new HashMap<>();
        piece.forEach(entry -> byNumber.put(entry.no(), entry));
        Map<Integer, List<ProfileRow>> rows = new HashMap<>();
        for (long day = fromDay; day <= toDay; day++) {
            long at = day;
            int[] numbers = piece.stream()
                    .filter(entry -> entry.spans(at))
                    .mapToInt(Entry::no)
                    .toArray();
            if (numbers.length > 0) {
                ProfileTable.read(session, day, numbers, (no, present, packed) -> rows.computeIfAbsent(
                                no, none -> new ArrayList<>())
                        .add(new ProfileRow(new ProfileKey(byNumber.get(no).series(), at), present, packed)));
            }
        }
        return rows;
    }
}
