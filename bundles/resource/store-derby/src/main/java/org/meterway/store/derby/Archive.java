// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        PreparedStatement insert = session.prepare("INSERT INTO ARCHIVE VALUES (?, ?, ?, ?)");
        insert.setLong(1, messages.get(messages.size() - 1).sequence());
        insert.setLong(2, messages.get(0).sequence());
        insert.setLong(3, lastReceived);
        insert.setBytes(4, RawBatch.pack(messages));
        insert.executeUpdate();
    }

    static Optional<StoredMessage> find(Session session, long sequence) throws SQLException {
        PreparedStatement select = session.prepare("SELECT FIRST_SEQUENCE, BODY" + BY_NUMBER);
        select.setLong(1, sequence);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getLong(1) > sequence) {
                return Optional.empty();
            }
            int index = (int) (sequence - row.getLong(1));
            return Optional.of(new StoredMessage(sequence, RawBatch.unpack(row.getBytes(2), index)));
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
        return batches;
    }
}
