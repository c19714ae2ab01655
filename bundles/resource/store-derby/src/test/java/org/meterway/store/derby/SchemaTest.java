// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.store.contract.Samples.NOVEMBER_DAY;
import static org.meterway.store.contract.Samples.messages;
import static org.meterway.store.contract.Samples.row;
import static org.meterway.store.contract.Samples.series;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.StoreException;
import org.meterway.store.contract.Samples;

class SchemaTest {
    private static final long CACHE = 8 * 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void aStoreOfVersionOneIsReadByThisBundle() throws SQLException {
        // frozen-1.sql is what version 1 looked like when it was released; it is never changed
        List<Schema.Step> versionOne = List.of(Schema.script("frozen-1.sql"));
        try (Database database = new Database(folder, CACHE, versionOne);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO SERIES VALUES (7, 'm1', 1099528929535, 'WATT_HOUR', -6, 1800, 20000," + " 20001)");
            statement.executeUpdate("INSERT INTO PROFILE VALUES (20000, 7, 2, CAST(X'0102' AS BLOB)),"
                    + " (20001, 7, 1, CAST(X'03' AS BLOB))");
            statement.executeUpdate("UPDATE PROGRESS SET SEQUENCE = 41 WHERE NAME = 'SETTLED'");
            connection.commit();
        }
        DerbyStore store = Stores.open(folder);
        try {
            assertEquals(41, store.settled());
            List<ProfileRow> rows = new ArrayList<>();
            store.profiles(List.of("m1"), Optional.empty(), 0, 30_000, rows::add);
            assertEquals(List.of(2, 1), rows.stream().map(ProfileRow::present).toList());
            assertEquals(Samples.IMPORT, rows.get(0).key().series().quantity());
            assertEquals(42, store.append(messages(0, 1)));
            ProfileRow next = row(series("m1"), NOVEMBER_DAY, 1);
            store.settle(42, List.of(next));
            Samples.assertSame(List.of(next), store.profiles(List.of(next.key())));
        } finally {
            store.close();
        }
    }

    @Test
    void stepsAreRunOnceInOrder() throws SQLException {
        List<Schema.Step> steps = new ArrayList<>(Schema.STEPS);
        new Database(folder, CACHE, steps).close();
        steps.add(connection -> run(connection, "CREATE TABLE LATER (A INTEGER)"));
        steps.add(connection -> run(connection, "INSERT INTO LATER VALUES 1"));
        new Database(folder, CACHE, steps).close();
        try (Database database = new Database(folder, CACHE, steps);
                Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "VALUES ((SELECT COUNT(*) FROM LATER), (SELECT MAX(VERSION) FROM SCHEMA_VERSION))")) {
            rows.next();
            assertEquals(1, rows.getInt(1));
            assertEquals(steps.size(), rows.getInt(2));
            connection.rollback();
        }
    }

    @Test
    void aStepThatFailsLeavesTheVersionBefore() {
        DerbyStore store = Stores.open(folder);
        store.append(messages(0, 3));
        store.close();
        List<Schema.Step> steps = new ArrayList<>(Schema.STEPS);
        steps.add(connection -> {
            run(connection, "DROP TABLE INTAKE_0");
            run(connection, "CREATE NONSENSE");
        });
        assertThrows(StoreException.class, () -> new Database(folder, CACHE, steps));
        DerbyStore again = Stores.open(folder);
        assertEquals(3, again.unsettled(0, 10).size());
        again.close();
    }

    @Test
    void aNewerStoreIsRefusedWithBothVersions() {
        List<Schema.Step> steps = new ArrayList<>(Schema.STEPS);
        steps.add(connection -> run(connection, "CREATE TABLE LATER (A INTEGER)"));
        new Database(folder, CACHE, steps).close();
        StoreException refused = assertThrows(StoreException.class, () -> Stores.open(folder));
        assertTrue(refused.getMessage().contains("version " + steps.size()), refused.getMessage());
        assertTrue(refused.getMessage().contains("up to " + Schema.STEPS.size()), refused.getMessage());
        new Database(folder, CACHE, steps).close();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
