// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.derby.MessageRows.Detail;

/**
 * The two tables accepted messages are appended to. One is written; the other one is at rest until all of it is archived, then
 * it is truncated and they may change places. Appending is for one thread; reading for any.
 */
final class IntakeTables {
    /** A row ends when it has so many bytes: four of them share a page. */
    private static final int ROW_BYTES = 7_600;

    private final long rotateBytes;
    /** Highest number in each table, 0 when it is empty. Written by appends, and by truncation for the table at rest. */
    private final long[] last = new long[2];

    private int current;
    private long currentBytes;
    private boolean uncertain;
    private volatile long next;

    IntakeTables(long rotateBytes) {
        this.rotateBytes = rotateBytes;
    }

    /**
     * Finds out where to go on after a start.
     *
     * @param settled highest number settled
     */
    synchronized void load(Session session, long settled) throws SQLException {
        for (int table = 0; table < 2; table++) {
            try (ResultSet row = session.prepare("SELECT MAX(LAST_SEQUENCE), COUNT(*) FROM INTAKE_" + table)
                    .executeQuery()) {
                row.next();
                last[table] = row.getLong(1);
                if (table == 0 || last[1] > last[0]) {
                    current = table;
                    currentBytes = row.getLong(2) * ROW_BYTES;
                }
            }
        }
        next = Math.max(settled, Math.max(last[0], last[1])) + 1;
    }

    /** The number the next message gets. */
    long next() {
        return next;
    }

    /** Writes rows; {@link #appended} must follow when they are committed, {@link #appendFailed} when they are not. */
    long append(Session session, List<Message> messages) throws SQLException {
        if (uncertain) {
            // a commit that failed may have come through all the same, and its caller was told that it did not
            for (int table = 0; table < 2; table++) {
                PreparedStatement delete = session.prepare("DELETE FROM INTAKE_" + table + " WHERE LAST_SEQUENCE >= ?");
                delete.setLong(1, next);
                delete.executeUpdate();
            }
        }
        rotate();
        long first = next;
        long number = first;
        PreparedStatement insert = session.prepare("INSERT INTO INTAKE_" + current + " VALUES (?, ?, ?)");
        MessageRows.Writer row = new MessageRows.Writer();
        for (Message message : messages) {
            row.add(message);
            number++;
            if (row.size() >= ROW_BYTES) {
                insert(insert, first, number - 1, row);
                first = number;
                row = new MessageRows.Writer();
            }
        }
        if (first < number) {
            insert(insert, first, number - 1, row);
        }
        return next;
    }

    private void insert(PreparedStatement insert, long first, long last, MessageRows.Writer row) throws SQLException {
        byte[] body = row.toByteArray();
        insert.setLong(1, last);
        insert.setLong(2, first);
        insert.setBytes(3, body);
        insert.executeUpdate();
        currentBytes += body.length;
    }

    private synchronized void rotate() {
        if (currentBytes >= rotateBytes && last[1 - current] == 0) {
            current = 1 - current;
            currentBytes = 0;
        }
    }

    synchronized void appended(int count) {
        next += count;
        last[current] = next - 1;
        uncertain = false;
    }

    void appendFailed() {
        uncertain = true;
    }

    /** The table at rest, if it holds messages and all of them are archived. */
    synchronized Optional<Integer> spent(long archived) {
        int resting = 1 - current;
        return last[resting] != 0 && last[resting] <= archived ? Optional.of(resting) : Optional.empty();
    }

    /** Empties a table found by {@link #spent}; {@link #truncated} must follow when that is committed. */
    void truncate(Session session, int table) throws SQLException {
        session.prepare("TRUNCATE TABLE INTAKE_" + table).executeUpdate();
    }

    synchronized void truncated(int table) {
        last[table] = 0;
    }

    /**
     * Messages in order.
     *
     * @param after only those with a higher number
     * @param through none with a higher number
     * @param enough asked before each further message
     */
    List<StoredMessage> read(
            Session session, long after, long through, Detail detail, Predicate<List<StoredMessage>> enough)
            throws SQLException {
        List<StoredMessage> found = new ArrayList<>();
        long end = Math.min(through, next - 1);
        for (int table : inOrder()) {
            PreparedStatement select = session.prepare("SELECT FIRST_SEQUENCE, LAST_SEQUENCE, BODY FROM INTAKE_" + table
                    + " --DERBY-PROPERTIES constraint=INTAKE_" + table + "_KEY\n"
                    + " WHERE LAST_SEQUENCE > ? ORDER BY LAST_SEQUENCE");
            select.setLong(1, after);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    long first = rows.getLong(1);
                    if (first > end) {
                        break;
                    }
                    int count = (int) (rows.getLong(2) - first + 1);
                    for (StoredMessage message : MessageRows.read(rows.getBytes(3), first, count, detail)) {
                        if (message.sequence() > after && message.sequence() <= end) {
                            if (enough.test(found)) {
                                return found;
                            }
                            found.add(message);
                        }
                    }
                }
            }
        }
        return found;
    }

    private synchronized int[] inOrder() {
        return new int[] {1 - current, current};
    }
}
