// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The versions of the tables. Version n is reached by the first n steps, each run once, in a transaction of its own. */
final class Schema {
    /** All steps so far. A step that was released is never changed; add one. */
    static final List<Step> STEPS = List.of(script("schema-1.sql"), script("schema-2.sql"));

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private Schema() {}

    /** One step from a version to the next. */
    @FunctionalInterface
    interface Step {
        void run(Connection connection) throws SQLException;
    }

    /** The statements of a resource, separated by semicolons at line ends; lines that start with {@code --} are comments. */
    static Step script(String resource) {
        return connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements(resource)) {
                    statement.execute(sql);
                }
            }
        };
    }

    /**
     * Brings a database to the newest version.
     *
     * @param connection without auto-commit
     * @throws StoreException if the database is newer than the steps
     */
    static void migrate(Connection connection, List<Step> steps) throws SQLException {
        int found = version(connection);
        if (found > steps.size()) {
            throw new StoreException("the store is of version " + found + ", this bundle knows versions up to "
                    + steps.size() + ": install the newer bundle, or restore an older backup");
        }
        for (int next = found; next < steps.size(); next++) {
            try (Statement statement = connection.createStatement()) {
                steps.get(next).run(connection);
                statement.executeUpdate("INSERT INTO SCHEMA_VERSION VALUES (" + (next + 1) + ", CURRENT_TIMESTAMP)");
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
            LOG.info("The store's tables are at version {} now", next + 1);
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (ResultSet tables =
                connection.getMetaData().getTables(null, null, "SCHEMA_VERSION", new String[] {"TABLE"})) {
            if (!tables.next()) {
                return 0;
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(VERSION) FROM SCHEMA_VERSION")) {
            row.next();
            int version = row.getInt(1);
            connection.commit();
            return version;
        }
    }

    private static List<String> statements(String resource) {
        try (InputStream in = Schema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.replaceAll("(?m)^\\s*--.*$", "").split(";\\s*(?:\\n|$)")).stream()
                    .map(String::strip)
                    .filter(sql -> !sql.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
