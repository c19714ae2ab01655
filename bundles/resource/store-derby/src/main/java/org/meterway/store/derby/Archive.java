// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.meterway.api.store.StoredMessage;

/** Raw bytes of settled messages, compressed in batches, until their retention ends. Every method runs in the caller's transaction. */
final class Archive {
    private static final String BY_NUMBER = " FROM ARCHIVE --DERBY-PROPERTIES constraint=ARCHIVE_KEY\n"
            + " WHERE LAST_SEQUENCE >= ? ORDER BY LAST_SEQUENCE";

    private Archive() {}

    /** @param messages settled, consecutive, not empty */
    static void add(Session session, List<StoredMessage> messages) throws SQLException {
        long lastReceived = messages.stream()
                .mapToLong(stored -> stored.message().frame().receivedAt().toEpochMilli())
                .max()
                .orElseThrow();
        long firstReceived = messages.stream()
                .mapToLong(stored -> stored.message().frame().receivedAt().toEpochMilli())
                .min()
                .orElseThrow();
        PreparedStatement insert = session.prepare("INSERT INTO ARCHIVE"
                + " (LAST_SEQUENCE, FIRST_SEQUENCE, LAST_RECEIVED, BODY, FIRST_RECEIVED) VALUES (?, ?, ?, ?, ?)");
        insert.setLong(1, messages.get(messages.size() - 1).sequence());
        insert.setLong(2, messages.get(0).sequence());
        insert.setLong(3, lastReceived);
        insert.setBytes(4, RawBatch.pack(messages));
        insert.setLong(5, firstReceived);
        insert.executeUpdate();
    }

    /** All messages of the batch that has this one; empty if there is none. */
    static List<StoredMessage> batchOf(Session session, long sequence) throws SQLException {
        PreparedStatement select = session.prepare("SELECT FIRST_SEQUENCE, BODY" + BY_NUMBER);
        select.setLong(1, sequence);
        try (ResultSet row = select.executeQuery()) {
            return row.next() && row.getLong(1) <= sequence
                    ? RawBatch.unpack(row.getBytes(2), row.getLong(1))
                    : List.of();
        }
    }

    /** All messages of the next batch that has one with a higher number, received in a span of time; empty if there is none. */
    static List<StoredMessage> next(Session session, long after, Instant from, Instant to) throws SQLException {
        PreparedStatement select = session.prepare("SELECT FIRST_SEQUENCE, BODY FROM ARCHIVE"
                + " --DERBY-PROPERTIES constraint=ARCHIVE_KEY\n"
                + " WHERE LAST_SEQUENCE > ? AND LAST_RECEIVED >= ? AND FIRST_RECEIVED < ? ORDER BY LAST_SEQUENCE");
        select.setLong(1, after);
        select.setLong(2, Times.floorMillis(from));
        select.setLong(3, Times.ceilMillis(to));
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? RawBatch.unpack(row.getBytes(2), row.getLong(1)) : List.of();
        }
    }

    /**
     * Removes the oldest batches that were received before a time.
     *
     * @param limit at most so many, so that the transaction stays short
     * @return how many were removed
     */
    static int prune(Session session, Instant before, int limit) throws SQLException {
        long through = 0;
        int batches = 0;
        PreparedStatement select = session.prepare("SELECT LAST_SEQUENCE, LAST_RECEIVED" + BY_NUMBER);
        select.setLong(1, 0);
        try (ResultSet rows = select.executeQuery()) {
            while (batches < limit && rows.next() && rows.getLong(2) < before.toEpochMilli()) {
                through = rows.getLong(1);
                batches++;
            }
        }
        PreparedStatement delete = session.prepare("DELETE FROM ARCHIVE WHERE LAST_SEQUENCE <= ?");
        delete.setLong(1, through);
        delete.executeUpdate();
        Decodings.prune(session, through);
        ParkedTable.prune(session, through);
        return batches;
    }
}
