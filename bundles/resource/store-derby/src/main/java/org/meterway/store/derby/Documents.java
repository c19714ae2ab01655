// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.store.DocumentStore.Change;

/** The table of documents. Runs in the caller's transaction. */
final class Documents {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int PAGE_BYTES = 1024 * 1024;
    private static final int PAGE_ROWS = 1_000;
    /** Ends every text in a key: SQL would take {@code "a"} and {@code "a "} for the same. */
    private static final String END = "\0";

    private Documents() {}

    /** @throws IllegalArgumentException if a change is outside the limits of the contract */
    static void check(List<Change> changes) {
        for (Change change : changes) {
            length("collection", change.collection(), 64);
            length("key", change.key(), 255);
            change.document().ifPresent(document -> {
                if (document.length > MOST_BYTES) {
                    throw new IllegalArgumentException("document " + change.collection() + "/" + change.key()
                            + " must be at most 1 MiB, was " + document.length + " bytes");
                }
            });
        }
    }

    private static void length(String what, String value, int most) {
        if (value.isEmpty() || value.length() > most) {
            throw new IllegalArgumentException(
                    what + " must be 1–" + most + " characters, was '" + value + "' (" + value.length() + ")");
        }
    }

    static Optional<byte[]> get(Session session, String collection, String key) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT BODY FROM DOCUMENT WHERE COLLECTION = ? AND DOCUMENT_KEY = ?");
        select.setString(1, collection + END);
        select.setString(2, key + END);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
        }
    }

    /** Some documents after a key, in order; an empty list when there are no more. */
    static List<Map.Entry<String, byte[]>> page(Session session, String collection, String after) throws SQLException {
        PreparedStatement select = session.prepare("SELECT DOCUMENT_KEY, BODY FROM DOCUMENT"
                + " --DERBY-PROPERTIES constraint=DOCUMENT_PLACE\n"
                + " WHERE COLLECTION = ? AND DOCUMENT_KEY > ? ORDER BY DOCUMENT_KEY");
        select.setString(1, collection + END);
        select.setString(2, after.isEmpty() ? "" : after + END);
        List<Map.Entry<String, byte[]>> page = new ArrayList<>();
        int bytes = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (page.size() < PAGE_ROWS && bytes < PAGE_BYTES && rows.next()) {
                String key = rows.getString(1);
                byte[] body = rows.getBytes(2);
                page.add(Map.entry(key.substring(0, key.length() - END.length()), body));
                bytes += body.length;
            }
        }
        return page;
    }

    static void write(Session session, List<Change> changes) throws SQLException {
        PreparedStatement update =
                session.prepare("UPDATE DOCUMENT SET BODY = ? WHERE COLLECTION = ? AND DOCUMENT_KEY = ?");
        PreparedStatement insert =
                session.prepare("INSERT INTO DOCUMENT (BODY, COLLECTION, DOCUMENT_KEY) VALUES (?, ?, ?)");
        PreparedStatement delete = session.prepare("DELETE FROM DOCUMENT WHERE COLLECTION = ? AND DOCUMENT_KEY = ?");
        for (Change change : changes) {
            if (change.document().isEmpty()) {
                delete.setString(1, change.collection() + END);
                delete.setString(2, change.key() + END);
                delete.executeUpdate();
            } else if (put(update, change) == 0) {
                put(insert, change);
            }
        }
    }

    private static int put(PreparedStatement statement, Change change) throws SQLException {
        statement.setBytes(1, change.document().orElseThrow());
        statement.setString(2, change.collection() + END);
        statement.setString(3, change.key() + END);
        return statement.executeUpdate();
    }
}
