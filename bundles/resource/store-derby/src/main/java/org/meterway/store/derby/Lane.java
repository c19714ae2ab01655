// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that alone touch the database, each with a connection of its own. Callers wait for them without being interruptible:
 * an interrupt that reached Derby in the middle of a write could kill the connection. Thread-safe.
 */
final class Lane implements AutoCloseable {
    /** Derby's SQL states for "chosen as the victim of a deadlock" and "waited too long for a lock". */
    private static final List<String> LOCKED = List.of("40001", "40XL1", "40XL2");

    private static final int ATTEMPTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Database database;
    private final ExecutorService threads;
    private final ThreadLocal<Session> sessions = new ThreadLocal<>();
    private final List<Session> all = new CopyOnWriteArrayList<>();

    Lane(Database database, String name, int size) {
        this.database = database;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(size, work -> {
            Thread thread =
                    new Thread(work, "meterway-store-" + name + (size == 1 ? "" : "-" + number.incrementAndGet()));
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Work in one transaction. It may run more than once: after a deadlock it is rolled back and repeated. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /**
     * Runs work in a transaction and waits for it.
     *
     * @param what for the message of a failure, for example {@code "append 12 messages"}
     * @throws StoreException if it failed; nothing of it was kept
     */
    <T> T call(String what, Work<T> work) {
        Future<T> future;
        try {
            future = threads.submit(() -> inTransaction(what, work));
        } catch (RejectedExecutionException e) {
            throw new StoreException("cannot " + what + ": the store is closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(what, e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failure(String what, Throwable cause) {
        if (cause instanceof StoreException failed) {
            return new StoreException(failed.getMessage(), failed);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new StoreException("cannot " + what + ": " + cause, cause);
    }

    private <T> T inTransaction(String what, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                Session session = session();
                T result = work.run(session);
                session.commit();
                return result;
            } catch (SQLException e) {
                undo(e);
                if (attempt == ATTEMPTS || !LOCKED.contains(e.getSQLState())) {
                    throw new StoreException("cannot " + what + ": " + Database.reason(e), e);
                }
            } catch (RuntimeException | Error e) {
                undo(e);
                throw e;
            }
        }
    }

    private Session session() throws SQLException {
        Session session = sessions.get();
        if (session != null && session.generation() != database.generation()) {
            discard(session);
            session = null;
        }
        if (session == null) {
            synchronized (database) {
                session = new Session(database.connect(), database.generation());
            }
            sessions.set(session);
            all.add(session);
        }
        return session;
    }

    private void undo(Throwable failure) {
        Session session = sessions.get();
        if (failure instanceof SQLException e) {
            database.failed(e);
        }
        if (session == null) {
            return;
        }
        try {
            session.rollback();
            if (failure instanceof SQLException e && Database.isFatal(e)) {
                discard(session);
            }
        } catch (SQLException e) {
            database.failed(e);
            discard(session);
        }
    }

    private void discard(Session session) {
        sessions.remove();
        all.remove(session);
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("A connection that was given up did not close", e);
        }
    }

    /** Waits for work under way and closes the connections. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("The store still works on something after 30 s and closes all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Session session : all) {
            try {
                session.close();
            } catch (SQLException e) {
                LOG.debug("A connection did not close", e);
            }
        }
    }
}
