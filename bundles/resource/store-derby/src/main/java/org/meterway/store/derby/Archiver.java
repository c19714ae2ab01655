// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.derby.MessageRows.Detail;

/**
 * Moves raw bytes of settled messages from the intake tables to the archive, always a full batch, and empties the intake table
 * at rest. What is not a full batch yet stays readable in the intake tables. For one thread.
 */
final class Archiver {
    private static final int BATCH_MESSAGES = 512;
    private static final long BATCH_BYTES = 1_048_576;
    private static final int PRUNE_BATCHES = 100;

    private final Lane lane;
    private final IntakeTables tables;
    private final LongSupplier settled;
    private volatile long archived;

    Archiver(Lane lane, IntakeTables tables, LongSupplier settled, long archived) {
        this.lane = lane;
        this.tables = tables;
        this.settled = settled;
        this.archived = archived;
    }

    /** Whether there is a full batch to archive. */
    boolean hasWork() {
        return waiting() >= BATCH_MESSAGES;
    }

    /** How many settled messages are not archived yet. */
    long waiting() {
        return settled.getAsLong() - archived;
    }

    /** Archives one batch and truncates what is spent. */
    void step() {
        archived = lane.call("archive messages", this::batch);
        Optional<Integer> spent = tables.spent(archived);
        if (spent.isPresent()) {
            int table = spent.get();
            lane.call("empty an intake table", session -> {
                tables.truncate(session, table);
                return true;
            });
            tables.truncated(table);
        }
    }

    private long batch(Session session) throws SQLException {
        long from = Progress.read(session, Progress.ARCHIVED);
        long[] bytes = new long[1];
        List<StoredMessage> batch =
                tables.read(session, from, settled.getAsLong(), Detail.WITHOUT_READINGS, soFar -> isFull(soFar, bytes));
        if (batch.isEmpty()) {
            return from;
        }
        Archive.add(session, batch);
        long through = batch.get(batch.size() - 1).sequence();
        Progress.write(session, Progress.ARCHIVED, through);
        return through;
    }

    private static boolean isFull(List<StoredMessage> soFar, long[] bytes) {
        if (!soFar.isEmpty()) {
            bytes[0] += soFar.get(soFar.size() - 1).message().frame().bytes().length;
        }
        return soFar.size() >= BATCH_MESSAGES || bytes[0] >= BATCH_BYTES;
    }

    /** Removes raw bytes that are past their retention. */
    void prune(Duration retention, Clock clock) {
        int removed;
        do {
            removed = lane.call(
                    "remove raw bytes past their retention",
                    session -> Archive.prune(session, clock.instant().minus(retention), PRUNE_BATCHES));
        } while (removed == PRUNE_BATCHES);
    }
}
