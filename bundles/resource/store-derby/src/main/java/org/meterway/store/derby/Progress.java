// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows that say how far messages are settled and archived. Runs in the caller's transaction. */
final class Progress {
    static final String SETTLED = "SETTLED";
    static final String ARCHIVED = "ARCHIVED";

    private Progress() {}

    static long read(Session session, String name) throws SQLException {
        PreparedStatement select = session.prepare("SELECT SEQUENCE FROM PROGRESS WHERE NAME = ?");
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    static void write(Session session, String name, long sequence) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE PROGRESS SET SEQUENCE = ? WHERE NAME = ?");
        update.setLong(1, sequence);
        update.setString(2, name);
        update.executeUpdate();
    }
}
