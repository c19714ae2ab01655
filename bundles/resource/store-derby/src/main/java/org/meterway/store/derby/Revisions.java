// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.reading.Series;
import org.meterway.api.store.Revision;
import org.meterway.api.store.Revision.Version;

/** Values superseded, with what caused it written once. Runs in the caller's transaction. */
final class Revisions {
    private static final int MOST_TEXT = 255;
    private static final int MOST_WHY = 1024;

    private Revisions() {}

    private record Cause(
            long atMillis,
            String who,
            String why,
            String codec,
            String version,
            String afterCodec,
            String afterVersion) {
        static Cause of(Revision revision) {
            return new Cause(
                    revision.at().toEpochMilli(),
                    Decodings.cut(revision.who(), MOST_TEXT),
                    Decodings.cut(revision.why(), MOST_WHY),
                    text(revision.before().map(Version::codec)),
                    text(revision.before().map(Version::codecVersion)),
                    text(revision.after().map(Version::codec)),
                    text(revision.after().map(Version::codecVersion)));
        }

        private static String text(Optional<String> text) {
            return Decodings.cut(text.orElse(""), MOST_TEXT);
        }
    }

    static void write(Session session, List<Revision> revisions, SeriesDictionary.Changes dictionary)
            throws SQLException {
        Map<Cause, Long> causes = new HashMap<>();
        PreparedStatement insert = session.prepare("INSERT INTO REVISION (SERIES, START_MILLIS, CAUSE, BEFORE_COUNT,"
                + " BEFORE_QUALITY, BEFORE_MESSAGE, AFTER_COUNT, AFTER_QUALITY, AFTER_MESSAGE)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (Revision revision : revisions) {
            Cause cause = Cause.of(revision);
            Long known = causes.get(cause);
            if (known == null) {
                known = write(session, cause);
                causes.put(cause, known);
            }
            long day = Math.floorDiv(revision.start().getEpochSecond(), 86_400L);
            insert.setInt(1, dictionary.number(revision.series(), day));
            insert.setLong(2, revision.start().toEpochMilli());
            insert.setLong(3, known);
            put(insert, 4, revision.before());
            put(insert, 7, revision.after());
            insert.executeUpdate();
        }
    }

    private static long write(Session session, Cause cause) throws SQLException {
        PreparedStatement insert =
                session.prepareWithKey("INSERT INTO REVISION_CAUSE (AT_MILLIS, WHO, WHY, BEFORE_CODEC,"
                        + " BEFORE_VERSION, AFTER_CODEC, AFTER_VERSION) VALUES (?, ?, ?, ?, ?, ?, ?)");
        insert.setLong(1, cause.atMillis());
        insert.setString(2, cause.who());
        insert.setString(3, cause.why());
        insert.setString(4, cause.codec());
        insert.setString(5, cause.version());
        insert.setString(6, cause.afterCodec());
        insert.setString(7, cause.afterVersion());
        insert.executeUpdate();
        try (ResultSet key = insert.getGeneratedKeys()) {
            key.next();
            return key.getLong(1);
        }
    }

    private static void put(PreparedStatement insert, int column, Optional<Version> version) throws SQLException {
        if (version.isPresent()) {
            insert.setLong(column, version.get().count());
            insert.setInt(column + 1, version.get().quality());
            insert.setLong(column + 2, version.get().message());
        } else {
            insert.setNull(column, Types.BIGINT);
            insert.setNull(column + 1, Types.INTEGER);
            insert.setNull(column + 2, Types.BIGINT);
        }
    }

    /** Of one series, by start and then the oldest first. */
    static List<Revision> read(Session session, int number, Series series, Instant from, Instant to, int limit)
            throws SQLException {
        PreparedStatement select = session.prepare("SELECT START_MILLIS, AT_MILLIS, WHO, WHY, BEFORE_COUNT,"
                + " BEFORE_QUALITY, BEFORE_MESSAGE, BEFORE_CODEC, BEFORE_VERSION, AFTER_COUNT, AFTER_QUALITY,"
                + " AFTER_MESSAGE, AFTER_CODEC, AFTER_VERSION FROM REVISION, REVISION_CAUSE"
                + " WHERE SERIES = ? AND START_MILLIS >= ? AND START_MILLIS < ?"
                + " AND REVISION.CAUSE = REVISION_CAUSE.CAUSE ORDER BY START_MILLIS, REVISION");
        select.setInt(1, number);
        select.setLong(2, Times.ceilMillis(from));
        select.setLong(3, Times.ceilMillis(to));
        List<Revision> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (found.size() < limit && rows.next()) {
                found.add(new Revision(
                        series,
                        Instant.ofEpochMilli(rows.getLong(1)),
                        version(rows, 5),
                        version(rows, 10),
                        Instant.ofEpochMilli(rows.getLong(2)),
                        rows.getString(3),
                        rows.getString(4)));
            }
        }
        return found;
    }

    private static Optional<Version> version(ResultSet rows, int column) throws SQLException {
        long count = rows.getLong(column);
        if (rows.wasNull()) {
            return Optional.empty();
        }
        return Optional.of(new Version(
                count,
                rows.getInt(column + 1),
                rows.getLong(column + 2),
                rows.getString(column + 3),
                rows.getString(column + 4)));
    }
}
