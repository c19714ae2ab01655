// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.contract.Samples;

class SchemaTest {
    private static final long CACHE = 8 * 1024 * 1024;

    private static final String ROW_OF_VERSION_ONE =
            "0100026d3192a0b4ae0d80cab5ee0101056c776d326d02166170706c69636174696f6e2f73656e6d6c2b63626f720300040a73656e6d6c2d"
                    + "63626f720503312e30028110011f0000ff81a088802009574154545f484f55520b880e90a0b4ae0d0180d3a6750000c0cef2ee0101"
                    + "02030405028111010e0000880ea0bcb4ae0d0182d3a675";
    private static final String BATCH_OF_VERSION_ONE =
            "0102300c060a0200040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    + "00000000000000000000000000000000000000000063ca3564cd29cf35ca154b2c28c8c94c4e2cc9cccfd32f4ecdcbcdd14e4eca2f"
                    + "62e002b375416c66433d0306306064626661659bb460cb3a5e8686535bdf311e38f7e91d232b6ba340a32000";

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
            // two messages in the archive and again in the intake table, as that version wrote them
            statement.executeUpdate(
                    "INSERT INTO ARCHIVE VALUES (2, 1, 1793493001501, CAST(X'" + BATCH_OF_VERSION_ONE + "' AS BLOB))");
            statement.executeUpdate(
                    "INSERT INTO INTAKE_0 VALUES (43, 42, CAST(X'" + ROW_OF_VERSION_ONE + "' AS BLOB))");
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
            List<StoredMessage> unsettled = store.unsettled(0, 10);
            assertEquals(
                    List.of(42L, 43L),
                    unsettled.stream().map(StoredMessage::sequence).toList());
            assertEquals(
                    123_000_001L, unsettled.get(1).message().readings().get(0).count());
            StoredMessage archived = store.message(2).orElseThrow();
            assertArrayEquals(
                    new byte[] {(byte) 0x81, 0x11}, archived.message().frame().bytes());
            assertEquals("senml-cbor", archived.message().codec());
            assertEquals(DaySpan.UNKNOWN, archived.days());
            MessagePage page = store.messages(0, 2, Instant.EPOCH, Instant.now(), "m1"::equals)
                    .orElseThrow();
            assertEquals(2, page.messages().size());
            assertEquals(44, store.append(messages(0, 1)));
            ProfileRow next = row(series("m1"), NOVEMBER_DAY, 1);
            store.settle(44, List.of(next));
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
