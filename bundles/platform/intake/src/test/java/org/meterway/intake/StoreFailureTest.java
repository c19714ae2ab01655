// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.busy;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.eventually;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.health.Health;
import org.meterway.api.intake.Receipt;
import org.meterway.api.store.StoreException;

@Timeout(120)
class StoreFailureTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void withoutAStoreItIsBusyAndSaysSo() {
        try (IntakeFixture fixture = new IntakeFixture(Map.of())) {
            assertEquals(
                    Duration.ofSeconds(1),
                    busy(fixture.send("m1", energy(0, 5))).retryAfter());
            assertEquals(Health.Status.DOWN, fixture.intake.health().status());
            assertThrows(StoreException.class, () -> fixture.today("m1"));
            assertTrue(fixture.events.isEmpty(), "waiting for the store at the start is no outage");
        }
    }

    @Test
    void aStoreThatGoesAndComesBackLosesAndDoublesNothing() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            fixture.intake.settle();
            fixture.accepted("m1", energy(1, 5));

            fixture.intake.unbindStore(store);
            busy(fixture.send("m1", energy(2, 5)));
            assertEquals("store.failing", fixture.nextEvent().type());

            fixture.intake.bindStore(store);
            assertEquals("store.recovered", fixture.nextEvent().type());
            fixture.accepted("m1", energy(2, 5));
            assertEquals(3, fixture.today("m1").size());
            assertEquals(2, fixture.intake.statistics().messagesUnsettled());
            fixture.intake.settle();
            assertEquals(3, fixture.today("m1").size());
            assertEquals(0, fixture.intake.statistics().readingsDuplicate());
        }
    }

    @Test
    void aStoreThatIsReplacedIsReadAnew() throws Exception {
        MemoryStore other = new MemoryStore();
        try (IntakeFixture before = new IntakeFixture(other)) {
            before.accepted("m2", energy(0, 5));
        }
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            // As the framework does it: the new one is bound before the old one is unbound.
            fixture.intake.bindStore(other);
            fixture.intake.unbindStore(store);
            eventually(() -> fixture.intake.health().status() == Health.Status.UP);
            assertEquals(1, fixture.today("m2").size());
            assertEquals(0, fixture.today("m1").size());
            assertEquals(2, fixture.accepted("m2", energy(1, 5)).message());
        }
    }

    @Test
    void whatAFailedAppendLeftInTheStoreIsFoundAndNotDoubled() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            store.failingAfterAppend = true;
            busy(fixture.send("m1", energy(0, 5)));
            store.failingAfterAppend = false;
            fixture.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            eventually(() -> fixture.intake.statistics().messagesUnsettled() == 1);
            assertEquals(1, fixture.today("m1").size());

            // The meter was told to repeat, and does.
            eventually(() -> fixture.intake.health().status() == Health.Status.DEGRADED);
            fixture.accepted("m1", energy(0, 5));
            fixture.intake.settle();
            assertEquals(1, fixture.today("m1").size());
            assertEquals(1, fixture.intake.statistics().readingsDuplicate());
        }
    }

    @Test
    void aFailedSettlingIsTriedAgainAndMessagesAreAcceptedMeanwhile() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            store.failingSettle = true;
            assertFalse(fixture.intake.settle());
            assertFalse(fixture.intake.settle());
            assertEquals("settling.failing", fixture.nextEvent().type());
            assertEquals(Health.Status.DEGRADED, fixture.intake.health().status());
            fixture.accepted("m1", energy(1, 5));
            assertEquals(2, fixture.today("m1").size());

            store.failingSettle = false;
            fixture.intake.settle();
            assertEquals("settling.recovered", fixture.nextEvent().type());
            assertEquals(0, fixture.intake.statistics().messagesUnsettled());
            assertEquals(0, fixture.intake.statistics().readingsDuplicate());
            assertEquals(2, fixture.today("m1").size());
            assertTrue(fixture.events.isEmpty());
        }
    }

    @Test
    void aBacklogLargerThanMemoryIsSettledPieceByPieceBeforeMoreIsTaken() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            for (int slot = 0; slot < 20; slot++) {
                fixture.accepted("m1", energy(slot, 5));
            }
        }
        try (IntakeFixture fixture = new IntakeFixture(Map.of("unsettled.messages", 8, "unsettled.readings", 8L))) {
            fixture.intake.bindStore(store);
            eventually(() -> {
                fixture.intake.settle();
                return fixture.intake.health().status() == Health.Status.UP;
            });
            fixture.accepted("m1", energy(20, 5));
            assertEquals(21, fixture.today("m1").size());
            assertEquals(0, fixture.intake.statistics().readingsDuplicate());
        }
    }

    @Test
    void anUnreadableProfileIsLeftAsItIsAndStopsNothingElse() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            fixture.intake.settle();
            store.corrupt();
            var damaged = store.rows();
            fixture.accepted("m1", energy(1, 5));
            fixture.accepted("m2", energy(1, 5));
            fixture.intake.settle();
            assertEquals("profile.unreadable", fixture.nextEvent().type());
            assertEquals(1, fixture.today("m2").size());
            assertTrue(store.rows().containsAll(damaged));
            String message = assertThrows(StoreException.class, () -> fixture.today("m1"))
                    .getMessage();
            assertTrue(message.contains("of meter m1 on day 2026-11-22"), message);
            assertEquals(Health.Status.DEGRADED, fixture.intake.health().status());
        }
    }

    @Test
    void stoppingCommitsWhatIsQueued() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        List<CompletionStage<Receipt>> answers;
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            store.appendWaitsFor = disk;
            CompletionStage<Receipt> first = fixture.send("m1", energy(0, 5));
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            answers = List.of(first, fixture.send("m1", energy(1, 5)), fixture.send("m1", energy(2, 5)));
            disk.countDown();
        }
        for (CompletionStage<Receipt> answer : answers) {
            assertTrue(answer.toCompletableFuture().isDone());
            answer.toCompletableFuture().get();
        }
        assertEquals(3, store.appended());
    }

    @Test
    void stoppingAnswersBusyWhenTheStoreHangs() {
        CountDownLatch disk = new CountDownLatch(1);
        List<CompletionStage<Receipt>> answers;
        try (IntakeFixture fixture = new IntakeFixture(store, Map.of("stop.timeout.seconds", 1))) {
            store.appendWaitsFor = disk;
            CompletionStage<Receipt> first = fixture.send("m1", energy(0, 5));
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            answers = List.of(first, fixture.send("m1", energy(1, 5)));
            fixture.close();
            for (CompletionStage<Receipt> answer : answers) {
                assertTrue(answer.toCompletableFuture().isDone(), "left without an answer");
                busy(answer);
            }
            busy(fixture.send("m1", energy(2, 5)));
        } finally {
            disk.countDown();
        }
    }
}
