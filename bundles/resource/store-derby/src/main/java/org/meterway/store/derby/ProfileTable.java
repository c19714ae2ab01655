// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.meterway.api.store.ProfileRow;

/** The day profiles by day and series number, so that what arrives together lies together. Runs in the caller's transaction. */
final class ProfileTable {
    /** A scan is preferred to single look-ups when at least one row in so many is wanted. */
    private static final int SCAN_RATIO = 6;

    /** A reading that came alone takes so much of a profile. */
    private static final int BYTES_PER_READING = 5;

    private static final int MOST_ROOM_BYTES = 8_192;

    private ProfileTable() {}

    /** Found rows, one by one. */
    @FunctionalInterface
    interface Sink {
        void row(int series, int present, byte[] packed);
    }

    static void write(Session session, Collection<ProfileRow> rows, SeriesDictionary.Changes changes)
            throws SQLException {
        record Numbered(int no, boolean isNew, ProfileRow row) {}
        Map<Object, Numbered> numbered = new HashMap<>(rows.size() * 2);
        for (ProfileRow row : rows) {
            boolean isNew = !changes.spans(row.key());
            int no = changes.number(row.key().series(), row.key().day());
            numbered.put(row.key(), new Numbered(no, isNew, row));
        }
        List<Numbered> sorted = numbered.values().stream()
                .sorted(Comparator.comparingLong(
                                (Numbered each) -> each.row().key().day())
                        .thenComparingInt(Numbered::no))
                .toList();
        PreparedStatement update =
                session.prepare("UPDATE PROFILE SET PRESENT = ?, PACKED = ? WHERE DAY = ? AND SERIES = ?");
        PreparedStatement insert =
                session.prepare("INSERT INTO PROFILE (PRESENT, PACKED, DAY, SERIES) VALUES (?, ?, ?, ?)");
        for (Numbered each : sorted) {
            ProfileRow row = each.row();
            if (each.isNew() || execute(update, each.no(), row, row.packed()) == 0) {
                int room = expectedBytes(row);
                if (room > row.packed().length) {
                    // a record keeps the space it once had: the day's later readings fit where it is
                    execute(insert, each.no(), row, Arrays.copyOf(row.packed(), room));
                    execute(update, each.no(), row, row.packed());
                } else {
                    execute(insert, each.no(), row, row.packed());
                }
            }
        }
    }

    /** What a day that has just begun will take when it is full; a record that outgrows its place is spread over pages. */
    private static int expectedBytes(ProfileRow row) {
        long seconds = row.key().series().interval().getSeconds();
        long missing = seconds < 60 ? 0 : 86_400 / seconds - row.present();
        return missing <= 0 ? 0 : (int) Math.min(MOST_ROOM_BYTES, row.packed().length + missing * BYTES_PER_READING);
    }

    private static int execute(PreparedStatement statement, int no, ProfileRow row, byte[] packed) throws SQLException {
        statement.setInt(1, row.present());
        statement.setBytes(2, packed);
        statement.setInt(3, Math.toIntExact(row.key().day()));
        statement.setInt(4, no);
        return statement.executeUpdate();
    }

    /**
     * The rows of some series on one day, in no particular order.
     *
     * @param numbers not empty
     */
    static void read(Session session, long day, int[] numbers, Sink sink) throws SQLException {
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        long span = (long) sorted[sorted.length - 1] - sorted[0] + 1;
        if (span <= (long) SCAN_RATIO * sorted.length) {
            scan(session, day, sorted, sink);
        } else {
            lookUp(session, day, sorted, sink);
        }
    }

    private static void scan(Session session, long day, int[] sorted, Sink sink) throws SQLException {
        PreparedStatement select = session.prepare("SELECT SERIES, PRESENT, PACKED FROM PROFILE"
                + " --DERBY-PROPERTIES constraint=PROFILE_KEY\n WHERE DAY = ? AND SERIES BETWEEN ? AND ?");
        select.setInt(1, Math.toIntExact(day));
        select.setInt(2, sorted[0]);
        select.setInt(3, sorted[sorted.length - 1]);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                int series = rows.getInt(1);
                if (Arrays.binarySearch(sorted, series) >= 0) {
                    sink.row(series, rows.getInt(2), rows.getBytes(3));
                }
            }
        }
    }

    private static void lookUp(Session session, long day, int[] sorted, Sink sink) throws SQLException {
        PreparedStatement select = session.prepare("SELECT PRESENT, PACKED FROM PROFILE"
                + " --DERBY-PROPERTIES constraint=PROFILE_KEY\n WHERE DAY = ? AND SERIES = ?");
        select.setInt(1, Math.toIntExact(day));
        for (int series : sorted) {
            select.setInt(2, series);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    sink.row(series, row.getInt(1), row.getBytes(2));
                }
            }
        }
    }
}
