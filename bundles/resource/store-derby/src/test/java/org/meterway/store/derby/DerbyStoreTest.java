// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.store.contract.Samples.NOVEMBER;
import static org.meterway.store.contract.Samples.NOVEMBER_DAY;
import static org.meterway.store.contract.Samples.messages;
import static org.meterway.store.contract.Samples.row;
import static org.meterway.store.contract.Samples.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.health.Health;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.contract.Samples;
import org.osgi.util.converter.Converters;

class DerbyStoreTest {
    @TempDir
    Path folder;

    @Test
    void intakeTablesTakeTurnsAndAreEmptiedOnceArchived() {
        List<Message> written = messages(0, 6_000);
        Archiver archiver;
        try (Database database = new Database(folder, 8_000_000, Schema.STEPS);
                Lane lane = new Lane(database, "test", 1)) {
            IntakeTables tables = new IntakeTables(50_000);
            archiver = new Archiver(lane, tables, () -> tables.next() - 1, 0);
            lane.call("load", session -> {
                tables.load(session, 0);
                return 0;
            });
            long most = 0;
            for (int from = 0; from < 6_000; from += 100) {
                int at = from;
                lane.call("append", session -> tables.append(session, written.subList(at, at + 100)));
                tables.appended(100);
                while (archiver.hasWork()) {
                    archiver.step();
                }
                most = Math.max(most, lane.call("count", session -> rows(session, 0) + rows(session, 1)));
            }
            assertTrue(most * 7_600 < 250_000, most + " rows in the intake tables");
            assertEquals(11, lane.call("count", DerbyStoreTest::batches));
        }
        DerbyStore store = Stores.open(folder);
        try {
            for (int i = 0; i < 6_000; i += 17) {
                Samples.assertSameRaw(
                        written.get(i), store.message(i + 1L).orElseThrow().message());
            }
        } finally {
            store.close();
        }
    }

    @Test
    void anAppendThatWasCommittedButReportedAsFailedIsNotSeen() {
        try (Database database = new Database(folder, 8_000_000, Schema.STEPS);
                Lane lane = new Lane(database, "test", 1)) {
            IntakeTables tables = new IntakeTables(50_000);
            lane.call("load", session -> {
                tables.load(session, 0);
                return tables.append(session, messages(0, 5));
            });
            tables.appended(5);
            lane.call("append", session -> tables.append(session, messages(100, 3)));
            tables.appendFailed();
            assertEquals(5, lane.call("read", all(tables)).size());
            assertEquals(6L, lane.<Long>call("append", session -> tables.append(session, messages(5, 1))));
            tables.appended(1);
            List<StoredMessage> found = lane.call("read", all(tables));
            assertEquals(6, found.size());
            Samples.assertSame(messages(5, 1).get(0), found.get(5).message());
            assertEquals(2L, lane.<Long>call("count", session -> rows(session, 0)));
        }
    }

    private static Lane.Work<List<StoredMessage>> all(IntakeTables tables) {
        return session -> tables.read(session, 0, Long.MAX_VALUE, MessageRows.Detail.WITH_READINGS, soFar -> false);
    }

    private static long rows(Session session, int table) throws SQLException {
        try (var row = session.prepare("SELECT COUNT(*) FROM INTAKE_" + table).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long batches(Session session) throws SQLException {
        try (var row = session.prepare("SELECT COUNT(*) FROM ARCHIVE").executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void rawBytesPastTheirRetentionAreRemoved() {
        List<Message> written = messages(0, 2_000);
        try (Database database = new Database(folder, 8_000_000, Schema.STEPS);
                Lane lane = new Lane(database, "test", 1)) {
            IntakeTables tables = new IntakeTables(50_000);
            Archiver archiver = new Archiver(lane, tables, () -> tables.next() - 1, 0);
            lane.call("append", session -> {
                tables.load(session, 0);
                return tables.append(session, written);
            });
            tables.appended(2_000);
            while (archiver.hasWork()) {
                archiver.step();
            }
            assertEquals(3, lane.call("count", DerbyStoreTest::batches));
            // the first batch of 512 was received up to 512.5 s after NOVEMBER, the second up to 1026 s
            Clock clock = Clock.fixed(NOVEMBER.plusSeconds(86_400 + 1_030), ZoneOffset.UTC);
            archiver.prune(Duration.ofDays(1), clock);
            assertEquals(1, lane.call("count", DerbyStoreTest::batches));
            assertEquals(List.of(), lane.call("find", session -> Archive.batchOf(session, 512)));
            assertEquals(
                    1_025,
                    lane.call("find", session -> Archive.batchOf(session, 1_025))
                            .get(0)
                            .sequence());
        }
    }

    @Test
    void healthTellsSizeAndWhatIsUnsettled() {
        DerbyStore store = Stores.open(folder);
        store.append(messages(0, 10));
        store.settle(4, List.of(row(series("a"), NOVEMBER_DAY, 1)));
        Health health = store.health();
        assertEquals("store", health.name());
        assertEquals(Health.Status.UP, health.status());
        assertEquals(6L, health.values().get("messagesUnsettled"));
        assertEquals(1L, health.values().get("series"));
        assertTrue(health.values().containsKey("diskBytes"));
        store.close();
    }

    @Test
    void writesAreRefusedWhenTheDiskHasLessThanItsReserve() {
        Settings greedy = new Settings(8_000_000, 100_000, Duration.ofDays(400), Long.MAX_VALUE);
        DerbyStore store = new DerbyStore(folder, greedy, Clock.systemUTC());
        StoreException refused = assertThrows(StoreException.class, () -> store.append(messages(0, 1)));
        assertTrue(refused.getMessage().contains("disk"), refused.getMessage());
        assertEquals(Health.Status.DOWN, store.health().status());
        assertEquals(List.of(), store.unsettled(0, 10));
        store.close();
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        StoreException refused = assertThrows(StoreException.class, () -> Stores.open(file.resolve("store")));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void everythingStopsWithTheStore() {
        Stores.open(folder).close();
        List<String> left = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("meterway-store") || name.startsWith("derby"))
                .toList();
        assertEquals(List.of(), left);
    }

    @Test
    void settingsOutsideTheirRangeAreNamed() {
        assertEquals(400, Settings.of(config(Map.of())).rawRetention().toDays());
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class, () -> Settings.of(config(Map.of("raw.retention.days", 0))));
        assertEquals("raw.retention.days must be at least 1, was 0", wrong.getMessage());
    }

    private static Config config(Map<String, Object> values) {
        return Converters.standardConverter().convert(values).to(Config.class);
    }
}
