// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.derby.MessageRows.Detail;

/**
 * Finds messages, be they in the intake tables or in the archive. Of one transaction: it keeps the batch unpacked last, as
 * messages that are asked for together often lie together.
 */
final class MessageFinder {
    private static final int PAGE_MESSAGES = 512;

    private final Session session;
    private final IntakeTables tables;
    private List<StoredMessage> batch = List.of();

    MessageFinder(Session session, IntakeTables tables) {
        this.session = session;
        this.tables = tables;
    }

    Optional<StoredMessage> find(long sequence) throws SQLException {
        if (!has(sequence)) {
            // first where it was, then where it is moved to: so it cannot be missed on its way
            List<StoredMessage> found =
                    tables.read(session, sequence - 1, sequence, Detail.WITH_READINGS, soFar -> !soFar.isEmpty());
            if (!found.isEmpty()) {
                return Decodings.apply(session, found).stream().findFirst();
            }
            batch = Archive.batchOf(session, sequence);
            if (!has(sequence)) {
                return Optional.empty();
            }
        }
        StoredMessage found = batch.get((int) (sequence - batch.get(0).sequence()));
        return Decodings.apply(session, List.of(found)).stream().findFirst();
    }

    private boolean has(long sequence) {
        return !batch.isEmpty()
                && batch.get(0).sequence() <= sequence
                && sequence <= batch.get(batch.size() - 1).sequence();
    }

    /** @param end highest number there is */
    Optional<MessagePage> page(long after, long end, Instant from, Instant to, Predicate<String> meters)
            throws SQLException {
        List<StoredMessage> part = part(after, end, from, to);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        List<StoredMessage> wanted = part.stream()
                .filter(stored -> stored.sequence() > after && stored.sequence() <= end)
                .filter(stored -> isWanted(stored.message().frame(), from, to, meters))
                .toList();
        long through = Math.min(end, part.get(part.size() - 1).sequence());
        return Optional.of(new MessagePage(Decodings.apply(session, wanted), through));
    }

    private List<StoredMessage> part(long after, long end, Instant from, Instant to) throws SQLException {
        while (true) {
            // the tables first: what is moved after that is found in the archive
            List<StoredMessage> first =
                    tables.read(session, after, end, Detail.WITHOUT_READINGS, soFar -> !soFar.isEmpty());
            boolean inTables = !first.isEmpty();
            if (!inTables || first.get(0).sequence() > after + 1) {
                List<StoredMessage> archived = Archive.next(session, after, from, to);
                if (!archived.isEmpty()
                        && (!inTables
                                || archived.get(0).sequence() < first.get(0).sequence())) {
                    return archived;
                }
            }
            if (!inTables) {
                return List.of();
            }
            List<StoredMessage> part =
                    tables.read(session, after, end, Detail.WITH_READINGS, soFar -> soFar.size() >= PAGE_MESSAGES);
            if (!part.isEmpty() && part.get(0).sequence() == first.get(0).sequence()) {
                return part;
            }
        }
    }

    private static boolean isWanted(Frame frame, Instant from, Instant to, Predicate<String> meters) {
        return !frame.receivedAt().isBefore(from) && frame.receivedAt().isBefore(to) && meters.test(frame.meter());
    }
}
