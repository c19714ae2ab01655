// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.energyOf;
import static org.meterway.intake.IntakeFixture.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.intake.IntakeBusyException;
import org.meterway.api.intake.Receipt;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.StoreException;

/** Many meters at once, queries in between, and a store that fails and goes away: nothing accepted is lost, nothing doubled. */
@Timeout(300)
class UnderLoadTest {
    private static final int METERS = 12;
    private static final int SLOTS = 400;
    private static final Map<String, Object> SETTLING = Map.of("settle.interval.ms", 10L, "settle.messages", 50);

    @Test
    void nothingAcceptedIsLostWhileTheStoreFailsAndGoes() throws Exception {
        MemoryStore store = new MemoryStore();
        try (IntakeFixture fixture = new IntakeFixture(store, SETTLING)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> chaos = CompletableFuture.runAsync(() -> {
                Random random = new Random(1);
                while (!over.get()) {
                    store.failing = random.nextInt(10) == 0;
                    store.failingSettle = random.nextInt(4) == 0;
                    store.failingAfterAppend = random.nextInt(10) == 0;
                    if (random.nextInt(20) == 0) {
                        fixture.intake.unbindStore(store);
                        fixture.intake.bindStore(store);
                    }
                    fixture.nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
                    Thread.yield();
                }
                store.failing = false;
                store.failingSettle = false;
                store.failingAfterAppend = false;
                fixture.nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
            });
            sendAll(fixture);
            over.set(true);
            chaos.get(30, TimeUnit.SECONDS);
            assertAllThereOnce(fixture);
            assertTrue(fixture.intake.statistics().messagesBusy() > 0, "nothing failed: the test has no force");
            assertEquals(0, fixture.intake.statistics().readingsConflicting());
        }
        try (IntakeFixture fixture = new IntakeFixture(store, SETTLING)) {
            assertAllThereOnce(fixture);
        }
    }

    @Test
    void nothingAcceptedIsLostInTheEmbeddedStore(@TempDir Path data) throws Exception {
        try (DerbyFolder derby = new DerbyFolder(data);
                IntakeFixture fixture = new IntakeFixture(derby.store, SETTLING)) {
            sendAll(fixture);
            fixture.accepted("late", energy(0, 7));
        }
        try (DerbyFolder derby = new DerbyFolder(data);
                IntakeFixture fixture = new IntakeFixture(derby.store, SETTLING)) {
            assertEquals(1, fixture.today("late").size());
            assertAllThereOnce(fixture);
            assertEquals(0, fixture.intake.statistics().readingsConflicting());
        }
    }

    @Test
    void theEmbeddedStoreCanBeReplacedUnderLoad(@TempDir Path data) throws Exception {
        List<DerbyFolder> opened = new ArrayList<>(List.of(new DerbyFolder(data)));
        try (IntakeFixture fixture = new IntakeFixture(opened.get(0).store, SETTLING)) {
            CompletableFuture<Void> senders = CompletableFuture.runAsync(() -> sendAll(fixture));
            for (int replacing = 0; replacing < 3; replacing++) {
                long before = fixture.intake.statistics().messagesAccepted();
                eventually(() -> fixture.intake.statistics().messagesAccepted() >= before + 20 || senders.isDone());
                // As SCR does when the bundle is updated: the service is gone before the component stops.
                DerbyFolder old = opened.remove(0);
                fixture.intake.unbindStore(old.store);
                old.close();
                DerbyFolder young = new DerbyFolder(data);
                opened.add(young);
                fixture.intake.bindStore(young.store);
            }
            senders.get(120, TimeUnit.SECONDS);
            assertAllThereOnce(fixture);
            assertEquals(0, fixture.intake.statistics().readingsConflicting());
        } finally {
            opened.get(0).close();
        }
    }

    private static void sendAll(IntakeFixture fixture) {
        List<CompletableFuture<Void>> meters = new ArrayList<>();
        for (int number = 0; number < METERS; number++) {
            String meter = "m" + number;
            Random random = new Random(number);
            meters.add(CompletableFuture.runAsync(() -> send(fixture, meter, random), command -> {
                Thread thread = new Thread(command, "test-" + meter);
                thread.setDaemon(true);
                thread.start();
            }));
        }
        meters.forEach(CompletableFuture::join);
    }

    private static void send(IntakeFixture fixture, String meter, Random random) {
        for (int slot = -SLOTS; slot < 0; ) {
            int count = Math.min(1 + random.nextInt(8), -slot);
            Reading[] readings = new Reading[count];
            for (int index = 0; index < count; index++) {
                readings[index] = energy(slot + index, slot + index + 10_000);
            }
            untilAccepted(fixture, meter, readings);
            try {
                long present = fixture.intake.present(energyOf(meter), readings[0].start(), MIDNIGHT);
                assertEquals(count, present, "what was answered positively must be there at once");
            } catch (StoreException failing) {
                assertTrue(true, "a failing store may say so");
            }
            slot += count;
        }
    }

    private static void untilAccepted(IntakeFixture fixture, String meter, Reading... readings) {
        while (true) {
            try {
                Receipt receipt =
                        fixture.send(meter, readings).toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertEquals(readings.length, receipt.readings());
                return;
            } catch (ExecutionException refused) {
                assertTrue(refused.getCause() instanceof IntakeBusyException, () -> "not " + refused.getCause());
                fixture.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
                Thread.yield();
            } catch (Exception other) {
                throw new AssertionError(other);
            }
        }
    }

    private static void assertAllThereOnce(IntakeFixture fixture) {
        for (boolean settled : new boolean[] {false, true}) {
            if (settled) {
                eventually(() -> fixture.intake.statistics().messagesUnsettled() == 0);
            }
            for (int number = 0; number < METERS; number++) {
                String meter = "m" + number;
                TreeMap<Long, Long> found = new TreeMap<>();
                fixture.intake.query(
                        ReadingQuery.of(
                                List.of(meter),
                                IntakeFixture.ENERGY.obis(),
                                MIDNIGHT.minus(Duration.ofDays(30)),
                                MIDNIGHT),
                        (StoredReading each) -> {
                            long slot = Duration.between(
                                            MIDNIGHT, each.reading().start())
                                    .dividedBy(IntakeFixture.HALF_HOUR);
                            assertEquals(null, found.put(slot, each.reading().count() / 1_000_000), "came twice");
                        });
                assertEquals(SLOTS, found.size());
                found.forEach((slot, value) -> assertEquals(slot + 10_000, value));
                assertEquals(
                        SLOTS, fixture.intake.present(energyOf(meter), MIDNIGHT.minus(Duration.ofDays(30)), MIDNIGHT));
            }
        }
    }
}
