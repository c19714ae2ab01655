// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.ENERGY;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.NOW;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.eventually;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.codec.Codec;
import org.meterway.api.intake.Receipt;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Settlement;

/** Replay, trace and parking with the embedded store: messages in its tables and in its archive. */
@Timeout(180)
class ReplayOnDerbyTest {
    private static final int METERS = 40;
    private static final int SLOTS = 24;

    private final Codec wrong = new ScaledCodec("1", 10);
    private final Codec right = new ScaledCodec("2", 1, 3);

    @TempDir
    Path folder;

    private static IntakeFixture with(ReadingStore store, Codec codec) {
        IntakeFixture fixture = new IntakeFixture(store);
        fixture.intake.bindCodec(codec, Map.of());
        return fixture;
    }

    private static void settleAll(IntakeFixture fixture) {
        eventually(() -> {
            fixture.intake.settle();
            return fixture.intake.statistics().messagesUnsettled() == 0;
        });
    }

    private static ReplayStatus replay(IntakeFixture fixture, Optional<String> meter) {
        ReplayRequest request = new ReplayRequest(
                meter, Optional.empty(), Optional.empty(), Optional.empty(), true, "alice", "wrong scale");
        long id = fixture.intake.start(request).id();
        eventually(() -> {
            ReplayStatus status = fixture.intake.replay(id).orElseThrow();
            return !status.state().isRunning() && status.state() != ReplayStatus.State.PREVIEWED;
        });
        return fixture.intake.replay(id).orElseThrow();
    }

    private static void fill(IntakeFixture fixture) throws Exception {
        List<CompletionStage<Receipt>> answers = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int meter = 0; meter < METERS; meter++) {
                answers.add(fixture.scaled("m" + meter, slot + "=" + (slot + 1)));
            }
        }
        for (CompletionStage<Receipt> answer : answers) {
            answer.toCompletableFuture().get();
        }
        settleAll(fixture);
    }

    @Test
    void archivedMessagesAreDecodedAgainAndTheirOldValuesKept() throws Exception {
        try (DerbyFolder derby = new DerbyFolder(folder)) {
            try (IntakeFixture fixture = with(derby.store, wrong)) {
                fill(fixture);
            }
        }
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = with(derby.store, right)) {
            ReplayStatus one = replay(fixture, Optional.of("m7"));
            assertEquals("", one.failure());
            assertEquals(SLOTS, one.frames());
            assertEquals(SLOTS - 1, one.changed());
            assertEquals(1, one.vanished());
            ReplayStatus all = replay(fixture, Optional.empty());
            assertEquals(METERS * (long) SLOTS, all.frames());
            assertEquals(SLOTS - 1, all.same());
            assertEquals((METERS - 1L) * (SLOTS - 1), all.changed());
            assertEquals(METERS - 1, all.vanished());
            ReplayStatus again = replay(fixture, Optional.empty());
            assertEquals(0, again.changed() + again.added() + again.vanished());
        }
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = with(derby.store, right)) {
            List<StoredReading> today = fixture.today("m3");
            assertEquals(SLOTS - 1, today.size());
            assertEquals(energy(4, 5), today.get(3).reading());
            assertEquals(
                    SLOTS,
                    fixture.intake
                            .revisions("m3", Optional.of(ENERGY.obis()), MIDNIGHT, NOW, 100)
                            .size());
            assertEquals(
                    "2",
                    fixture.intake
                            .trace("m3", ENERGY.obis(), MIDNIGHT, Optional.empty())
                            .orElseThrow()
                            .message()
                            .orElseThrow()
                            .codecVersion());
        }
    }

    @Test
    void messagesOfUnknownDaysAreComparedWithAllDaysOfTheirMeter() throws Exception {
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = with(new OfUnknownDays(derby.store), wrong)) {
            fill(fixture);
            fixture.intake.unbindCodec(wrong);
            fixture.intake.bindCodec(right, Map.of());
            ReplayStatus all = replay(fixture, Optional.empty());
            assertEquals("", all.failure());
            assertEquals(METERS * (SLOTS - 1L), all.changed());
            assertEquals(METERS, all.vanished());
        }
    }

    @Test
    void aKillBetweenTwoPartsLeavesWholePartsAndTheNextReplayDoesTheRest() throws Exception {
        try (DerbyFolder derby = new DerbyFolder(folder)) {
            Failing store = new Failing(derby.store);
            try (IntakeFixture fixture = with(store, wrong)) {
                fill(fixture);
                fixture.intake.unbindCodec(wrong);
                fixture.intake.bindCodec(right, Map.of());
                store.revisionsLeft = 1;
                ReplayStatus broken = replay(fixture, Optional.empty());
                assertEquals(ReplayStatus.State.FAILED, broken.state());
            }
        }
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = with(derby.store, right)) {
            ReplayStatus rest = replay(fixture, Optional.empty());
            assertTrue(rest.same() > 0, "a part was applied");
            assertTrue(rest.changed() > 0, "another was not");
            for (int meter = 0; meter < METERS; meter++) {
                assertEquals(SLOTS - 1, fixture.today("m" + meter).size());
                assertEquals(
                        SLOTS,
                        fixture.intake
                                .revisions("m" + meter, Optional.empty(), MIDNIGHT, NOW, 100)
                                .size(),
                        "every value was superseded once");
            }
        }
    }

    @Test
    void manyArchivedMessagesParkedAreDecodedWhenTheirCodecComes() throws Exception {
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = new IntakeFixture(derby.store)) {
            fill(fixture);
            assertEquals(
                    METERS * (long) SLOTS, fixture.intake.parkingStatistics().undecoded());
        }
        try (DerbyFolder derby = new DerbyFolder(folder);
                IntakeFixture fixture = with(derby.store, right)) {
            eventually(() -> {
                fixture.intake.settle();
                return fixture.intake.parkingStatistics().undecoded() == 0;
            });
            assertEquals(SLOTS - 1, fixture.today("m39").size());
            assertEquals(0, replay(fixture, Optional.empty()).added());
        }
    }

    /** As messages look that were archived before stores kept their days. */
    private static final class OfUnknownDays extends Forwarding {
        OfUnknownDays(ReadingStore store) {
            super(store);
        }

        @Override
        public Optional<org.meterway.api.store.MessagePage> messages(
                long after,
                long through,
                java.time.Instant from,
                java.time.Instant to,
                java.util.function.Predicate<String> meters) {
            return super.messages(after, through, from, to, meters)
                    .map(page -> new org.meterway.api.store.MessagePage(
                            page.messages().stream()
                                    .map(stored -> new org.meterway.api.store.StoredMessage(
                                            stored.sequence(),
                                            stored.message(),
                                            org.meterway.api.store.DaySpan.UNKNOWN))
                                    .toList(),
                            page.through()));
        }
    }

    /** Fails as if the power went when so many settlements with revisions are through. */
    private static final class Failing extends Forwarding {
        private volatile int revisionsLeft = Integer.MAX_VALUE;

        Failing(ReadingStore store) {
            super(store);
        }

        @Override
        public void settle(Settlement settlement) {
            if (!settlement.revisions().isEmpty() && revisionsLeft-- <= 0) {
                throw new org.meterway.api.store.StoreException("the power is gone");
            }
            super.settle(settlement);
        }
    }
}
