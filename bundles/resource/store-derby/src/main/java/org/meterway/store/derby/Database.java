// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.derby.jdbc.EmbeddedDriver;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database in its folder: boots it, hands out connections, boots it again after a failure that took it down, shuts it down.
 * Thread-safe.
 */
final class Database implements AutoCloseable {
    /** Derby's severities (org.apache.derby.shared.common.error.ExceptionSeverity): the connection, the database, the system is gone. */
    private static final int SESSION_SEVERITY = 40_000;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int PAGE_BYTES = 32_768;
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** Databases open in this class loader; the engine ends with the last of them. */
    private static int open;

    private final Path folder;
    private final List<Schema.Step> steps;
    private EmbeddedDriver driver;
    private volatile int generation;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile Optional<String> failure = Optional.empty();
    private long failedNanos;

    /**
     * Opens the database, creates it if there is none.
     *
     * @param folder belongs to the store alone
     * @param pageCacheBytes memory for pages
     * @throws StoreException if the database is of a newer version, or its folder cannot be used
     */
    Database(Path folder, long pageCacheBytes, List<Schema.Step> steps) {
        this.folder = folder;
        this.steps = steps;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreException("the store's folder " + folder + " cannot be created: " + e.getMessage(), e);
        }
        synchronized (Database.class) {
            settings(folder, pageCacheBytes);
            open++;
        }
        try {
            boot();
        } catch (SQLException e) {
            stop();
            release();
            throw new StoreException("the store in " + folder + " cannot be opened: " + reason(e), e);
        } catch (RuntimeException e) {
            stop();
            release();
            throw e;
        }
    }

    private static void settings(Path folder, long pageCacheBytes) {
        System.setProperty(
                "derby.stream.error.file", folder.resolve("derby.log").toString());
        System.setProperty("derby.storage.pageCacheSize", Long.toString(Math.max(40, pageCacheBytes / PAGE_BYTES)));
        System.setProperty("derby.storage.logSwitchInterval", "4194304");
        System.setProperty("derby.storage.checkpointInterval", "33554432");
        System.setProperty("derby.storage.indexStats.auto", "false");
        System.setProperty("derby.locks.escalationThreshold", "1000000");
        System.setProperty("derby.locks.deadlockTimeout", "2");
        System.setProperty("derby.locks.waitTimeout", "30");
        // "test" would give up durability, and taints a database for good
        System.clearProperty("derby.system.durability");
    }

    /** Which opening of the database this is; connections of an earlier one are dead. */
    int generation() {
        return generation;
    }

    /** Why the database is down, empty while it works. */
    Optional<String> failure() {
        return failure;
    }

    /** A new connection without auto-commit; boots the database when it is down, at most twice a second. */
    synchronized Connection connect() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (!running) {
            if (System.nanoTime() - failedNanos < RETRY_NANOS) {
                throw new SQLException("the store is down: " + failure.orElse("unknown"));
            }
            stop();
            try {
                boot();
                LOG.info("The store works again");
            } catch (SQLException | RuntimeException e) {
                failedNanos = System.nanoTime();
                failure = Optional.of(reason(e));
                throw e;
            }
        }
        try {
            return connection("");
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    /** Tells that a call failed; a failure that took the database down makes the next {@link #connect} boot it. */
    synchronized void failed(SQLException e) {
        if (running && isFatal(e)) {
            running = false;
            failedNanos = System.nanoTime();
            failure = Optional.of(reason(e));
            LOG.error("The store is down and will be opened again: {}", reason(e));
        }
    }

    /** Whether the connection, and perhaps the whole database, is gone. */
    static boolean isFatal(SQLException e) {
        for (SQLException at = e; at != null; at = at.getNextException()) {
            String state = at.getSQLState() == null ? "" : at.getSQLState();
            if (at.getErrorCode() >= SESSION_SEVERITY || state.startsWith("08") || state.startsWith("XSL")) {
                return true;
            }
        }
        return false;
    }

    /** What went wrong in a line: the innermost cause says most. */
    static String reason(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        String innermost = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
        String outermost = failure.getMessage();
        return at == failure || outermost == null || outermost.contains(innermost)
                ? String.valueOf(outermost == null ? innermost : outermost)
                : outermost + " (" + innermost + ")";
    }

    private void boot() throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(EmbeddedDriver.class.getClassLoader());
        try {
            synchronized (Database.class) {
                driver = new EmbeddedDriver();
            }
            try (Connection connection = connection(";create=true")) {
                Schema.migrate(connection, steps);
            }
            generation++;
            running = true;
            failure = Optional.empty();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Connection connection(String attributes) throws SQLException {
        Connection connection = driver.connect("jdbc:derby:" + folder.resolve("db") + attributes, new Properties());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return connection;
    }

    private void stop() {
        running = false;
        shutdown("jdbc:derby:" + folder.resolve("db") + ";shutdown=true");
    }

    private void shutdown(String url) {
        try {
            driver.connect(url, new Properties());
        } catch (SQLException e) {
            // 08006 and XJ015 are how Derby says that it has shut down; XJ004: there was nothing to shut down
            if (!List.of("08006", "XJ015", "XJ004", "08003").contains(e.getSQLState())) {
                LOG.warn("The store did not shut down cleanly: {}", reason(e));
            }
        }
    }

    private void release() {
        synchronized (Database.class) {
            open--;
            if (open == 0) {
                shutdown("jdbc:derby:;shutdown=true");
            }
        }
    }

    /** Shuts the database down; all its connections are dead afterwards. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            stop();
            release();
        }
    }
}
