// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.busy;
import static org.meterway.intake.IntakeFixture.eventually;
import static org.meterway.intake.IntakeFixture.rejected;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Receipt;

@Timeout(120)
class InvocationTest {
    private final MemoryStore store = new MemoryStore();

    private static IntakeFixture with(MemoryStore store) {
        IntakeFixture fixture = new IntakeFixture(store);
        fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
        return fixture;
    }

    private static void accepted(IntakeFixture fixture, String meter, String text) throws Exception {
        assertEquals(1, fixture.scaled(meter, text).toCompletableFuture().get().readings());
    }

    @Test
    void aCounterThatIsNotAboveTheLastIsRefusedAtItsOffsetAndParked() throws Exception {
        try (IntakeFixture fixture = with(store)) {
            accepted(fixture, "m1", "0=5#A:7");
            FrameRejectedException same = rejected(fixture.scaled("m1", "1=5#A:7"));
            assertEquals("invocation counter", same.field());
            assertEquals(6, same.offset());
            assertTrue(same.reason().startsWith("is 7, must be above 7"), same.reason());
            rejected(fixture.scaled("m1", "1=5#A:3"));
            accepted(fixture, "m1", "1=5#B:1");
            accepted(fixture, "m2", "1=5#A:7");
            accepted(fixture, "m1", "2=5#A:8");
            assertEquals(4, store.appended());
            assertEquals(2, fixture.intake.statistics().messagesRejected());
            assertEquals(2, fixture.parked().size());
            assertEquals("invocation counter", fixture.parked().get(0).field());
        }
    }

    @Test
    void countersSurviveARestartBeforeAndAfterSettling() throws Exception {
        try (IntakeFixture fixture = with(store)) {
            accepted(fixture, "m1", "0=5#A:7");
        }
        try (IntakeFixture fixture = with(store)) {
            rejected(fixture.scaled("m1", "1=5#A:7"));
            accepted(fixture, "m1", "1=5#A:8");
            fixture.intake.settle();
            accepted(fixture, "m1", "2=5#A:9");
        }
        try (IntakeFixture fixture = with(store)) {
            rejected(fixture.scaled("m1", "1=5#A:8"));
            rejected(fixture.scaled("m1", "1=5#A:9"));
            fixture.intake.settle();
        }
        try (IntakeFixture fixture = with(store)) {
            rejected(fixture.scaled("m1", "1=5#A:9"));
            accepted(fixture, "m1", "3=5#A:10");
        }
    }

    @Test
    void ofTheSameCounterTwiceInOneCommitOnlyTheFirstIsTaken() throws Exception {
        try (IntakeFixture fixture = with(store)) {
            CountDownLatch disk = new CountDownLatch(1);
            store.appendWaitsFor = disk;
            fixture.scaled("m0", "0=5");
            eventually(
                    () -> fixture.intake.health().values().get("queue.messages").equals(0));
            List<CompletionStage<Receipt>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(fixture.scaled("m1", i + "=5#A:7"));
            }
            disk.countDown();
            assertEquals(1, answers.get(0).toCompletableFuture().get().readings());
            rejected(answers.get(1));
            rejected(answers.get(2));
            assertEquals(2, store.appended());
        }
    }

    @Test
    void aFrameThatCouldNotBeCommittedMayBeRepeatedWithItsCounter() throws Exception {
        try (IntakeFixture fixture = with(store)) {
            store.failing = true;
            busy(fixture.scaled("m1", "0=5#A:7"));
            store.failing = false;
            fixture.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            eventually(() -> !fixture.scaled("m1", "0=5#A:7")
                    .toCompletableFuture()
                    .handle((receipt, failure) -> failure)
                    .thenApply(failure -> failure != null)
                    .join());
            rejected(fixture.scaled("m1", "0=5#A:7"));
        }
    }

    @Test
    void whatWasParkedWhileTheCodecWasAwayIsTakenAlthoughLaterFramesCameBefore() throws Exception {
        ScaledCodec codec = new ScaledCodec("1", 1);
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.intake.bindCodec(codec, Map.of());
            accepted(fixture, "m1", "0=5#A:7");
            fixture.intake.unbindCodec(codec);
            fixture.scaled("m1", "1=5#A:8").toCompletableFuture().get();
            fixture.scaled("m1", "1=5#A:8").toCompletableFuture().get();
            fixture.scaled("m1", "2=5#A:7").toCompletableFuture().get();
            fixture.intake.settle();
            fixture.scaled("m1", "3=5#A:9").toCompletableFuture().get();
            fixture.intake.bindCodec(codec, Map.of());
            accepted(fixture, "m1", "4=5#A:10");
            fixture.intake.settle();
            assertEquals(
                    List.of(1L, 2L, 5L, 6L),
                    fixture.today("m1").stream().map(stored -> stored.message()).toList());
            assertEquals(2, fixture.parked().size(), "the frame sent twice and the one older than that");
            assertEquals("invocation counter", fixture.parked().get(0).field());
        }
        try (IntakeFixture fixture = with(store)) {
            rejected(fixture.scaled("m1", "5=5#A:10"));
            accepted(fixture, "m1", "5=5#A:11");
        }
    }

    @Test
    void moreOriginatorsThanAMeterCanHaveAreRefused() throws Exception {
        try (IntakeFixture fixture = with(store)) {
            for (int number = 0; number < 16; number++) {
                accepted(fixture, "m1", "0=5#S" + number + ":1");
            }
            assertTrue(rejected(fixture.scaled("m1", "0=5#S16:1")).reason().contains("16 originators"));
            accepted(fixture, "m1", "0=5#S15:2");
        }
    }
}
