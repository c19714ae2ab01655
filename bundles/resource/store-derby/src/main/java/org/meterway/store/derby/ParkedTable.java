// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.ParkedEntry;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.StoredMessage;

/** Parked frames: those that were refused with their bytes, the others by their message. Runs in the caller's transaction. */
final class ParkedTable {
    private static final int FORMAT = 1;
    private static final int MOST_TEXT = 1_000;
    private static final long PAGE_BYTES = 4L << 20;
    /** Ends the text in a key: SQL would take {@code "a"} and {@code "a "} for the same. */
    private static final String END = "\0";

    private ParkedTable() {}

    /** Finds a message by its number, in the transaction under way. */
    @FunctionalInterface
    interface Messages {
        Optional<StoredMessage> find(long sequence) throws SQLException;
    }

    static void write(Session session, List<ParkedFrame> frames) throws SQLException {
        PreparedStatement update = session.prepare(
                "UPDATE PARKED SET MESSAGE = ?, METER = ?, BYTES = ?, BODY = ? WHERE PARKED_NUMBER = ?");
        PreparedStatement insert = session.prepare(
                "INSERT INTO PARKED (MESSAGE, METER, BYTES, BODY, PARKED_NUMBER) VALUES (?, ?, ?, ?, ?)");
        for (ParkedFrame parked : frames) {
            byte[] body = pack(parked);
            if (put(update, parked, body) == 0) {
                put(insert, parked, body);
            }
        }
    }

    private static int put(PreparedStatement statement, ParkedFrame parked, byte[] body) throws SQLException {
        statement.setLong(1, parked.message());
        statement.setString(2, parked.frame().meter() + END);
        statement.setInt(3, parked.frame().bytes().length);
        statement.setBytes(4, body);
        statement.setLong(5, parked.number());
        return statement.executeUpdate();
    }

    static void remove(Session session, Collection<Long> numbers) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM PARKED WHERE PARKED_NUMBER = ?");
        for (long number : numbers) {
            delete.setLong(1, number);
            delete.executeUpdate();
        }
    }

    /** Forgets those whose messages are past their retention. */
    static void prune(Session session, long through) throws SQLException {
        PreparedStatement delete = session.prepare("DELETE FROM PARKED WHERE MESSAGE > 0 AND MESSAGE <= ?");
        delete.setLong(1, through);
        delete.executeUpdate();
    }

    static List<ParkedEntry> entries(Session session) throws SQLException {
        List<ParkedEntry> entries = new ArrayList<>();
        try (ResultSet rows = session.prepare(
                        "SELECT PARKED_NUMBER, MESSAGE, METER, BYTES FROM PARKED ORDER BY PARKED_NUMBER")
                .executeQuery()) {
            while (rows.next()) {
                String meter = rows.getString(3);
                entries.add(new ParkedEntry(
                        rows.getLong(1),
                        rows.getLong(2),
                        meter.substring(0, meter.length() - END.length()),
                        rows.getInt(4)));
            }
        }
        return entries;
    }

    /**
     * A page of parked frames.
     *
     * @param newestFirst whether they come in falling order, below the number, or in rising order, above it
     */
    static List<ParkedFrame> page(
            Session session, Optional<String> meter, long beyond, boolean newestFirst, int limit, Messages messages)
            throws SQLException {
        String order = newestFirst
                ? "PARKED_NUMBER < ? ORDER BY PARKED_NUMBER DESC"
                : "PARKED_NUMBER > ? ORDER BY PARKED_NUMBER";
        PreparedStatement select =
                session.prepare("SELECT PARKED_NUMBER, MESSAGE, METER, BODY, BYTES FROM PARKED WHERE "
                        + (meter.isPresent() ? "METER = ? AND " : "") + order);
        int column = 1;
        if (meter.isPresent()) {
            select.setString(column++, meter.get() + END);
        }
        select.setLong(column, beyond);
        List<ParkedFrame> page = new ArrayList<>();
        long bytes = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (page.size() < limit && bytes < PAGE_BYTES && rows.next()) {
                long message = rows.getLong(2);
                byte[] body = rows.getBytes(4);
                Optional<Frame> frame = message == 0
                        ? Optional.of(frame(rows.getString(3), body))
                        : messages.find(message).map(stored -> stored.message().frame());
                if (frame.isPresent()) {
                    page.add(unpack(rows.getLong(1), message, frame.get(), body));
                    bytes += frame.get().bytes().length;
                }
            }
        }
        return page;
    }

    private static byte[] pack(ParkedFrame parked) {
        ByteSink sink = new ByteSink(256);
        sink.octet(FORMAT);
        sink.text(Decodings.cut(parked.codec(), MOST_TEXT));
        sink.text(Decodings.cut(parked.codecVersion(), MOST_TEXT));
        sink.text(Decodings.cut(parked.field(), MOST_TEXT));
        sink.zigzag(parked.offset());
        sink.text(Decodings.cut(parked.reason(), MOST_TEXT));
        sink.varint(parked.invocations().size());
        parked.invocations().forEach((originator, counter) -> {
            sink.text(originator);
            sink.zigzag(counter);
        });
        if (parked.refused()) {
            Frame frame = parked.frame();
            sink.text(frame.channel());
            sink.text(frame.contentType());
            sink.text(frame.target());
            sink.zigzag(frame.receivedAt().getEpochSecond());
            sink.varint(frame.receivedAt().getNano());
            sink.block(frame.bytes());
        }
        return sink.toByteArray();
    }

    private static ParkedFrame unpack(long number, long message, Frame frame, byte[] body) {
        ByteSource source = source(body);
        return new ParkedFrame(
                number,
                message,
                frame,
                source.text(),
                source.text(),
                source.text(),
                (int) source.zigzag(),
                source.text(),
                invocations(source));
    }

    private static Frame frame(String meterKey, byte[] body) {
        ByteSource source = source(body);
        source.text();
        source.text();
        source.text();
        source.zigzag();
        source.text();
        invocations(source);
        String meter = meterKey.substring(0, meterKey.length() - END.length());
        return new Frame(
                meter,
                source.text(),
                source.text(),
                source.text(),
                Instant.ofEpochSecond(source.zigzag(), source.varint()),
                source.block());
    }

    private static ByteSource source(byte[] body) {
        ByteSource source = new ByteSource(body);
        if (source.octet() != FORMAT) {
            throw ByteSource.damaged();
        }
        return source;
    }

    private static Map<String, Long> invocations(ByteSource source) {
        int count = source.count();
        Map<String, Long> invocations = new HashMap<>();
        for (int i = 0; i < count; i++) {
            invocations.put(source.text(), source.zigzag());
        }
        return invocations;
    }
}
