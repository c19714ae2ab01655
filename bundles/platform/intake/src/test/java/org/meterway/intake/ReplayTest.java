// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.ENERGY;
import static org.meterway.intake.IntakeFixture.MIDNIGHT;
import static org.meterway.intake.IntakeFixture.NOW;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.energyOf;
import static org.meterway.intake.IntakeFixture.eventually;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Field;
import org.meterway.api.intake.Difference;
import org.meterway.api.intake.ReplayRequest;
import org.meterway.api.intake.ReplayStatus;
import org.meterway.api.intake.ReplayStatus.State;
import org.meterway.api.intake.Trace;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.Revision;

@Timeout(120)
class ReplayTest {
    private final MemoryStore store = new MemoryStore();
    private final Codec wrong = new ScaledCodec("1", 10);
    private final Codec right = new ScaledCodec("2", 1);

    private IntakeFixture with(Codec codec) {
        IntakeFixture fixture = new IntakeFixture(store);
        fixture.intake.bindCodec(codec, Map.of());
        return fixture;
    }

    private static void swap(IntakeFixture fixture, Codec old, Codec other) {
        fixture.intake.unbindCodec(old);
        fixture.intake.bindCodec(other, Map.of());
    }

    private static void accepted(IntakeFixture fixture, String meter, String text) throws Exception {
        fixture.scaled(meter, text).toCompletableFuture().get();
    }

    private static ReplayRequest all(boolean apply) {
        return new ReplayRequest(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), apply, "alice", "wrong scale");
    }

    private static ReplayRequest ofMeter(String meter, boolean apply) {
        return new ReplayRequest(
                Optional.of(meter), Optional.empty(), Optional.empty(), Optional.empty(), apply, "alice", "");
    }

    private static ReplayStatus done(IntakeFixture fixture, ReplayStatus begun) {
        eventually(
                () -> !fixture.intake.replay(begun.id()).orElseThrow().state().isRunning());
        return fixture.intake.replay(begun.id()).orElseThrow();
    }

    private static List<Reading> values(IntakeFixture fixture, String meter) {
        return fixture.today(meter).stream().map(StoredReading::reading).toList();
    }

    private static void assertCounts(ReplayStatus status, int same, int changed, int added, int vanished) {
        assertEquals("", status.failure());
        assertEquals(
                List.of(same, changed, added, vanished),
                List.of((int) status.same(), (int) status.changed(), (int) status.added(), (int) status.vanished()));
    }

    @Test
    void aWrongScaleIsSeenInThePreviewAndMendedByApplyingWhileTheOldValuesStayVisible() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5;1=6");
            accepted(fixture, "m1", "2=7");
            accepted(fixture, "m2", "0=5");
            swap(fixture, wrong, right);

            ReplayStatus preview = done(fixture, fixture.intake.start(ofMeter("m1", false)));
            assertEquals(State.PREVIEWED, preview.state());
            assertEquals(2, preview.frames());
            assertCounts(preview, 0, 3, 0, 0);
            assertEquals(1.0, preview.progress());
            List<Difference> differences = fixture.intake.differences(preview.id(), 1, 1);
            assertEquals(
                    List.of(new Difference("m1", 1, Optional.of(energy(1, 60)), Optional.of(energy(1, 6)))),
                    differences);
            assertEquals(List.of(energy(0, 50), energy(1, 60), energy(2, 70)), values(fixture, "m1"));

            ReplayStatus applied = done(fixture, fixture.intake.applyReplay(preview.id()));
            assertEquals(State.APPLIED, applied.state());
            assertCounts(applied, 0, 3, 0, 0);
            assertEquals(List.of(energy(0, 5), energy(1, 6), energy(2, 7)), values(fixture, "m1"));
            assertEquals(List.of(energy(0, 50)), values(fixture, "m2"), "another meter is left alone");

            List<Revision> revisions = fixture.intake.revisions("m1", Optional.of(ENERGY.obis()), MIDNIGHT, NOW, 100);
            assertEquals(3, revisions.size());
            assertEquals(
                    new Revision(
                            energyOf("m1"),
                            MIDNIGHT,
                            Optional.of(new Revision.Version(50_000_000, 1, 1, "scaled", "1")),
                            Optional.of(new Revision.Version(5_000_000, 1, 1, "scaled", "2")),
                            NOW,
                            "alice",
                            "replay (scaled 2)"),
                    revisions.get(0));
            assertCounts(done(fixture, fixture.intake.start(all(true))), 3, 1, 0, 0);
            assertCounts(done(fixture, fixture.intake.start(all(true))), 4, 0, 0, 0);
        }
        try (IntakeFixture fixture = with(right)) {
            assertEquals(List.of(energy(0, 5), energy(1, 6), energy(2, 7)), values(fixture, "m1"));
        }
    }

    @Test
    void valuesMayVanishAndComeBack() throws Exception {
        Codec leaving = new ScaledCodec("3", 1, 1);
        Codec leavingMore = new ScaledCodec("4", 1, 2);
        try (IntakeFixture fixture = with(right)) {
            accepted(fixture, "m1", "0=5;1=6");
            accepted(fixture, "m3", "2=6");
            swap(fixture, right, leaving);
            assertCounts(done(fixture, fixture.intake.start(all(true))), 2, 0, 0, 1);
            assertEquals(List.of(energy(0, 5)), values(fixture, "m1"));
            assertEquals(1, fixture.intake.present(energyOf("m1"), MIDNIGHT, NOW));
            Trace trace = fixture.intake
                    .trace("m1", ENERGY.obis(), MIDNIGHT.plusSeconds(1_800), Optional.empty())
                    .orElseThrow();
            assertEquals(Optional.empty(), trace.reading());
            assertEquals(1, trace.messageNumber());
            assertEquals(1, trace.revisions().size());

            swap(fixture, leaving, leavingMore);
            assertCounts(done(fixture, fixture.intake.start(all(true))), 1, 0, 1, 1);
            assertEquals(List.of(energy(0, 5), energy(1, 6)), values(fixture, "m1"));
            assertEquals(List.of(), values(fixture, "m3"));
            assertEquals(List.of(), fixture.intake.latest("m3"));
            accepted(fixture, "m3", "4=9");
            fixture.intake.settle();
            assertEquals(List.of(energy(4, 9)), values(fixture, "m3"));
        }
    }

    @Test
    void theFirstValueOfAKeyStaysThatOfItsMessage() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5");
            accepted(fixture, "m1", "0=9");
            swap(fixture, wrong, right);
            assertCounts(done(fixture, fixture.intake.start(all(true))), 0, 1, 0, 0);
            assertEquals(List.of(energy(0, 5)), values(fixture, "m1"));
            assertEquals(1, fixture.today("m1").get(0).message());
        }
    }

    @Test
    void whatTheCodecNowRefusesKeepsItsValues() throws Exception {
        try (IntakeFixture fixture = with(right)) {
            accepted(fixture, "m1", "0=5");
            swap(fixture, right, new Refusing());
            ReplayStatus status = done(fixture, fixture.intake.start(all(true)));
            assertCounts(status, 0, 0, 0, 0);
            assertEquals(1, status.rejected());
            fixture.intake.unbindCodec(fixture.codec);
            assertEquals(List.of(energy(0, 5)), values(fixture, "m1"));
        }
    }

    @Test
    void aReplayThatBrokeOffIsStartedAgainAndNothingIsHalfDone() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5;1=6");
            fixture.intake.settle();
            swap(fixture, wrong, right);
            store.failingSettle = true;
            ReplayStatus failed = done(fixture, fixture.intake.start(all(true)));
            assertEquals(State.FAILED, failed.state());
            assertEquals("no space left on device", failed.failure());
            assertEquals(List.of(energy(0, 50), energy(1, 60)), values(fixture, "m1"));
            store.failingSettle = false;
            store.failingAfterSettle = true;
            assertEquals(
                    State.FAILED, done(fixture, fixture.intake.start(all(true))).state());
            store.failingAfterSettle = false;
            assertCounts(done(fixture, fixture.intake.start(all(true))), 2, 0, 0, 0);
            assertEquals(List.of(energy(0, 5), energy(1, 6)), values(fixture, "m1"));
            assertEquals(
                    2,
                    fixture.intake
                            .revisions("m1", Optional.empty(), MIDNIGHT, NOW, 100)
                            .size());
        }
    }

    @Test
    void aPreviewIsNotAppliedByOtherCodecsThanThoseItWasMadeWith() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5");
            swap(fixture, wrong, right);
            ReplayStatus preview = done(fixture, fixture.intake.start(all(false)));
            Codec third = new ScaledCodec("3", 2);
            swap(fixture, right, third);
            String refused = assertThrows(IllegalStateException.class, () -> fixture.intake.applyReplay(preview.id()))
                    .getMessage();
            assertTrue(refused.contains("was scaled 2 in the preview and is scaled 3 now"), refused);
            assertThrows(IllegalArgumentException.class, () -> fixture.intake.applyReplay(99));
            ReplayStatus applied = done(fixture, fixture.intake.start(all(true)));
            assertThrows(IllegalStateException.class, () -> fixture.intake.applyReplay(applied.id()));
        }
    }

    @Test
    void onlyMessagesReceivedInTheSpanAreDecodedAgain() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5");
            swap(fixture, wrong, right);
            for (Instant from : List.of(NOW.plusMillis(1), NOW.minusSeconds(10))) {
                ReplayRequest span = new ReplayRequest(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(from),
                        Optional.of(from.plusSeconds(10)),
                        false,
                        "",
                        "");
                assertEquals(0, done(fixture, fixture.intake.start(span)).frames());
            }
            assertEquals(1, done(fixture, fixture.intake.start(all(false))).frames());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> fixture.intake.start(new ReplayRequest(
                            Optional.empty(),
                            Optional.of("unheard"),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            "",
                            "")));
        }
    }

    @Test
    void aTraceShowsBytesFieldsCodecAndWhatBecameOfTheValue() throws Exception {
        try (IntakeFixture fixture = with(wrong)) {
            accepted(fixture, "m1", "0=5;1=6");
            Trace before = fixture.intake
                    .trace("m1", ENERGY.obis(), MIDNIGHT.plusSeconds(1_800), Optional.of(Duration.ofMinutes(30)))
                    .orElseThrow();
            assertEquals(Optional.of(energy(1, 60)), before.reading());
            assertEquals(
                    "0=5;1=6", new String(before.message().orElseThrow().frame().bytes()));
            assertEquals("1", before.message().orElseThrow().codecVersion());
            assertEquals("scaled 1", before.codec() + " " + before.codecVersion());
            assertEquals(List.of(Field.of(0, 3, "half-hour 0: 5"), Field.of(4, 3, "half-hour 1: 6")), before.fields());
            swap(fixture, wrong, right);
            Trace between = fixture.intake
                    .trace("m1", ENERGY.obis(), MIDNIGHT, Optional.empty())
                    .orElseThrow();
            assertEquals("1", between.message().orElseThrow().codecVersion());
            assertEquals("2", between.codecVersion());
            assertEquals(Optional.of(energy(0, 5)), between.again());
            assertEquals(Optional.of(energy(0, 50)), between.reading());
            done(fixture, fixture.intake.start(all(true)));
            Trace after = fixture.intake
                    .trace("m1", ENERGY.obis(), MIDNIGHT, Optional.empty())
                    .orElseThrow();
            assertEquals("2", after.message().orElseThrow().codecVersion());
            assertEquals("wrong scale (scaled 2)", after.revisions().get(0).why());
            assertEquals(
                    Optional.empty(),
                    fixture.intake.trace("m1", ENERGY.obis(), MIDNIGHT.plusSeconds(1), Optional.empty()));
            assertEquals(
                    Optional.empty(), fixture.intake.trace("m1", ENERGY.obis(), MIDNIGHT, Optional.of(Duration.ZERO)));
        }
    }

    /** A codec that takes nothing any more. */
    private static final class Refusing implements Codec {
        @Override
        public String name() {
            return "scaled";
        }

        @Override
        public String version() {
            return "9";
        }

        @Override
        public java.util.Set<String> contentTypes() {
            return java.util.Set.of(ScaledCodec.TYPE);
        }

        @Override
        public org.meterway.api.codec.Decoded decode(
                org.meterway.api.codec.Frame frame, org.meterway.api.codec.DecodeContext context)
                throws org.meterway.api.codec.FrameRejectedException {
            throw new org.meterway.api.codec.FrameRejectedException("everything", 0, "is refused");
        }
    }
}
