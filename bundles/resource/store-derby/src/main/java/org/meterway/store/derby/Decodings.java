// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Decoding;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoredMessage;

/** Which codec decoded a message late or again. Runs in the caller's transaction. */
final class Decodings {
    private static final int MOST_TEXT = 255;

    private Decodings() {}

    static void write(Session session, List<Decoding> decodings) throws SQLException {
        PreparedStatement update = session.prepare(
                "UPDATE DECODED SET CODEC = ?, CODEC_VERSION = ?, FIRST_DAY = ?, LAST_DAY = ? WHERE MESSAGE = ?");
        PreparedStatement insert = session.prepare(
                "INSERT INTO DECODED (CODEC, CODEC_VERSION, FIRST_DAY, LAST_DAY, MESSAGE) VALUES (?, ?, ?, ?, ?)");
        for (Decoding decoding : decodings) {
            if (put(update, decoding) == 0) {
                put(insert, decoding);
            }
        }
    }

    private static int put(PreparedStatement statement, Decoding decoding) throws SQLException {
        statement.setString(1, cut(decoding.codec(), MOST_TEXT));
        statement.setString(2, cut(decoding.codecVersion(), MOST_TEXT));
        statement.setLong(3, decoding.days().first());
        statement.setLong(4, decoding.days().last());
        statement.setLong(5, decoding.message());
        return statement.executeUpdate();
    }

    /** A text as long as its column. */
    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    /**
     * Says of messages by which codec they were decoded last.
     *
     * @param messages in the order of their numbers
     */
    static List<StoredMessage> apply(Session session, List<StoredMessage> messages) throws SQLException {
        if (messages.isEmpty()) {
            return messages;
        }
        Map<Long, Decoding> found = read(
                session,
                messages.get(0).sequence(),
                messages.get(messages.size() - 1).sequence());
        if (found.isEmpty()) {
            return messages;
        }
        List<StoredMessage> result = new ArrayList<>(messages.size());
        for (StoredMessage stored : messages) {
            Decoding decoding = found.get(stored.sequence());
            result.add(decoding == null ? stored : with(stored, decoding));
        }
        return result;
    }

    private static StoredMessage with(StoredMessage stored, Decoding decoding) {
        Message message = stored.message();
        Message decoded = new Message(
                message.frame(), decoding.codec(), decoding.codecVersion(), message.readings(), message.invocation());
        return new StoredMessage(stored.sequence(), decoded, decoding.days());
    }

    private static Map<Long, Decoding> read(Session session, long first, long last) throws SQLException {
        PreparedStatement select =
                session.prepare("SELECT MESSAGE, CODEC, CODEC_VERSION, FIRST_DAY, LAST_DAY FROM DECODED"
                        + " --DERBY-PROPERTIES constraint=DECODED_KEY\n WHERE MESSAGE BETWEEN ? AND ?");
        select.setLong(1, first);
        select.setLong(2, last);
        Map<Long, Decoding> found = new HashMap<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                DaySpan days = new DaySpan(rows.getLong(4), rows.getLong(5));
                found.put(rows.getLong(1), new Decoding(rows.getLong(1), rows.getString(2), rows.getString(3), days));
            }
        }
        return found;
    }

    static void prune(Session session, long through) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM DECODED WHERE MESSAGE <= ?");
        delete.setLong(1, through);
        delete.executeUpdate();
    }
}
