// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.NOW;
import static org.meterway.intake.IntakeFixture.busy;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.energyOf;
import static org.meterway.intake.IntakeFixture.eventually;
import static org.meterway.intake.IntakeFixture.rejected;
import static org.meterway.intake.IntakeFixture.voltage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.codec.Frame;
import org.meterway.api.health.Health;
import org.meterway.api.intake.Receipt;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.StoredReading;

@Timeout(120)
class DurableIntakeTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void aMessageIsAnsweredOnlyAfterItsAppendReturned() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            CountDownLatch disk = new CountDownLatch(1);
            store.appendWaitsFor = disk;
            CompletionStage<Receipt> answer = fixture.send("m1", energy(0, 5));
            // The committer takes this one together with nothing else: it has the first in hand.
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            assertFalse(answer.toCompletableFuture().isDone(), "answered before the disk was");
            disk.countDown();
            assertEquals(new Receipt(1, 1), answer.toCompletableFuture().get());
            assertEquals(1, store.appended());
        }
    }

    @Test
    void whatGathersDuringACommitIsCommittedTogether() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            CountDownLatch disk = new CountDownLatch(1);
            store.appendWaitsFor = disk;
            List<CompletionStage<Receipt>> answers = new ArrayList<>();
            answers.add(fixture.send("m0", energy(0, 5)));
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            IntStream.range(1, 100).forEach(meter -> answers.add(fixture.send("m" + meter, energy(0, 5))));
            disk.countDown();
            for (int index = 0; index < answers.size(); index++) {
                assertEquals(
                        index + 1L,
                        answers.get(index).toCompletableFuture().get().message());
            }
            assertEquals(List.of(1, 99), store.batches());
        }
    }

    @Test
    void readingsAreVisibleBeforeAndAfterSettling() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5), energy(1, 6), voltage(MIDNIGHT.plusMillis(1234), 230));
            var before = fixture.today("m1");
            assertEquals(3, before.size());
            assertEquals(2, fixture.intake.present(energyOf("m1"), MIDNIGHT, NOW));
            assertEquals(2, fixture.intake.series("m1").size());
            assertEquals(2, fixture.intake.latest("m1").size());
            var latestBefore = fixture.intake.latest("m1");

            fixture.intake.settle();

            assertEquals(0, fixture.intake.statistics().messagesUnsettled());
            assertEquals(before, fixture.today("m1"));
            assertEquals(2, fixture.intake.present(energyOf("m1"), MIDNIGHT, NOW));
            assertEquals(2, fixture.intake.series("m1").size());
            assertEquals(latestBefore, fixture.intake.latest("m1"));
        }
    }

    @Test
    void aReadingSentTwiceIsStoredOnce() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            fixture.accepted("m1", energy(0, 5));
            assertEquals(1, fixture.today("m1").size());
            fixture.intake.settle();
            fixture.accepted("m1", energy(0, 5), energy(0, 5));
            assertEquals(1, fixture.today("m1").size());
            fixture.intake.settle();
            assertEquals(1, fixture.today("m1").size());
            assertEquals(1, fixture.today("m1").get(0).message());
            assertEquals(3, fixture.intake.statistics().readingsDuplicate());
            assertEquals(0, fixture.intake.statistics().readingsConflicting());
            assertEquals(4, fixture.intake.statistics().readingsDurable());
        }
    }

    @Test
    void theFirstValueStaysWhenAnotherComes() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            fixture.accepted("m1", energy(0, 6));
            assertEquals(energy(0, 5), fixture.today("m1").get(0).reading());
            fixture.intake.settle();
            fixture.accepted("m1", energy(0, 7));
            assertEquals(energy(0, 5), fixture.today("m1").get(0).reading());
            fixture.intake.settle();
            assertEquals(energy(0, 5), fixture.today("m1").get(0).reading());
            assertEquals(2, fixture.intake.statistics().readingsConflicting());
            assertEquals(2, fixture.intake.statistics().readingsDuplicate());
            assertEquals("reading.conflict", fixture.nextEvent().type());
            assertTrue(fixture.events.isEmpty(), "one event in a while is enough");
        }
    }

    @Test
    void aFailingStoreAnswersBusyAndRecoversByItself() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            store.failing = true;
            assertEquals(
                    Duration.ofSeconds(1),
                    busy(fixture.send("m1", energy(0, 5))).retryAfter());
            assertEquals("store.failing", fixture.nextEvent().type());
            assertEquals(Health.Status.DOWN, fixture.intake.health().status());

            // Time passes and it still fails: the wait grows.
            fixture.nanos.addAndGet(Duration.ofMillis(1_100).toNanos());
            eventually(() -> busy(fixture.send("m1", energy(0, 5))).retryAfter().equals(Duration.ofSeconds(2)));

            store.failing = false;
            fixture.nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            eventually(() -> fixture.intake.health().status() == Health.Status.DEGRADED);
            assertEquals(1, fixture.accepted("m1", energy(0, 5)).readings());
            assertEquals("store.recovered", fixture.nextEvent().type());
            assertEquals(Health.Status.UP, fixture.intake.health().status());
            assertEquals(1, store.appended());
            assertTrue(fixture.events.isEmpty(), "one event at each end is enough");
        }
    }

    @Test
    void aFullQueueAnswersBusy() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store, Map.of("queue.messages", 3))) {
            CountDownLatch disk = new CountDownLatch(1);
            store.appendWaitsFor = disk;
            List<CompletionStage<Receipt>> answers = new ArrayList<>();
            answers.add(fixture.send("m1", energy(0, 5)));
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            IntStream.range(1, 4).forEach(slot -> answers.add(fixture.send("m1", energy(slot, 5))));
            busy(fixture.send("m1", energy(4, 5)));
            disk.countDown();
            for (CompletionStage<Receipt> answer : answers) {
                answer.toCompletableFuture().get();
            }
            assertEquals(4, store.appended());
            assertEquals(1, fixture.intake.statistics().messagesBusy());
        }
    }

    @Test
    void tooManyUnsettledMessagesAnswerBusy() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store, Map.of("unsettled.messages", 2))) {
            fixture.accepted("m1", energy(0, 5));
            fixture.accepted("m1", energy(1, 5));
            busy(fixture.send("m1", energy(2, 5)));
            fixture.intake.settle();
            fixture.accepted("m1", energy(2, 5));
            assertEquals(3, fixture.today("m1").size());
        }
    }

    @Test
    void aRestartSettlesWhatWasLeft() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.accepted("m1", energy(0, 5));
            fixture.accepted("m1", energy(1, 6));
        }
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            assertEquals(2, fixture.intake.statistics().messagesUnsettled());
            assertEquals(2, fixture.today("m1").size());
            fixture.intake.settle();
            assertEquals(0, fixture.intake.statistics().messagesUnsettled());
            assertEquals(2, fixture.today("m1").size());
            assertEquals(2, store.settled());
        }
    }

    @Test
    void aFrameWithoutCodecIsKeptUndecoded() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            Frame frame = new Frame("m1", "test", "application/unheard", "", NOW, new byte[] {1, 2, 3});
            Receipt receipt = fixture.intake.accept(frame).toCompletableFuture().get();
            assertEquals(0, receipt.readings());
            assertEquals(
                    "", store.message(receipt.message()).orElseThrow().message().codec());
            assertEquals(1L, fixture.intake.health().values().get("parked.messages"));
        }
    }

    @Test
    void whatWasKeptUndecodedIsDecodedWhenItsCodecComes() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.intake.unbindCodec(fixture.codec);
            assertEquals(0, fixture.accepted("m1", energy(0, 5), energy(1, 5)).readings());
            fixture.intake.settle();
            assertEquals(0, fixture.accepted("m1", energy(1, 7), energy(2, 5)).readings());
            assertEquals(0, fixture.today("m1").size());
            assertEquals(Health.Status.DEGRADED, fixture.intake.health().status());

            fixture.intake.bindCodec(fixture.codec, Map.of());
            store.failingSettle = true;
            fixture.intake.settle();
            store.failingSettle = false;
            fixture.intake.settle();
            assertEquals(
                    List.of(energy(0, 5), energy(1, 5), energy(2, 5)),
                    fixture.today("m1").stream().map(StoredReading::reading).toList());
            assertEquals(2, fixture.today("m1").get(2).message());
            assertEquals(Health.Status.UP, fixture.intake.health().status());
            assertEquals(4, fixture.intake.statistics().readingsDurable());
            assertEquals(2, store.settled());
            assertFalse(fixture.intake.settle());
            assertEquals(3, fixture.today("m1").size());
        }
    }

    @Test
    void aBrokenCodecIsNotAskedAgainForWhatItBrokeOnButABetterOneIs() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.codec.broken = true;
            fixture.accepted("m1", energy(0, 5));
            fixture.intake.settle();
            fixture.codec.broken = false;
            fixture.intake.settle();
            assertEquals(0, fixture.today("m1").size());
            fixture.intake.unbindCodec(fixture.codec);
            fixture.intake.bindCodec(fixture.codec, Map.of());
            fixture.intake.settle();
            assertEquals(1, fixture.today("m1").size());
        }
    }

    @Test
    void aFrameOnWhichTheCodecBreaksIsKeptUndecoded() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.codec.broken = true;
            Receipt receipt = fixture.accepted("m1", energy(0, 5));
            assertEquals(0, receipt.readings());
            assertEquals(
                    "", store.message(receipt.message()).orElseThrow().message().codec());
        }
    }

    @Test
    void aWrongFrameIsRejectedAndNotKept() {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            byte[] bytes = "not digits".getBytes(StandardCharsets.US_ASCII);
            Frame frame = new Frame("m1", "test", IntakeFixture.TextCodec.TYPE, "", NOW, bytes);
            assertEquals("number", rejected(fixture.intake.accept(frame)).field());
            assertEquals(0, store.appended());
            assertEquals(1, fixture.intake.statistics().messagesRejected());
        }
    }

    @Test
    void aClockFarOffIsRejected() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            Reading ahead = voltage(NOW.plus(Duration.ofMinutes(61)), 230);
            assertTrue(rejected(fixture.send("m1", ahead)).reason().contains("3660 s ahead of the gateway's clock"));
            Reading lost = voltage(FrameCheck.EARLIEST.minusMillis(1), 230);
            assertTrue(rejected(fixture.send("m1", lost)).reason().contains("is the meter's clock right?"));
            fixture.accepted("m1", voltage(NOW.plus(Duration.ofMinutes(60)), 230), voltage(FrameCheck.EARLIEST, 230));
            assertEquals(2, fixture.intake.statistics().readingsRejected());
        }
    }

    @Test
    void moreReadingsThanAllowedAreRejected() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store, Map.of("message.readings", 2))) {
            rejected(fixture.send("m1", energy(0, 1), energy(1, 1), energy(2, 1)));
            assertEquals(2, fixture.accepted("m1", energy(0, 1), energy(1, 1)).readings());
        }
    }
}
