// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A connection with its prepared statements, used by one thread. */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final int generation;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Session(Connection connection, int generation) {
        this.connection = connection;
        this.generation = generation;
    }

    /** Which opening of the database this connection belongs to, see {@link Database#generation()}. */
    int generation() {
        return generation;
    }

    /** The statement, prepared once; stays open with the session. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** As {@link #prepare}, for an insert whose generated key is asked for. */
    PreparedStatement prepareWithKey(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
            statements.put(sql, statement);
        }
        return statement;
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
