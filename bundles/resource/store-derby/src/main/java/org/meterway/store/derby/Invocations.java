// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.meterway.api.store.LastInvocation;

/** The last invocation counters. Runs in the caller's transaction. */
final class Invocations {
    /** Ends every text in a key: SQL would take {@code "a"} and {@code "a "} for the same. */
    private static final String END = "\0";

    private Invocations() {}

    static void write(Session session, List<LastInvocation> invocations) throws SQLException {
        PreparedStatement update =
                session.prepare("UPDATE INVOCATION SET COUNTER = ?, LATE = ? WHERE METER = ? AND ORIGINATOR = ?");
        PreparedStatement insert =
                session.prepare("INSERT INTO INVOCATION (COUNTER, LATE, METER, ORIGINATOR) VALUES (?, ?, ?, ?)");
        for (LastInvocation last : invocations) {
            if (put(update, last) == 0) {
                put(insert, last);
            }
        }
    }

    private static int put(PreparedStatement statement, LastInvocation last) throws SQLException {
        statement.setLong(1, last.counter());
        statement.setLong(2, last.late());
        statement.setString(3, last.meter() + END);
        statement.setString(4, last.originator() + END);
        return statement.executeUpdate();
    }

    static List<LastInvocation> read(Session session) throws SQLException {
        List<LastInvocation> all = new ArrayList<>();
        try (ResultSet rows = session.prepare("SELECT METER, ORIGINATOR, COUNTER, LATE FROM INVOCATION")
                .executeQuery()) {
            while (rows.next()) {
                all.add(new LastInvocation(
                        text(rows.getString(1)), text(rows.getString(2)), rows.getLong(3), rows.getLong(4)));
            }
        }
        return all;
    }

    private static String text(String key) {
        return key.substring(0, key.length() - END.length());
    }
}
